"""Blockers and the last two stand-ups, told as they happened."""

import datetime as dt

from django.utils import timezone

from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import DIVISION, Days
from sprints.models import Blocker, StandupEntry, TalkAfter
from teams.calendar import LOCAL, is_working_day, next_working_day
from teams.models import Team, User

NOT_BEFORE = dt.timedelta(minutes=1)  # nothing in the demo happens later than this before it is loaded


def load(days: Days):
    content = tree("daily")
    blockers = {}
    for one in content["blocker"]:
        blockers[one["title"]] = load_blocker(one, days)
    for entry in content["entry"]:
        load_entries(entry, blockers, days)
    for talk in content["talk"]:
        load_talk(talk, days)


def back(days, number, hour, minute=0):
    """A moment so many working days before the last one; at a weekend that is Friday."""
    last = 0 if is_working_day(days.today, DIVISION) else 1
    return min(days.back(number + last, hour, minute), timezone.now() - NOT_BEFORE)


def person(email):
    return User.objects.get(email=email)


def load_blocker(content, days):
    team = Team.objects.get(slug=content["team"])
    raised_by, number = person(content["raised_by"]), content["days"]
    facts = {name: content[name] for name in ("title", "needed", "category", "impact", "waiting_on")}
    with at(back(days, number, 8, 55)):
        story = team.stories.filter(need__icontains=content["holds_up"]).first() if "holds_up" in content else None
        risks = content.get("risks_goal", False)
        blocker = Blocker.objects.add(team, by=raised_by, story=story, risks_goal=risks, **facts)
    if "owner" in content:
        with at(back(days, number, 9, 40)):
            owner, given_by = person(content["owner"]), content.get("given_by")
            blocker.assign(owner, by=person(given_by)) if given_by else blocker.take(by=owner)
    for said in content.get("updates", []):
        with at(back(days, said["days"], 11, 20)):
            blocker.say(said["text"], by=person(said["by"]))
    go_on(blocker, content, days)
    return blocker


def go_on(blocker, content, days):
    if asked := content.get("escalated"):
        with at(back(days, asked["days"], 10, 5)):
            tomorrow = next_working_day(days.today, DIVISION)
            blocker.escalate(person(asked["to"]), asked["ask"], tomorrow, by=person(asked["by"]))
    if resolved := content.get("resolved"):
        with at(back(days, resolved["days"], 15, 30)):
            blocker.resolve(resolved["how"], by=person(resolved["by"]))


def load_entries(content, blockers, days):
    """The stand-up of the working day before, then the last one."""
    team, who, clock = Team.objects.get(slug=content["team"]), person(content["person"]), content["at"]
    earlier = {"did": content["earlier"], "doing": content["did"]}
    last = {"did": content["did"], "doing": content["doing"]}
    for number, words in ((1, earlier), (0, last)):
        moment = back(days, number, clock.hour, clock.minute)
        day = moment.astimezone(LOCAL).date()
        named = [blockers[title] for title in content.get("blocked", [])]
        still = [one for one in named if one.raised_on <= day]
        with at(moment):
            StandupEntry.objects.post(team, who, day, by=who, version=0, blockers=still, **words)


def load_talk(content, days):
    moment = back(days, 0, 9, 12)
    with at(moment):
        people = [person(email) for email in content["with"]]
        day = moment.astimezone(LOCAL).date()
        TalkAfter.objects.add(
            Team.objects.get(slug=content["team"]), day, content["text"], people, by=person(content["by"])
        )
