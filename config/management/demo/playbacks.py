"""A playback that service leads are answering, and one that is closed."""

import datetime as dt

from backlog.models import Opportunity, Story
from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import DIVISION, Days
from research import playback_letters as letters
from research.models import Answer, Outcome, Part, Playback, Response, Result
from teams.calendar import next_working_day
from teams.models import Team, User

CLOSED_AFTER = 6  # working days


def load(days: Days):
    for told in tree("playbacks")["playback"]:
        playback, items = compose(told, days)
        answer(told, playback, items, days)
        if any("outcome" in one for one in told["item"]):
            close(told, playback, items, days)


def compose(told, days):
    team = Team.objects.select_related("programme").get(slug=told["team"])
    by = person(told["by"])
    reply_by = days.back(told["days_ago"], 9).date()
    for _ in range(told["reply_in"] + (1 if told["days_ago"] == 1 else 0)):
        reply_by = next_working_day(reply_by, DIVISION)
    with at(days.back(told["days_ago"], 15, 40)):
        words = {name: told[name] for name in ("title", "goal", "did", "next_steps")}
        playback = Playback.objects.compose(team, by=by, reply_by=reply_by, **words)
        items = {
            one["key"]: playback.add_item(Part[one["part"].upper()], by=by, **facts(one, team)) for one in told["item"]
        }
        playback.ask([person(email) for email in told["reviewers"]], by=by)
    with at(days.back(told["days_ago"], 16, 10)):
        playback.share(by=by)
        letters.invite(playback, playback.reviewers.current(), by=by)
    return playback, items


def facts(one, team) -> dict:
    given = {name: one[name] for name in ("headline", "words", "iteration", "kind") if name in one}
    if "opportunity" in one:
        given["opportunity"] = Opportunity.objects.get(reference=one["opportunity"])
    if "story" in one:
        given["story"] = Story.objects.get(team=team, need=one["story"])
    return given


def answer(told, playback, items, days):
    """Each reviewer in turn, on the evening of the day it was shared."""
    for hour, said in enumerate(told.get("response", []), 17):
        reviewer = playback.reviewers.get(user=person(said["by"]))
        answers = {key: (Answer.AGREE, "") for key in said.get("agree", [])}
        for kind in (Answer.QUESTION, Answer.DISAGREE):
            answers |= {key: (kind, words) for key, words in said.get(kind.value, {}).items()}
        for minute, (key, (kind, words)) in enumerate(answers.items()):
            with at(days.back(told["days_ago"], hour) + dt.timedelta(minutes=minute)):
                Response.objects.answer(reviewer, items[key], kind, words)


def close(told, playback, items, days):
    by = person(told["by"])
    outcomes = [outcome_of(one, items[one["key"]]) for one in told["item"]]
    with at(days.back(told["days_ago"] - CLOSED_AFTER, 14, 30)):
        playback.close(outcomes, by=by)
        letters.closed(playback, by=by)


def outcome_of(one, item) -> Outcome:
    story = Story.objects.get(team=item.team, need=one["taken_up_as"]) if "taken_up_as" in one else None
    return Outcome(item=item, result=Result(one["outcome"]), words=one.get("settled", ""), story=story)


def person(email) -> User:
    return User.objects.get(email=email)
