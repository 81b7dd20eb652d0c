"""What the page of a review shows: where the room is, the item, what others said, and what it would do."""

from django.db.models import Count, F, Q
from django.db.models.functions import Abs

from backlog import scoring
from backlog.models import Opportunity, Order, ReviewSession, State, places
from backlog.review_forms import OUTCOMES, DecisionForm, SilentForm
from backlog.spread import Spread
from backlog.ticks import ticks
from teams.models import Change

MOST_SUGGESTED = 100
MOST_COMMENTS = 3


def room(request, session, item=None, *, form=None, silent=None) -> dict:
    """The whole page for one person: those who record get the form, everyone else scores silently."""
    at = item if item and item.pk == session.current_id and item.is_left else session.here()
    context = outline(session, item) | {
        "records": session.records,
        "at": at,
        "news": news_of(session, at),
        "mistakes": form or silent,
        "done": done(session, request.GET.get("done")),
        "takes_focus": request.htmx and "X-Polling" not in request.headers,
    }
    if item is None:
        return context
    context |= others(session, item, request.user) | {
        "services": list(item.opportunity.services.all()),
        "last_change": Change.objects.about(item.opportunity).first() if item.is_elsewhere else None,
        "last_step": None if session.is_running else Change.objects.about(session).first(),
    }
    if session.records and (session.is_running or form) and not item.is_elsewhere:
        form = form or DecisionForm(None, item=item, by=request.user)
        context |= {
            "form": form,
            "themes": list(form.fields["themes"].queryset.values_list("pk", "name")),
            "outcomes": OUTCOMES,
            "would": would(item.opportunity, *scores_in(form)),
            "suggested": suggested(item),
        }
    elif not session.records and context["may_score"]:
        context["silent"] = silent or SilentForm(None, sizes=session.sizes, initial=own_score(context["mine"]))
    return context


def outline(session, item=None) -> dict:
    """The header that stands over every page of a review."""
    items = list(session.items.for_outline())
    return {
        "session": session,
        "team": session.team,
        "counts": ReviewSession.objects.with_counts().get(pk=session.pk),
        "ticks": ticks(items, item),
        "items": items,
        "item": item,
    }


def others(session, item, user) -> dict:
    """What others said: comments, and silent scores once they are shown."""
    scores = list(item.silent_scores.select_related("user"))
    mine = next((score for score in scores if score.user_id == user.pk), None)
    comments = item.opportunity.comments.order_by("-at", "-pk")
    return {
        "scores": scores if item.revealed_at else [],
        "spread": Spread.of(scores) if item.revealed_at else None,
        "scored": len(scores),
        "mine": mine,
        "may_score": session.is_running and item.is_left and not item.revealed_at,
        "comments": list(comments[:MOST_COMMENTS]),
    }


def news_of(session, at) -> str:
    """What a page was made from; `at` is where the room is. It changes when there is something new to see.

    Those who only follow are not told of each other's scores: the news would take away what they are choosing.
    """
    scored = f".{at.silent_scores.count()}" if at and session.records else ""
    return f"{session.version}.{at.pk if at else 0}{scored}"


def own_score(mine):
    return {"value": mine.value, "size": mine.size} if mine else {}


def scores_in(form):
    """The value and size a form shows, whoever put them there; None for what is not on the scale."""
    return tuple(
        next((mark for mark in marks if str(mark) == str(form[name].value())), None)
        for name, marks in (("value", scoring.VALUES), ("size", scoring.SIZES))
    )


def would(opportunity, value, size) -> dict:
    """What a value and a size would make of it: score, quadrant and its place in the programme backlog."""
    score = scoring.score(value, size)
    if score is None:
        return {}
    asked = Opportunity(pk=opportunity.pk, programme_id=opportunity.programme_id, created_at=opportunity.created_at)
    asked.merit = scoring.merit(value, size, must_do=bool(opportunity.must_do), evidence=opportunity.evidence)
    place, of = places.place_by_score(asked)
    quadrant = scoring.quadrant(value, size)
    return {"value": value, "size": size, "score": score, "quadrant": quadrant, "place": place, "of": of}


def suggested(item):
    """What it could be merged into: others of its team, those of the nearest stages first."""
    thing = item.opportunity
    rows = Opportunity.objects.filter(team=thing.team_id).exclude(state=State.MERGED).exclude(pk=thing.pk)
    nearest = rows.order_by(Abs(F("stage_position") - thing.stage_position), "number")
    return nearest.values_list("reference", "title")[:MOST_SUGGESTED]


def ready_by_team(teams) -> list:
    """(team, how many of its opportunities are ready to review)"""
    ready = Count("opportunities", filter=Q(opportunities__state=State.READY))
    return [(team, team.ready) for team in teams.annotate(ready=ready)]


# --- What has just happened, in a sentence. It stands in the address, so that the page can be asked for again.


def said(session, what, item, *, at=None) -> str:
    """The address that shows the page and says what was done to `item`."""
    return f"{at or session.get_absolute_url()}?done={what}.{item.position}"


def done(session, asked) -> dict:
    """The sentence an address asks for, and the item whose decision can be taken back."""
    what, _, position = (asked or "").partition(".")
    if what not in SENTENCES or not position.isdecimal() or len(position) > 6:
        return {}
    item = session.items.for_page().filter(position=int(position)).first()
    if item is None or (what == "saved" and not item.is_reviewed):
        return {}
    if what == "saved":
        return {"words": result(item), "undo": item} | place(item.opportunity)
    words = SENTENCES[what].format(item.opportunity.reference)
    kept = f" What you chose for {item.opportunity.reference} is kept with it, and not saved yet." if item.draft else ""
    return {"words": words + (kept if what in ("skipped", "paused", "waiting") else "")}


def place(opportunity) -> dict:
    """Where it stands in the programme backlog, when it is there."""
    order = Order(programme_id=opportunity.programme_id)
    return {"place": places.place_of(opportunity), "of": order.items().count()} if opportunity.rank else {}


SENTENCES = {
    "saved": "",
    "skipped": "{} skipped. It comes back at the end.",
    "kept": "What you chose for {} is kept, and not saved yet.",
    "paused": "Paused. The review goes on from here when it is resumed.",
    "waiting": "The review was paused meanwhile, so nothing is recorded yet. Resume it to save.",
    "shown": "Everyone can see the scores of {} now.",
    "scored": "Your score of {} is kept. Others see it when the scores are shown.",
    "undone": "{} is ready to review again, as it was before.",
}


def result(item) -> str:
    """What a decision did."""
    thing, note = item.opportunity, item.decided["note"]
    if item.outcome != State.TAKE_FORWARD:
        return RESULTS[item.outcome].format(thing.reference, note)
    return f"{thing.reference} scored {thing.value} ÷ {thing.size} = {thing.score} and taken forward."


RESULTS = {
    State.PARKED: "{} parked: {}.",
    State.WONT_DO: "{} won’t be done: {}.",
    State.MERGED: "{} merged into {}, which now counts its evidence.",
    State.NEEDS_EVIDENCE: "{} needs evidence: {}",
}


def chosen(form) -> list:
    """(name, words) for each thing a person chose, as they would say it."""
    form.full_clean()
    given = form.cleaned_data
    found = [
        ("Themes", ", ".join(theme.name for theme in given.get("themes", []))),
        ("Value", given.get("value")),
        ("Size", scoring.SIZES.get(given.get("size"))),
        ("Outcome", dict(OUTCOMES).get(given.get("outcome"))),
        ("Reason", given.get("reason")),
        ("Until", given.get("until")),
        ("Question", given.get("question")),
        ("Merge into", given.get("into")),
    ]
    return [(name, words) for name, words in found if words]


def happened_since(item, stamp):
    """What others did to the item and its opportunity since a form was made."""
    version = stamp.rpartition(".")[2]
    missed = item.opportunity.version - int(version) if version.isdigit() else 1
    changes = list(Change.objects.about(item.opportunity)[: max(missed, 0)])
    return changes or list(Change.objects.about(item.session)[:1])
