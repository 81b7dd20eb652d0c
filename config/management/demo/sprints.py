"""Sprints: what became of the last ones, and those that are on their fourth of ten working days."""

import datetime as dt

from backlog.models import Story
from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import DIVISION, Days
from config.management.demo.stories import tick
from sprints.models import GoalCheck, Sprint
from sprints.models.board import move
from teams.calendar import LOCAL, is_working_day, next_working_day, previous_working_day
from teams.models import Team, User

LENGTH, TODAY_IS_DAY = 10, 4


def load(days: Days):
    content = tree("sprints")
    for sprint in content["closed"]:
        back = next(one["number"] for one in content["active"] if one["team"] == sprint["team"]) - sprint["number"]
        load_closed(sprint, calendar_of(days, back))
    for sprint in content["active"]:
        load_active(sprint, calendar_of(days, 0))


def calendar_of(days, sprints_back) -> list:
    """The ten working days of a sprint so many before the one that is on its fourth day now."""
    today = days.today
    day = today if is_working_day(today, DIVISION) else previous_working_day(today, DIVISION)
    for _ in range(TODAY_IS_DAY - 1 + LENGTH * sprints_back):
        day = previous_working_day(day, DIVISION)
    found = [day]
    while len(found) < LENGTH:
        found.append(next_working_day(found[-1], DIVISION))
    return found


def load_closed(content, days):
    team, owner = Team.objects.get(slug=content["team"]), person(content["by"])
    with at(moment(days, 1, 9, -30)):
        stories = [add(team, owner, one) for one in content["stories"]]
    sprint = begin(team, owner, content, days, stories)
    named = {story.title: story for story in [*stories, *carried(sprint)]}
    ends = [(one["done"], one["title"]) for one in content["stories"] + content.get("carried", []) if "done" in one]
    for minutes, (day, title) in enumerate(sorted(ends)):
        started = max(day - 2, 1)
        with at(moment(days, started, 10, minutes)):
            move(sprint, named[title].reference, "in_progress", by=owner)
        finish(sprint, named[title], owner, moment(days, day, 15, minutes))
    late = {named[one["title"]].reference: one["late"] for one in content["stories"] if "late" in one}
    with at(moment(days, LENGTH, 16, 30)):
        sprint.close(content["result"], content["note"], late, by=owner)


def load_active(content, days):
    team, owner = Team.objects.get(slug=content["team"]), person(content["by"])
    told = tree("stories")[content["team"]]["story"]
    theirs = list(team.stories.order_by("number")[: len(told)])
    sprint = begin(team, owner, content, days, [theirs[n - 1] for n in content["stories"]])
    events = [(one["day"], n, one) for n, one in enumerate([*content.get("added", []), *content["moves"]])]
    for one in content.get("checks", []):
        with at(moment(days, one["day"], 9, 45)):
            GoalCheck.objects.say(sprint, days[one["day"] - 1], one["track"], by=person(one["who"]))
    for day, n, one in sorted(events, key=lambda event: event[:2]):
        happen(sprint, theirs[one["story"] - 1], one, owner, moment(days, day, 10, 13 * n))
    with at(moment(days, TODAY_IS_DAY - 1, 16, 40)):
        for one, said in zip(theirs, told, strict=True):
            story = Story.objects.get(pk=one.pk)
            if "ticked" in said or story.state == "sign_off":
                tick(story, said, story.assignee or owner)


def happen(sprint, story, one, owner, when):
    """One event of an active sprint."""
    if one.get("to") == "done":
        return finish(sprint, story, owner, when)
    with at(when):
        if "why" in one:
            sprint.pull([story], by=owner, why=one["why"])
        else:
            move(sprint, story.reference, one["to"], by=person(one["who"]))


def begin(team, owner, content, days, stories):
    """Planned and started on its first morning; what came from the sprint before is in it already."""
    with at(moment(days, 1, 9, -15)):
        sprint = team.sprints.planned().first()
        facts = {"starts_on": days[0], "ends_on": days[-1], "goal": content["goal"], "show_and_tell": days[-1]}
        if sprint:
            sprint.edit(by=owner, **facts)
        else:
            sprint = Sprint.objects.plan(team, by=owner, number=content["number"], **facts)
        sprint.pull(stories, by=owner)
    with at(moment(days, 1, 9, 30)):
        sprint.start(by=owner)
    return sprint


def carried(sprint) -> list:
    return [one.story for one in sprint.commitments.held().select_related("story")]


def finish(sprint, story, owner, when):
    """Signed off by the product owner, once every criterion is ticked."""
    with at(when):
        story = Story.objects.get(pk=story.pk)
        for criterion in story.criteria.all():
            story.tick(criterion, by=owner)
        move(sprint, story.reference, "done", by=owner)


def add(team, owner, content):
    criteria = [f"“{content['title']}” is agreed by the team"]
    facts = {"title": content["title"], "points": content["points"], "kind": "task"}
    story = Story.objects.add(team, by=owner, criteria=criteria, **facts)
    story.mark_ready(by=owner)
    return story


def person(email):
    return User.objects.get(email=email)


def moment(days, day, hour, minutes) -> dt.datetime:
    return dt.datetime.combine(days[day - 1], dt.time(hour), LOCAL) + dt.timedelta(minutes=minutes)
