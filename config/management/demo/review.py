"""The review of the 52 housing opportunities, paused after 24 of them, and what was said beside it."""

import datetime as dt

from backlog.models import Comment, Decision, Opportunity, ReviewSession, State
from config.management.demo.clock import at
from config.management.demo.content import table, tree
from config.management.demo.days import Days
from config.management.demo.opportunities import size
from teams.models import Team, User

REVIEWED = 24
MINUTES = 61
PARKED_FOR = dt.timedelta(days=90)


def load(days: Days):
    team = Team.objects.get(slug="housing")
    owner = User.objects.get(email="imani@ambleford.example")
    silent = tree("talk")["silent"]
    people = list(User.objects.filter(email__in=silent["people"]))
    people.sort(key=lambda person: silent["people"].index(person.email))
    with at(days.back(2, 16, 5)):
        review = ReviewSession.objects.prepare(
            team, "Housing discovery review", by=owner, attendees=[owner, *people], minutes=120
        )
    began = days.back(1, 10)
    with at(began):
        review.start(by=owner)
    for number, row in enumerate(table("housing")[:REVIEWED], 1):
        with at(began + dt.timedelta(minutes=2.5 * number)):
            item = review.here()
            score_silently(item, silent, people)
            item.decide(decision(row, days), by=owner)
    with at(began + dt.timedelta(minutes=MINUTES)):
        score_silently(review.here(), silent, people)
        review.pause(by=owner)
    load_comments(days)


def score_silently(item, silent, people):
    for person, scores in zip(people, silent["scores"].get(str(item.position), []), strict=False):
        item.score_silently(person, *[*scores, None][:2])


def decision(row, days) -> Decision:
    outcome, note = State(row["outcome"]), row["note"]
    return Decision(
        outcome,
        value=int(row["value"]) if row["value"].isdigit() else None,
        size=size(row["size"]),
        reason=note if outcome in (State.PARKED, State.WONT_DO) else "",
        until=days.today + PARKED_FOR if outcome == State.PARKED else None,
        question=note if outcome == State.NEEDS_EVIDENCE else "",
        target=Opportunity.objects.get(reference=f"HOU-{int(note[1:])}") if outcome == State.MERGED else None,
    )


def load_comments(days):
    last = None
    for minutes, said in enumerate(tree("talk")["comment"]):
        with at(days.back(1, 14) + dt.timedelta(minutes=9 * minutes)):
            opportunity = Opportunity.objects.get(reference=said["about"])
            by = User.objects.get(email=said["by"])
            last = Comment.objects.say(opportunity, said["text"], by=by, answers=last if said.get("answers") else None)
