"""The research of the demo: rounds, sessions with consent, notes, and what was learned from them."""

import datetime as dt
import uuid

from backlog.models import Opportunity, Story
from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import Days
from research import erasure, evidence
from research.models import Consent, Finding, Kind, Round, RoundState, Scope, Session, SessionState
from research.models.observation import read_lines
from teams.calendar import LOCAL
from teams.models import Team, User

WAY = [RoundState.FIELDWORK, RoundState.ANALYSIS, RoundState.SHARED]
LEARNED = 3  # working days before the day it is loaded, or soon after an older round


def load(days: Days):
    """Everything but what came of it in stories, which are added later."""
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    for content in tree("research")["round"]:
        load_round(content, people, days)


def load_stories(days: Days):
    """What the findings led to, once the stories are there."""
    for content in tree("research")["round"]:
        round_ = Round.objects.select_related("team__programme").get(team__slug=content["team"], name=content["name"])
        by = round_.created_by
        for said in (one for session in content["session"] for one in session.get("finding", []) if "story" in one):
            finding = round_.findings.get(statement=said["statement"])
            finding.team = round_.team
            with at(days.back(LEARNED, 15)):
                evidence.link_story(finding, Story.objects.get(reference=said["story"]), by=by)


def load_round(content, people, days):
    team = Team.objects.select_related("programme").get(slug=content["team"])
    by = people[content["by"]]
    with at(days.back(content["began"], 9, 40)):
        round_ = Round.objects.add(
            team,
            by=by,
            name=content["name"],
            questions=content["questions"],
            method=content["method"],
            groups="\n".join(content["groups"]),
            sheet_version=content["sheet"],
            sensitive=content.get("sensitive", False),
        )
        sessions = [plan(round_, said, people, days, by=by) for said in content["session"]]
        round_.become(RoundState.FIELDWORK, by=by)
        if "deleted_in" in content:
            round_.edit(by=by, delete_by=days.today + dt.timedelta(content["deleted_in"]))
    for session, said in zip(sessions, content["session"], strict=True):
        hold(session, said, days, by=by)
    finish(round_, content, days, by=by)


def plan(round_, said, people, days, *, by):
    return Session.objects.plan(
        round_,
        by=by,
        starts_at=starts_at(said, days),
        how_met=said["how"],
        place=said.get("place", ""),
        user_group=said["group"],
        access_needs=said.get("access", []),
        assisted_digital=said.get("assisted", False),
        age_band=said.get("age", ""),
        note_takers=[people[name] for name in said.get("takers", [])],
    )


def starts_at(said, days):
    if "ahead" in said:
        return dt.datetime.combine(days.today + dt.timedelta(said["ahead"]), dt.time(said["hour"]), LOCAL)
    return days.back(said["back"], said["hour"])


def hold(session, said, days, *, by):
    """Consent, then notes a minute or two apart; or whatever else became of it."""
    outcome = said.get("outcome")
    if outcome == "no_show":
        with at(session.starts_at + dt.timedelta(minutes=30)):
            session.become(SessionState.NO_SHOW, by=by)
    if outcome in ("no_show", "planned"):
        return
    with at(session.starts_at):
        scopes = [Scope.NOTES, Scope.OBSERVERS, Scope.QUOTES]
        session.record_consent(
            Consent.GIVEN, by=by, on=session.starts_at.date(), how="signed", scopes=scopes,
            sheet=session.round.sheet_version, kept="Consent forms, research safe",
        )  # fmt: skip
    takers = [*session.note_takers.order_by("email"), by]
    for number, line in enumerate(said["notes"]):
        with at(session.starts_at + dt.timedelta(minutes=4 + 7 * number)):
            session.note(read_lines(line, Kind.DID), by=takers[number % len(takers)], key=uuid.uuid4())
    for quote in session.observations.filter(kind=Kind.SAID) if said.get("quotable") else []:
        quote.session = session
        with at(days.back(said["back"] - 1, 16)):
            quote.set_shareable(True, by=by)
    if outcome == "withdrawn":
        with at(days.back(said["back"] - 2, 9, 5)):
            erasure.withdraw(session, by=by)


def finish(round_, content, days, *, by):
    """Findings, agreed a few days after the last session, and the round as far on as it is."""
    heard = min(one["back"] for one in content["session"] if "back" in one)
    with at(days.back(min(heard - 2, LEARNED) if heard < 100 else heard - 5, 11)):
        for number, said in enumerate(content["session"], 1):
            session = round_.sessions.get(code=f"P{number}")
            for learned in said.get("finding", []):
                learn(round_, session, learned, by=by)
        for state in WAY[1 : WAY.index(RoundState(content["state"])) + 1]:
            round_.become(state, by=by)


def learn(round_, session, said, *, by):
    opportunity = Opportunity.objects.filter(reference=said.get("opportunity", "")).select_related("stage").first()
    stages = list(round_.team.journeys.first().stages.all())
    place = said.get("stage")
    finding = Finding.objects.add(
        round_,
        by=by,
        statement=said.get("statement") or opportunity.title,
        kind=said.get("kind", "pain_point"),
        severity=said.get("severity"),
        stage=opportunity.stage if opportunity else stages[place - 1 if place > 0 else -1] if place else None,
    )
    notes = list(session.observations.in_order())
    evidence.group(finding, [notes[number] for number in said["rests"]], by=by)
    finding.agree(by=by)
    if opportunity:
        evidence.link(finding, opportunity, by=by)
