"""The summary of a review: what was decided, where the room disagreed, and what to work on next."""

from collections import Counter

from backlog import scoring
from backlog.models import Opportunity, State
from backlog.spread import Spread

TOP = 10
MOST_DISAGREEMENTS = 5
OUTCOME_WORDS = {
    State.TAKE_FORWARD: "Take forward",
    State.PARKED: "Park",
    State.WONT_DO: "Won’t do",
    State.MERGED: "Merge",
    State.NEEDS_EVIDENCE: "Needs evidence",
}


def summary(session) -> dict:
    items = list(session.items.for_summary())
    decided = [item for item in items if item.outcome and item.decided]
    taken = [item for item in decided if item.outcome == State.TAKE_FORWARD]
    outcomes = Counter(item.outcome for item in decided)
    quadrants = Counter(scoring.quadrant(item.decided["value"], item.decided["size"]) for item in taken)
    themes = Counter(name for item in taken for name in item.decided["themes"])
    return {
        "outcomes": [(words, outcomes[key]) for key, words in OUTCOME_WORDS.items()],
        "quadrants": [(quadrant, quadrants[quadrant]) for quadrant in scoring.QUADRANTS],
        "theme_counts": themes.most_common(),
        "taken_here": {item.opportunity_id for item in taken},
        "attendees": list(session.attendees.all()),
        "decided": decided,
        "disagreements": disagreements(items),
        "top": list(Opportunity.objects.filter(programme=session.team.programme_id).ranked()[:TOP]),
        "minutes_each": round(session.minutes_used / len(decided), 1) if decided and session.minutes_used else None,
    }


def disagreements(items):
    """(item, spread) where people stood two steps or more apart, farthest first."""
    wide = [(item, Spread.of(item.silent_scores.all())) for item in items if item.revealed_at]
    wide = [(item, spread) for item, spread in wide if spread.is_wide]
    return sorted(wide, key=lambda pair: -pair[1].steps)[:MOST_DISAGREEMENTS]
