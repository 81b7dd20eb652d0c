"""Rules of the house that import-linter cannot see."""

from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps

LAYERS = ["teams", "backlog", "sprints", "research", "config"]  # each may use those before it
HOUSE = Path(__file__).parent.parent


def level(model):
    label = model._meta.app_label
    return LAYERS.index(label) if label in LAYERS else -1


def own_models():
    return [model for model in apps.get_models(include_auto_created=True) if level(model) >= 0]


@pytest.mark.parametrize("model", own_models(), ids=lambda model: model._meta.label)
def test_no_key_points_upwards(model):
    upwards = [
        field.name for field in model._meta.get_fields() if field.concrete and field.is_relation
        and field.related_model and level(field.related_model) > level(model)
    ]  # fmt: skip

    assert not upwards


def test_nobody_listens_to_signals():
    files = chain.from_iterable((HOUSE / layer).rglob("*.py") for layer in LAYERS)

    assert not [path for path in files if "django.dispatch" in path.read_text()]


@pytest.mark.parametrize("layer", LAYERS)
def test_templates_are_found_where_the_view_is(layer):
    """`backlog/views/score.py` renders `backlog/…`: one name, four places."""
    elsewhere = [
        (path.name, line.strip())
        for path in (HOUSE / layer / "views").glob("*.py")
        for line in path.read_text().splitlines()
        if "render(request, " in line and '.html"' in line and f'"{layer}/' not in line
    ]

    assert not elsewhere
