"""What is asked: the pages and acts of the product on one programme, and the floor beside them."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

from backlog import listing
from backlog.keyset import PAGE, cursor_at
from backlog.models import Comment
from research.models.playback import MOST_ITEMS
from tests.bench import sprint
from tests.bench.seed import TALK, Seeded


@dataclass(frozen=True)
class Ask:
    path: str
    data: dict | None = None  # a POST by htmx, if there is any


@dataclass
class Target:
    """Something to be asked for again and again. `asks` never ends, and never asks for the same change twice."""

    name: str
    asks: Iterator[Ask] = field(repr=False)
    size: int
    site: str = "product"
    floor: str = "(c)"  # what its cost is compared with

    def __hash__(self):
        return hash((self.site, self.name, self.size))


LIST, MIDDLE, LAST = "list, first page", "list, middle page", "list, last page"
ITEM, SCORE, MOVE = f"opportunity, {TALK} comments", "score one", "move one"
FILTERS = {
    "filtered by status": {"status": "backlog"},
    "filtered by a rare status": {"status": "parked"},
    "filtered by theme": {"theme": None},
    "filtered by stage": {"stage": None},
    "filtered: not scored": {"scored": "no"},
    "filtered: must do": {"must": "yes"},
    "sorted by score": {"sort": "score"},
    "sorted by value": {"sort": "value"},
    "sorted by evidence": {"sort": "evidence"},
    "newest first": {"sort": "newest"},
    "by stage": {"view": "stage"},
}
BOARD, CARD, STORIES = f"board, {sprint.CARDS} cards", "move a card", f"stories, {sprint.STORIES:,}"
PLAYBACK = f"playback, {MOST_ITEMS} items"
SEARCHES = ("search, rare word", "search, common word", "list, rare word", "list, common word")


def floor(seeded: Seeded) -> list[Target]:
    ranks = seeded.team.opportunities.ranked().values_list("rank", flat=True)
    middle = urlencode({"after": ranks[ranks.count() // 2]})
    changes = (Ask(f"/change/{row}/", {"value": value}) for row, value, _ in scores(seeded))
    return [
        Target("(a)", itertools.repeat(Ask("/empty/")), seeded.size, "floor"),
        Target("(c)", itertools.repeat(Ask(f"/rows/{seeded.team.slug}/?{middle}")), seeded.size, "floor"),
        Target("(d2)", changes, seeded.size, "floor", "(d2)"),
        Target("(board)", itertools.repeat(Ask(f"/board/{seeded.team.slug}/")), seeded.size, "floor", "(board)"),
    ]


def product(seeded: Seeded) -> list[Target]:
    """Everything whose growth is watched."""
    team = seeded.team
    list_url = f"/teams/{team.slug}/opportunities/"
    talked_of = Comment.objects.filter(opportunity__team=team, opportunity__number=1).first().opportunity
    pages = {
        LIST: list_url,
        MIDDLE: f"{list_url}?page={cursor_into(team, seeded.size // 4)}",
        LAST: f"{list_url}?page={cursor_into(team, None)}",
        **{name: f"{list_url}?{urlencode(chosen(team, query))}" for name, query in FILTERS.items()},
        SEARCHES[0]: f"/search/?q={seeded.rare}",
        SEARCHES[1]: f"/search/?q={seeded.common}",
        SEARCHES[2]: f"{list_url}?q={seeded.rare}",
        SEARCHES[3]: f"{list_url}?q={seeded.common}",
        ITEM: talked_of.get_absolute_url(),
    }
    return [
        *(Target(name, itertools.repeat(Ask(url)), seeded.size) for name, url in pages.items()),
        Target(SCORE, score_asks(seeded), seeded.size, floor="(d2)"),
        Target(MOVE, move_asks(seeded), seeded.size, floor="(d2)"),
    ]


def of_team(seeded: Seeded) -> list[Target]:
    """What there is once: the board of a team, a card that crosses it and comes back, a backlog of stories, and a
    playback."""
    team_url = f"/teams/{seeded.team.slug}"
    return [
        Target(BOARD, itertools.repeat(Ask(f"{team_url}/sprints/1/")), seeded.size, floor="(board)"),
        Target(CARD, card_asks(seeded, f"{team_url}/sprints/1"), seeded.size, floor="(d2)"),
        Target(STORIES, itertools.repeat(Ask(f"{team_url}/stories/")), seeded.size),
        Target(PLAYBACK, itertools.repeat(Ask(seeded.team.playbacks.get().get_absolute_url())), seeded.size),
    ]


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


def card_asks(seeded, sprint_url):
    cards = seeded.team.stories.filter(state="ready", commitments__held=True).values_list("reference", flat=True)
    for was, to in itertools.cycle([("ready", "in_progress"), ("in_progress", "ready")]):
        for reference in cards:
            yield Ask(f"{sprint_url}/cards/{reference}/move/", {"to": to, "where": "top", "seen": was})


def move_asks(seeded):
    """From anywhere to anywhere. A page shows fifty rows, but the four ways to move reach every place."""
    references = list(seeded.team.opportunities.ranked().values_list("reference", flat=True)[1::2])
    chance = random.Random(seeded.size)
    while True:
        moved, other = chance.sample(references, 2)
        yield Ask(f"/opportunities/{moved}/move/", {"to": "before", "other": other})
