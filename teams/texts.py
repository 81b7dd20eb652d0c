"""Which columns hold what somebody may have written: every text column of our own apps, those of models written
tomorrow too, but for those listed with a reason."""

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from teams.carried import SHORTEST

OURS = ["teams", "backlog", "sprints", "research", "config"]

KEEPS = {  # app.Model.field → why nobody's words are in it
    "research.Observation.text": "the row itself is deleted; other people may have said the same",
    "research.Observation.by_name": "the name of a colleague",
    "research.Observation.consent": "the same word in every row",
    "research.Session.code": "the code is what a tombstone keeps",
    "teams.User.name": "who somebody is, in every programme",
    "teams.User.password": "a hash",
    "teams.Submission.answer": "an address of ours",
    "teams.Session.session_data": "signed, and gone after half a day",
    "teams.Session.browser": "what a browser calls itself",
}


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
    """An address is written to and compared, and nobody's sentence."""
    text = isinstance(field, models.CharField | models.TextField)
    text = text and not isinstance(field, models.SlugField | models.EmailField)
    return text and not field.choices and (field.max_length or 10_000) >= SHORTEST and not field.unique
