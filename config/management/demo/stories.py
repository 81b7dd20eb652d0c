"""The stories of the demo, added, sized, worked on and signed off by its teams."""

import datetime as dt

from backlog.models import Kind, Opportunity, Story, StoryState, UserGroup
from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import Days
from teams.models import Team, User

WAY = [StoryState.READY, StoryState.IN_PROGRESS, StoryState.IN_REVIEW, StoryState.SIGN_OFF, StoryState.DONE]
HOURS = [10, 9, 14, 15, 16]  # of each step: two on one day come one after the other


def load(days: Days):
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    for slug, part in tree("stories").items():
        team = Team.objects.select_related("programme").get(slug=slug)
        with at(days.back(part["added"], 11, 10)):
            stories = add(team, part["story"], people, by=people[part["added_by"]])
        for number, (story, said) in enumerate(zip(stories, part["story"], strict=True)):
            work_on(story, said, people, days, minute=5 + 7 * number % 50)


def add(team, said, people, *, by):
    drafts = [
        {
            "kind": one.get("kind", Kind.USER_STORY),
            "title": one.get("title", ""),
            "actor": one.get("actor", ""),
            "need": one.get("need", ""),
            "so_that": one.get("so_that", ""),
            "criteria": one.get("criteria", []),
            "points": one["points"],
            "channel": one.get("channel", ""),
            "user_group": UserGroup.objects.named(team, one["group"]) if "group" in one else None,
            "access_needs": one.get("access_needs", []),
            "assisted_digital": one.get("assisted_digital", False),
            "source": one.get("source", ""),
            "opportunity": Opportunity.objects.get(reference=one["parent"]) if "parent" in one else None,
            "assignee": people.get(one.get("assignee")),
        }
        for one in said
    ]
    stories = Story.objects.add_many(team, drafts, by=by)
    for story, one in zip(stories, said, strict=True):
        if link := one.get("link"):
            other = Opportunity.objects.get(reference=link["reference"])
            story.add_link(link["title"], other.get_absolute_url(), by=by)
    return stories


def work_on(story, said, people, days, minute):
    """Each step on its day, by whoever it is assigned to; the product owner signs off."""
    owner = story.team.memberships.product_owners().get().user
    worker = story.assignee or people[tree("stories")[story.team.slug]["added_by"]]
    for state, hour, working_days in zip(WAY, HOURS, said["steps"], strict=False):
        when = days.back(working_days, hour, minute)
        if state in (StoryState.IN_REVIEW, StoryState.SIGN_OFF):
            with at(when - dt.timedelta(minutes=20)):
                tick(story, said, worker)
        with at(when):
            story.move_to(state, by=owner if state == StoryState.DONE else worker)
    if len(said["steps"]) == 2 and said.get("ticked"):
        with at(days.back(1, 16, minute)):
            tick(story, said, worker)


def tick(story, said, by):
    """The first of its criteria; all, where nothing else is said."""
    for criterion in list(story.criteria.filter(done=False))[: said.get("ticked")]:
        story.tick(criterion, by=by)
