"""Every form of the product, filled in as its page asks: what is sent beside its own fields changes nothing (P31), nor
does a key of another team's thing (P2), and what is sent twice is one (P23)."""

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from backlog.review_forms import DecisionForm
from teams.texts import OURS
from tests.doors.forms import forms_in_order

pytestmark = pytest.mark.django_db
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


@pytest.fixture
def forms(worlds_apart):
    mine, _, clients = worlds_apart
    known = forms_in_order(mine, clients)
    assert len({form.pattern for form in known}) > 100  # so that something is shown by them
    return [(form, clients[form.role]) for form in known]


class Columns:
    """All columns of our models: what is sent in their names, and how much of it stands in the database."""

    def __init__(self, theirs):
        self.sent = {"id": NUMBER, "is_staff": "on", "is_superuser": "on"}
        self.known = {"Team": theirs.team, "Programme": theirs.programme, "User": theirs.people["product_owner"]}
        self.keys, marked, rows = {}, [], []
        for model in (one for app in OURS for one in apps.get_app_config(app).get_models()):
            marks = [f"strpos(t::text, '{one}') > 0" for one in (WORD, NUMBER, DAY)]
            for field in model._meta.concrete_fields:
                key = self.key_of(field)
                self.sent[field.name] = self.sent[field.attname] = key or mark_of(field)
                if key:
                    self.keys[field.name] = self.keys[field.attname] = key
                    marks.append(f'"{field.column}" = {key}')
            rows.append(f"SELECT '{model._meta.label}', count(*) FROM {model._meta.db_table} t")
            marked.append(f"{rows[-1]} WHERE {' OR '.join(marks)}")
        self.marked, self.all = " UNION ALL ".join(marked), " UNION ALL ".join(rows)

    def key_of(self, field):
        """Of the other team's thing of this kind: it was made last."""
        if not field.is_relation:
            return None
        thing = self.known.get(field.related_model.__name__) or field.related_model._base_manager.order_by("pk").last()
        return thing and thing.pk

    def found(self) -> dict:
        return dict(self._counted(self.marked))

    def rows(self) -> dict:
        return {name: rows for name, rows in self._counted(self.all) if name not in TRACES}

    @staticmethod
    def _counted(statement):
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall()


def mark_of(field):
    return DAY if isinstance(field, models.DateField) else NUMBER if isinstance(field, models.IntegerField) else WORD


def test_p31_p23_a_form_takes_what_it_shows_and_takes_it_once(worlds_apart, forms):
    """Both in one test: to find the forms costs as much as to send them."""
    columns = Columns(worlds_apart[1])

    assert not list(taken_beside_its_own(forms, columns))
    assert not list(doubled(forms, columns))


def taken_beside_its_own(forms, columns):
    before = columns.found()
    for form, client in forms:
        own = form.fields | form.choices
        more = {name: sent for name, sent in columns.sent.items() if name not in own}
        more = {name: sent for name, sent in more.items() if name not in ON_ANOTHER_PAGE.get(form.pattern, ())}
        foreign = {name: columns.keys[name] for name in own if name in columns.keys}
        for sent in [form.fields | more] + [form.fields | foreign] * bool(foreign):
            with transaction.atomic():
                after = columns.found() if client.post(form.to, sent).status_code < 400 else before
                yield from ((form.to, form.role, name) for name, count in after.items() if count != before[name])
                transaction.set_rollback(True)


def doubled(forms, columns):
    for form, client in forms:
        with transaction.atomic():
            if form.pattern not in EACH_TIME and client.post(form.to, form.fields).status_code == 302:
                once = columns.rows()
                client.post(form.to, form.fields)
                yield from ((form.to, name) for name, rows in columns.rows().items() if rows != once[name])
            transaction.set_rollback(True)
