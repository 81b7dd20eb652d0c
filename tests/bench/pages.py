"""What is asked of opportunities: the pages and acts of one programme, and the floor beside them."""

import itertools
import random
from urllib.parse import urlencode

from backlog import listing
from backlog.keyset import PAGE, cursor_at
from backlog.models import Comment
from tests.bench.seed import TALK, Seeded
from tests.bench.targets import FILTERED, FLAT, SEARCHED, Ask, Goal, Target

LIST, MIDDLE, LAST = "list, first page", "list, middle page", "list, last page"
ITEM, SCORE, MOVE = f"opportunity, {TALK} comments", "score one", "move one"
FILTERS = {
    "filtered by status": {"status": "backlog"},
    "filtered by a rare status": {"status": "parked"},
    "filtered by theme": {"theme": None},
    "filtered by stage": {"stage": None},
    "filtered: not scored": {"scored": "no"},
    "not scored, by value": {"scored": "no", "sort": "value"},
    "filtered: must do": {"must": "yes"},
    "sorted by score": {"sort": "score"},
    "sorted by value": {"sort": "value"},
    "sorted by evidence": {"sort": "evidence"},
    "newest first": {"sort": "newest"},
    "by stage": {"view": "stage"},
}
G1 = Goal("G1", cpu=2.0, p50=1.9, growth=FLAT)
G3 = Goal("G3", cpu=1.2, growth=FLAT)
G4 = Goal("G4", cpu=1.5, growth=FLAT, statements=None)
G5 = Goal("G5", cpu=1.7, growth=FLAT, statements=12, rows=3, wal=8192, reply=5000)


def floor(seeded: Seeded) -> list[Target]:
    ranks = seeded.team.opportunities.ranked().values_list("rank", flat=True)
    middle = urlencode({"after": ranks[ranks.count() // 2]})
    changes = (Ask(f"/change/{row}/", {"value": value}) for row, value, _ in scores(seeded))
    asked = {
        "(a)": itertools.repeat(Ask("/empty/")),
        "(c)": itertools.repeat(Ask(f"/rows/{seeded.team.slug}/?{middle}")),
        "(d2)": changes,
    }
    return [Target(name, asks, seeded.size, floor=name, site="floor") for name, asks in asked.items()]


def targets(seeded: Seeded) -> list[Target]:
    """Everything whose growth is watched."""
    return [
        *(
            Target(name, itertools.repeat(Ask(address)), seeded.size, goal)
            for goal, pages in addresses(seeded)
            for name, address in pages.items()
        ),
        Target(SCORE, score_asks(seeded), seeded.size, G4, floor="(d2)"),
        Target(MOVE, move_asks(seeded), seeded.size, G5, floor="(d2)"),
    ]


def addresses(seeded: Seeded):
    """(what was promised, {name: address}) for pages that are read."""
    team, listed = seeded.team, f"/teams/{seeded.team.slug}/opportunities/"
    talked_of = Comment.objects.filter(opportunity__team=team, opportunity__number=1).first().opportunity
    yield (
        G1,
        {
            LIST: listed,
            MIDDLE: f"{listed}?page={cursor_into(team, seeded.size // 4)}",
            LAST: f"{listed}?page={cursor_into(team, None)}",
        },
    )
    yield G3, {ITEM: talked_of.get_absolute_url()}
    filters = {name: f"{listed}?{urlencode(chosen(team, query))}" for name, query in FILTERS.items()}
    yield Goal(growth=FILTERED), filters
    searches = {
        "search, rare word": f"/search/?q={seeded.rare}",
        "search, common word": f"/search/?q={seeded.common}",
        "list, rare word": f"{listed}?q={seeded.rare}",
        "list, common word": f"{listed}?q={seeded.common}",
    }
    yield Goal(growth=SEARCHED), searches


def chosen(team, query):
    """The first theme or stage of the place, where the query leaves open which."""
    firsts = {"theme": team.programme.themes.first(), "stage": team.journeys.first().stages.first()}
    return {name: value or firsts[name].pk for name, value in query.items()}


def cursor_into(team, offset):
    """The link that leads to the page `offset` rows down the list, or to its last page."""
    answers = listing.Filters({}.copy(), {"theme": {}, "stage": {}, "service": {}}).answers()
    segments = listing.segments(listing.narrow(team.opportunities.for_list(), answers), answers)
    ranked, rest = segments
    if offset is None:
        first, segment, offset = rest.after(None, backwards=True)[PAGE - 1], 1, team.next_number
    else:
        first, segment = ranked.after(None)[offset], 0
    return cursor_at(segments, segment, first, offset + 1, of=f"{team.slug}?")


def scores(seeded):
    """(reference, value, version): every item in turn, with another value each time round."""
    rows = seeded.team.opportunities.filter(state="take_forward", moved=False, number__lte=4000)
    references = list(rows.order_by("number").values_list("reference", flat=True))[::2]
    for turn in itertools.count(1):
        for place, reference in enumerate(references):
            yield reference, (1, 2, 3, 5, 8)[(turn + place) % 5], turn


def score_asks(seeded):
    for reference, value, version in scores(seeded):
        yield Ask(f"/opportunities/{reference}/score/", {"value": value, "size": 3, "version": version})


def move_asks(seeded):
    """From anywhere to anywhere. A page shows fifty rows, but the four ways to move reach every place."""
    references = list(seeded.team.opportunities.ranked().values_list("reference", flat=True)[1::2])
    chance = random.Random(seeded.size)
    while True:
        moved, other = chance.sample(references, 2)
        yield Ask(f"/opportunities/{moved}/move/", {"to": "before", "other": other})
