"""Puts answers back into a form of a finished page, whatever view and template made it."""

from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LEFT_ALONE = {"password", "file", "submit", "button", "image", "reset"}
CHOSEN = {"checkbox", "radio"}
OF_THE_TIME = {
    "key",
    "version",
    "as_read",
    "csrfmiddlewaretoken",
}  # hidden values that differ each time a form is shown


def fill(page: str, path: str, action: str, fields: dict[str, list[str]]) -> str | None:
    """The page with the form filled in that is sent to `action` and could have sent these fields; None without one."""
    found = _Controls(page)
    for form in found.forms:
        own = [one for one in found.controls if one.form == form]
        goes_to = urlsplit(urljoin(path, form.action)).path
        if form.posts and goes_to == action and _could_have_sent(fields, own):
            return _rewritten(page, own, {name: list(values) for name, values in fields.items()})
    return None


def _could_have_sent(fields, controls):
    """A page may have several forms to one address, told apart by what is hidden in them."""
    hidden = [one for one in controls if one.kind == "hidden" and one.name not in OF_THE_TIME]
    told_apart = all(one.attributes.get("value", "") in fields.get(one.name, []) for one in hidden)
    return told_apart and fields.keys() <= {one.name for one in controls}


def _rewritten(page, controls, left):
    """From the end to the beginning, so that places stay true; values of one name are handed out in order."""
    edits = [edit for one in controls if (edit := one.edit(left))]
    for start, end, text in sorted(edits, reverse=True):
        page = page[:start] + text + page[end:]
    return page


@dataclass(frozen=True)
class _Form:
    number: int
    id: str
    action: str
    posts: bool


@dataclass
class _Control:
    form: _Form
    tag: str
    attributes: dict
    name: str
    start: int
    end: int

    @property
    def kind(self):
        return self.attributes.get("type", "text") if self.tag == "input" else self.tag

    def edit(self, left):
        """(start, end, text) that makes it say what was answered; None where nothing is to be said."""
        if self.tag == "textarea":
            return (self.start, self.end, "\n" + escape(left[self.name].pop(0))) if left.get(self.name) else None
        if self.tag == "option":
            return self._marked("selected", self.attributes.get("value", "") in left.get(self.name, []))
        if self.kind in CHOSEN:
            return self._marked("checked", self.attributes.get("value", "on") in left.get(self.name, []))
        if self.tag == "input" and self.kind not in LEFT_ALONE and left.get(self.name):
            return self._tag(self.attributes | {"value": left[self.name].pop(0)})
        return None

    def _marked(self, mark, on):
        rest = {name: value for name, value in self.attributes.items() if name != mark}
        return self._tag(rest | ({mark: None} if on else {}))

    def _tag(self, attributes):
        words = (name if value is None else f'{name}="{escape(value)}"' for name, value in attributes.items())
        return self.start, self.end, f"<{' '.join([self.tag, *words])}>"


class _Controls(HTMLParser):
    """The forms of a page, and every control with the place where it stands."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.controls, self.by_id = [], [], {}
        self.form = self.select = self.textarea = None
        self.lines = [0]
        for line in page.split("\n"):
            self.lines.append(self.lines[-1] + len(line) + 1)
        self.feed(page)
        for one in self.controls:  # a control may name a form that stands elsewhere
            one.form = self.by_id.get(one.attributes.get("form"), one.form)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        start = self._here()
        end = start + len(self.get_starttag_text())
        name = attributes.get("name", "")
        if tag == "form":
            posts = attributes.get("method", "").lower() == "post"
            self.form = _Form(len(self.forms), attributes.get("id"), attributes.get("action", ""), posts)
            self.forms.append(self.form)
            self.by_id |= {self.form.id: self.form} if self.form.id else {}
        elif tag in ("input", "button"):
            self.controls.append(_Control(self.form, tag, attributes, name, start, end))
        elif tag == "select":
            self.select = _Control(self.form, tag, attributes, name, start, end)
            self.controls.append(self.select)
        elif tag == "option" and self.select:
            self.controls.append(_Control(self.form, tag, attributes, self.select.name, start, end))
        elif tag == "textarea":
            self.textarea = _Control(self.form, tag, attributes, name, end, end)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.textarea:
            self.textarea.end = self._here()
            self.controls.append(self.textarea)
            self.textarea = None

    def _here(self):
        line, column = self.getpos()
        return self.lines[line - 1] + column
