"""Which rows are a team's, and which its programme's, found by following keys."""

from functools import cache

from teams.models import Programme, Team


def rows_of(model, team):
    """(the team's, the others of its programme); letters and the like that belong to no team are in neither."""
    rows, none = model._base_manager.all(), model._base_manager.none()
    programme, own = way_to(Programme, model), way_to(Team, model)
    others = rows.filter(**{programme: team.programme_id}) if programme else none
    if not own:
        return none, others
    return rows.filter(**{own: team.pk}), others.exclude(**{own: team.pk})


@cache
def way_to(owner, model) -> str:
    """The shortest chain of keys from a row to its owner, such as "team__programme"; empty where there is none. A key
    that may be empty is followed where nothing else leads there."""
    return _way(owner, model, may_be_empty=False) or _way(owner, model, may_be_empty=True)


def _way(owner, model, *, may_be_empty) -> str:
    ways, seen = [("pk", model)] if model is owner else [("", model)], {model}
    for way, here in ways:
        if here is owner:
            return way
        for field in here._meta.concrete_fields:
            there = field.related_model
            if there and there not in seen and (may_be_empty or not field.null):
                seen.add(there)
                ways.append((f"{way}__{field.name}" if way else field.name, there))
    return ""
