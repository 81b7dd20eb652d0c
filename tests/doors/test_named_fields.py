"""Only named fields change, and no field names another team's thing (P31, P2): every form that a page shows is sent
with all columns of all our models beside its own."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.urls import resolve

from backlog.review_forms import DecisionForm
from teams.redaction import OURS
from tests.doors.addresses import address, every_pattern
from tests.doors.test_roles import answer

pytestmark = pytest.mark.django_db
WRITERS = {"research": "researcher", "programmes/": "administrator", "": "product_owner", "teams/": "delivery_manager"}
WORD, NUMBER, DAY = "ZZMASS", 987_654, "1999-09-09"
ON_ANOTHER_PAGE = {  # of the same form, which asks for them when it turns out that they are needed
    "stories/<reference>/state/": ["comment"],
    "teams/<team>/reviews/<int:review>/items/<int:position>/decide/": DecisionForm.base_fields,
}


EACH_TIME = {  # a letter, which is what the button is for
    "programmes/<programme>/invitations/<int:pk>/<str:what>/",
    "teams/<team>/digest/test/",
}
TRACES = {"teams.Change", "teams.Attempts", "teams.Session"}


class Forms(HTMLParser):
    """(address, fields as a browser would send them) of each form of a page."""

    def __init__(self, page, where):
        super().__init__()
        self.found, self.where, self.form, self.select, self.area = [], where, None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        if tag == "form":
            self.form = {} if own.get("method", "").lower() == "post" else None
            self.found += [(own.get("action") or self.where, self.form)] * (self.form is not None)
        elif self.form is not None and tag == "option":
            if self.select and ("selected" in own or self.select not in self.form):
                self.form[self.select] = own.get("value", "")
        elif self.form is not None and own.get("name"):
            self.field(tag, own)

    def field(self, tag, own):
        name, kind = own["name"], own.get("type")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            self.area, self.form[name] = name, ""
        elif kind not in ("file", "submit", "checkbox", "radio") or "checked" in own:
            self.form[name] = own.get("value") or "on"

    def handle_data(self, words):
        if self.form is not None and self.area:
            self.form[self.area] += words

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag in ("select", "textarea"):
            self.select = self.area = None


def page_of(pattern, mine, clients):
    """As whoever may most there, and somebody else where that person may not: (role, page)."""
    for role in [role for part, role in WRITERS.items() if part in pattern]:
        page = answer(clients[role], "GET", address(pattern, mine))
        if page.status_code == 200 and page.get("Content-Type", "").startswith("text/html"):
            return role, page.text
    return None, ""


def forms_of(mine, clients):
    """(role, where to, pattern, fields) of each form, once for each set of fields that is sent to a pattern."""
    seen = set()
    for pattern in (one for one, _ in every_pattern() if not one.startswith("account/")):
        role, page = page_of(pattern, mine, clients)
        for to, fields in Forms(page, address(pattern, mine)).found:
            to = urlsplit(to).path or address(pattern, mine)
            kind = resolve(to).route, *sorted(fields)
            if kind not in seen and not to.startswith("/account/"):
                seen.add(kind)
                yield role, to, kind[0], fields


class Columns:
    """All columns of our models: what is sent in their names, and how much of it stands in the database."""

    def __init__(self, theirs):
        self.sent = {"id": NUMBER, "is_staff": "on", "is_superuser": "on"}
        self.known = {"Team": theirs.team, "Programme": theirs.programme, "User": theirs.people["product_owner"]}
        self.keys, counts = {}, []
        for model in (one for app in OURS for one in apps.get_app_config(app).get_models()):
            marks = [f"strpos(t::text, '{one}') > 0" for one in (WORD, NUMBER, DAY)]
            for field in model._meta.concrete_fields:
                key = self.key_of(field)
                self.sent[field.name] = self.sent[field.attname] = key or mark_of(field)
                if key:
                    self.keys[field.name] = self.keys[field.attname] = key
                    marks.append(f'"{field.column}" = {key}')
            label, table = model._meta.label, model._meta.db_table
            counts.append(f"SELECT '{label}', count(*) FILTER (WHERE {' OR '.join(marks)}), count(*) FROM {table} t")
        self.count = " UNION ALL ".join(counts)

    def key_of(self, field):
        """Of the other team's thing of this kind: it was made last."""
        if not field.is_relation:
            return None
        thing = self.known.get(field.related_model.__name__) or field.related_model._base_manager.order_by("pk").last()
        return thing and thing.pk

    def found(self) -> dict:
        return {name: marked for name, marked, _ in self._counted()}

    def rows(self) -> dict:
        return {name: rows for name, _, rows in self._counted() if name not in TRACES}

    def _counted(self):
        with connection.cursor() as cursor:
            cursor.execute(self.count)
            return cursor.fetchall()


def mark_of(field):
    return DAY if isinstance(field, models.DateField) else NUMBER if isinstance(field, models.IntegerField) else WORD


def test_p31_no_form_takes_more_than_it_shows(worlds_apart):
    mine, theirs, clients = worlds_apart
    columns = Columns(theirs)
    before, wrong, taken = columns.found(), [], 0

    for role, to, pattern, fields in forms_of(mine, clients):
        more = {name: sent for name, sent in columns.sent.items() if name not in ON_ANOTHER_PAGE.get(pattern, ())}
        own_keys = {name: columns.keys[name] for name in fields if name in columns.keys}
        for sent in [more | fields] + [fields | own_keys] * bool(own_keys):
            with transaction.atomic():
                status = clients[role].post(to, sent).status_code
                after = columns.found() if status < 400 else before
                wrong += [(to, role, name) for name, count in after.items() if count != before[name]]
                transaction.set_rollback(True)
            taken += status < 400

    assert not wrong
    assert taken > 60  # forms that were in order as they came


def test_p23_no_form_that_is_sent_twice_makes_two(worlds_apart):
    mine, theirs, clients = worlds_apart
    columns, doubled, taken = Columns(theirs), [], 0

    for role, to, _, fields in (form for form in forms_of(mine, clients) if form[2] not in EACH_TIME):
        with transaction.atomic():
            if clients[role].post(to, fields).status_code == 302:
                once = columns.rows()
                clients[role].post(to, fields)
                doubled += [(to, name) for name, rows in columns.rows().items() if rows != once[name]]
                taken += 1
            transaction.set_rollback(True)

    assert not doubled
    assert taken > 60
