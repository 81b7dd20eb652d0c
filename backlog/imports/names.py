"""The themes, services and stages a file may name: those that exist, and those it brings."""

from django.db.models import Max
from django.utils.text import slugify

from backlog.models import Journey, Stage

from .cells import plain
from .check import CREATE, Names


def names_of(run) -> Names:
    known = {}
    for kind, pairs in named(run.team).items():
        known[kind] = {}
        for pk, name in pairs:
            known[kind].setdefault(plain(name), pk)
    return Names(known, run.choices)


def named(team) -> dict[str, list[tuple[int, str]]]:
    """{kind: [(id, name)]}: what a name in the file may stand for."""
    rows = {
        "themes": team.programme.themes.filter(archived_at=None),
        "services": team.programme.services.filter(archived_at=None),
        "stage": stages_of(team),
    }
    return {kind: [(one.pk, one.name) for one in found] for kind, found in rows.items()}


def stages_of(team):
    """Of the journeys as they are first: a stage of the same name stands in both."""
    return Stage.objects.filter(journey__team=team, journey__archived_at=None).order_by("journey__kind", "pk")


def make_new(run) -> dict[str, dict[str, int]]:
    """Create what the run was told to create; {kind: {"new:Name": id}}. What exists by now is used as it is."""
    known = names_of(run).known
    made = {"themes": {}, "services": {}, "stage": {}}
    run.made = {"themes": [], "services": [], "stage": []}
    for kind, choices in run.choices.items():
        for key, choice in choices.items():
            if choice == CREATE and key in run.unknown.get(kind, {}):
                name = run.unknown[kind][key][0]
                made[kind][f"new:{name}"] = known[kind].get(key) or _make(run, kind, name)
    return made


def _make(run, kind, name):
    if kind == "stage":
        one = _add_stage(run, name)
    elif kind == "themes":
        last = run.team.programme.themes.aggregate(last=Max("position"))["last"] or 0
        one = run.team.programme.themes.create(name=name, position=last + 1)
    else:
        one = run.team.programme.services.create(name=name)
    run.made[kind].append(one.pk)
    return one.pk


def _add_stage(run, name):
    journeys = Journey.objects.filter(team=run.team, archived_at=None)
    journey = journeys.order_by("kind", "pk").first() or _add_journey(run)
    last = journey.stages.aggregate(last=Max("position"))["last"] or 0
    return journey.stages.create(name=name, position=last + 1)


def _add_journey(run):
    name = f"{run.team.name} journey"
    journey = Journey.objects.create(team=run.team, name=name, slug=slugify(name))
    run.made["journey"] = [journey.pk]
    return journey
