"""Taking somebody's words out of whatever kept them (domain.md §5): titles, comments, history, letters, undo, drafts.

Every text column of our own apps is gone through, those of models written tomorrow too; what may keep words for ever is
listed with a reason. Rows of other programmes are left alone: nobody carries words there, and the same ones in the same
order are their own.
"""

from functools import cache

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q

from teams.carried import SHORTEST, Words
from teams.models import Programme, Versioned

OURS = ["teams", "backlog", "sprints", "research", "config"]
AT_ONCE = 2000  # rows

KEEPS = {  # app.Model.field → why nobody's words are in it
    "research.Observation.text": "the row itself is deleted; other people may have said the same",
    "research.Session.code": "the code is what a tombstone keeps",
}


def take_out(sentences, instead, *, programme):
    """Put `instead` wherever these stand. Call it last in the transaction that deletes their source."""
    words = Words(sentences)
    if not words:
        return
    _say_that_words_go("yes")  # rows that never change give way to this alone
    for model, fields in columns().items():
        _take_out_of(model, fields, words, instead, programme)
    _say_that_words_go("no")


def columns() -> dict:
    """Each of our models with the columns in which words may stand."""
    found = {}
    for model in _ours():
        fields = [field for field in model._meta.concrete_fields if _may_hold_words(model, field)]
        if fields:
            found[model] = fields
    return found


def _ours():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def _may_hold_words(model, field) -> bool:
    if f"{model._meta.label}.{field.name}" in KEEPS or isinstance(field, models.GeneratedField):
        return False
    if isinstance(field, ArrayField):
        return _is_free_text(field.base_field)
    return isinstance(field, models.JSONField) or _is_free_text(field)


def _is_free_text(field) -> bool:
    text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.SlugField)
    return text and not field.choices and (field.max_length or 10_000) >= SHORTEST and not field.unique


def _take_out_of(model, fields, words, instead, programme):
    rows = rows_of(model, programme).order_by().values_list("pk", *(field.attname for field in fields))
    for pk, *values in rows.iterator(chunk_size=AT_ONCE):
        without = [words.taken_out(value, instead) for value in values]
        changes = {
            field.attname: _cut(field, new)
            for field, old, new in zip(fields, values, without, strict=True)
            if new != old
        }
        if changes and issubclass(model, Versioned):
            changes["version"] = F("version") + 1  # a form that was open before must not bring them back
        if changes:
            model._base_manager.filter(pk=pk).update(**changes)


def _cut(field, value):
    return value[: field.max_length] if isinstance(value, str) and field.max_length else value


def rows_of(model, programme):
    """Those of the programme, and those that belong to none, such as letters."""
    path = way_to_programme(model)
    rows = model._base_manager.all()
    return rows.filter(Q(**{path: programme}) | Q(**{f"{path}__isnull": True})) if path else rows


@cache
def way_to_programme(model) -> str:
    """The shortest chain of keys from a row to its programme, such as "team__programme"; empty where there is none."""
    ways, seen = [("pk", model)] if model is Programme else [("", model)], {model}
    for way, here in ways:
        if here is Programme:
            return way
        for field in here._meta.concrete_fields:
            there = field.related_model
            if there and there not in seen:
                seen.add(there)
                ways.append((f"{way}__{field.name}" if way else field.name, there))
    return ""


def _say_that_words_go(yes_or_no):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('throughline.takes_words_out', %s, true)", [yes_or_no])
