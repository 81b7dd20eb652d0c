"""The stories of the demo, added, sized and made ready by its teams. The sprints work on them."""

from backlog.models import Kind, Link, Opportunity, Story, UserGroup
from config.management.demo.clock import at
from config.management.demo.content import tree
from config.management.demo.days import Days
from teams.models import Team, User


def load(days: Days):
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    for slug, part in tree("stories").items():
        team = Team.objects.select_related("programme").get(slug=slug)
        with at(days.back(part["added"], 11, 10)):
            stories = add(team, part["story"], people, by=people[part["added_by"]])
        for number, (story, said) in enumerate(zip(stories, part["story"], strict=True)):
            if "ready" in said:
                with at(days.back(said["ready"], 10, 5 + 7 * number % 50)):
                    story.mark_ready(by=story.assignee or people[part["added_by"]])


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
            Link.objects.put_on(story, link["title"], other.get_absolute_url(), by=by)
    return stories


def tick(story, said, by):
    """The first of its criteria; all, where nothing else is said."""
    for criterion in list(story.criteria.filter(done=False))[: said.get("ticked")]:
        story.tick(criterion, by=by)
