"""Every form that a page of the product shows, filled in until it is taken."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from urllib.parse import urlsplit

from django.db import transaction
from django.urls import resolve

from tests.doors.addresses import address, every_pattern
from tests.doors.test_roles import answer

WRITERS = {"research": "researcher", "programmes/": "administrator", "": "product_owner", "teams/": "delivery_manager"}
ROUNDS = 4  # of doing what the page asks for
GUESSES = {  # by what a field is called
    "email": "new@example.gov.uk",
    "address|link": "https://example.gov.uk/",
    "starts_on": "27/3/2099",
    ".*(_on|_by|until|_at)": "28/3/2099",
    "minutes|points|place|.*participants|days|size": "3",
    "prefix": "NEW",
}


@dataclass
class Form:
    to: str
    fields: dict = field(default_factory=dict)
    choices: dict = field(default_factory=dict)
    role: str = ""

    @cached_property
    def pattern(self):
        return resolve(self.to).route

    @property
    def kind(self):
        return self.pattern, *sorted(self.fields | self.choices)

    def fill(self, page) -> bool:
        """What its summary of mistakes leads to."""
        asked = {re.sub(r"_\d+$", "", name) for name in re.findall(r'href="#(?:id_)?(\w+)"', page)}
        wanted = [name for name in asked if name in self.fields or name in self.choices]
        self.fields |= {name: self.guess(name) for name in wanted}
        return bool(wanted)

    def guess(self, name):
        known = [value for value in self.choices.get(name, []) if value]
        words = (value for shape, value in GUESSES.items() if re.fullmatch(shape, name))
        return known[0] if known else next(words, "Something else to look at")


class Forms(HTMLParser):
    def __init__(self, page, where):
        super().__init__()
        self.found, self.where, self.form, self.select, self.area = [], where, None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        if tag == "form":
            to = urlsplit(own.get("action") or self.where).path or self.where
            self.form = Form(to) if own.get("method", "").lower() == "post" else None
            self.found += [self.form] * (self.form is not None)
        elif self.form and tag == "option" and self.select:
            self.choice(self.select, own.get("value", ""), "selected" in own or self.select not in self.form.fields)
        elif self.form and own.get("name"):
            self.field(tag, own["name"], own)

    def choice(self, name, value, is_chosen):
        self.form.choices.setdefault(name, []).append(value)
        if is_chosen:
            self.form.fields[name] = value

    def field(self, tag, name, own):
        if tag == "select":
            self.select = name
        elif own.get("type") in ("checkbox", "radio"):
            self.choice(name, own.get("value", "on"), "checked" in own)
        elif own.get("type") not in ("file", "submit"):
            self.area = name if tag == "textarea" else None
            self.form.fields[name] = own.get("value") or ""

    def handle_data(self, words):
        if self.form and self.area:
            self.form.fields[self.area] += words

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in ("select", "textarea"):
            self.select = self.area = None


def forms_in_order(mine, clients) -> list:
    """Those that are taken, each once for each set of fields that is sent to a pattern."""
    found = {}
    for pattern in (one for one, _ in every_pattern() if not one.startswith("account/")):
        role, page = page_of(pattern, mine, clients)
        for form in Forms(page, address(pattern, mine)).found:
            if form.kind not in found and not form.to.startswith("/account/"):
                form.role = role
                found[form.kind] = form if _is_taken(form, clients[role]) else None
    return [form for form in found.values() if form]


def page_of(pattern, mine, clients):
    """As whoever may most there, or somebody else where that person may not: (role, page)."""
    for role in [role for part, role in WRITERS.items() if part in pattern]:
        page = answer(clients[role], "GET", address(pattern, mine))
        if page.status_code == 200 and page.get("Content-Type", "").startswith("text/html"):
            return role, page.text
    return None, ""


def _is_taken(form, client) -> bool:
    for _ in range(ROUNDS):
        with transaction.atomic():
            response = client.post(form.to, form.fields)
            transaction.set_rollback(True)
        if response.status_code < 400:
            return True
        if not form.fill(response.text):
            return False
    return False
