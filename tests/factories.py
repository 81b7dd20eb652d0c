"""Things with sensible defaults. Call a factory where a test needs one more of something."""

import datetime as dt

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from backlog.models import Journey, Opportunity, Stage, Story, StoryState
from research.models import Part, Playback
from research.models.playback_item import wording_of
from sprints.models import Blocker, Sprint
from teams.models import Membership, Programme, ProgrammeAdmin, Service, ServiceLead, Team, Theme, User
from teams.permissions import Role

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person-{n}@ambleford.example")

    @classmethod
    def _create(cls, model_class, *args, password=None, **kwargs):
        user = model_class(**kwargs)
        user.set_password(password) if password else user.set_unusable_password()
        user.save()
        return user


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")
    slug = factory.Sequence(lambda n: f"programme-{n}")
    organisation = "Ambleford City Council"


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Service {n}")


class ThemeFactory(DjangoModelFactory):
    class Meta:
        model = Theme

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Theme {n}")


def letters(n):
    return "".join(chr(65 + n // 26**place % 26) for place in (2, 1, 0))


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: f"Team {n}")
    slug = factory.Sequence(lambda n: f"team-{n}")
    prefix = factory.Sequence(letters)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.MEMBER


class ServiceLeadFactory(DjangoModelFactory):
    class Meta:
        model = ServiceLead

    user = factory.SubFactory(UserFactory)


class ProgrammeAdminFactory(DjangoModelFactory):
    class Meta:
        model = ProgrammeAdmin

    user = factory.SubFactory(UserFactory)


class StageFactory(DjangoModelFactory):
    class Meta:
        model = Stage

    name = "Applying"
    position = factory.Sequence(lambda n: n + 1)


class JourneyFactory(DjangoModelFactory):
    class Meta:
        model = Journey

    team = factory.SubFactory(TeamFactory)
    name = "Being a council tenant"
    slug = factory.Sequence(lambda n: f"journey-{n}")


def make_opportunity(team, by, **fields):
    """A new opportunity, as its team would add it."""
    fields.setdefault("title", "Offer letters arrive after the date to reply")
    return Opportunity.objects.add(team, by=by, **fields)


def ready_opportunity(team, by, **fields):
    """One that a review session can take."""
    fields.setdefault("evidence_note", "Seen in every office we visited")
    fields.setdefault("stage", Stage.objects.filter(journey__team=team).first() or a_stage(team))
    opportunity = make_opportunity(team, by, **fields)
    opportunity.mark_ready(by=by)
    return opportunity


def ranked_opportunity(team, by, value=5, size=2, **fields):
    """One in the programme backlog."""
    fields.setdefault("themes", [ThemeFactory(programme=team.programme)])
    opportunity = ready_opportunity(team, by, **fields)
    opportunity.set_score(value, size, by=by)
    opportunity.take_forward(by=by)
    return opportunity


def a_stage(team):
    return StageFactory(journey=JourneyFactory(team=team))


def make_story(team, by, **fields):
    """A new story at the end of the team's order."""
    fields.setdefault("title", "See the first things to do in order")
    return Story.objects.add(team, by=by, **fields)


WAY_TO = {
    StoryState.BACKLOG: [],
    StoryState.READY: [StoryState.READY],
    StoryState.ON_HOLD: [StoryState.ON_HOLD],
    StoryState.WONT_DO: [StoryState.WONT_DO],
    StoryState.IN_PROGRESS: [StoryState.READY, StoryState.IN_PROGRESS],
}
WAY_TO[StoryState.IN_REVIEW] = [*WAY_TO[StoryState.IN_PROGRESS], StoryState.IN_REVIEW]
WAY_TO[StoryState.SIGN_OFF] = [*WAY_TO[StoryState.IN_REVIEW], StoryState.SIGN_OFF]
WAY_TO[StoryState.DONE] = [*WAY_TO[StoryState.SIGN_OFF], StoryState.DONE]


def story_in(state, team, by, **fields):
    """A complete user story taken step by step to `state`; `by` is a product owner where a step asks for one."""
    facts = {
        "actor": "someone whose relative has just died",
        "need": "see the first things to do in order",
        "so_that": "nothing urgent is missed",
        "points": 3,
        "criteria": ["The next three steps stand first"],
    }
    story = make_story(team, by, **(facts | fields))
    for step in WAY_TO[state]:
        if step == StoryState.DONE:
            for criterion in story.criteria.all():
                story.tick(criterion, by=by)
        story.move_to(step, by=by, comment="Somebody else does it" if step == StoryState.WONT_DO else "")
    return story


def ready_story(team, by, **fields):
    return story_in(StoryState.READY, team, by, **fields)


def raised_blocker(team, by, **fields):
    """One that nobody owns yet."""
    fields.setdefault("title", "Two interviews not released by the rota team")
    return Blocker.objects.add(team, by=by, **fields)


def owned_blocker(team, by, owner=None, **fields):
    blocker = raised_blocker(team, by, **fields)
    blocker.take(by=owner or by)
    return blocker


def planned_sprint(team, by, **fields):
    """Two weeks from today."""
    fields.setdefault("starts_on", timezone.localdate())
    fields.setdefault("ends_on", fields["starts_on"] + dt.timedelta(13))
    fields.setdefault("goal", "People can find their next three steps")
    return Sprint.objects.plan(team, by=by, **fields)


def started_sprint(team, by, stories=(), **fields):
    """An active one that committed to `stories`, or to one of its own."""
    sprint = planned_sprint(team, by, **fields)
    sprint.pull(stories or [ready_story(team, by)], by=by)
    sprint.start(by=by)
    return sprint


def drafted_playback(team, by, *, reviewers=(), items=3, **fields):
    """A draft with opportunities in it, which can be shared once somebody is asked."""
    facts = {
        "title": "Early findings",
        "goal": "Agree which problems matter most",
        "did": "We met tenants and read what earlier research had found.",
        "next_steps": "We answer every question here.",
        "reply_by": timezone.localdate() + dt.timedelta(7),
    }
    playback = Playback.objects.compose(team, by=by, **(facts | fields))
    for number in range(items):
        source = ranked_opportunity(team, by, title=f"Offer letters arrive late, part {number + 1}", evidence_note="x")
        playback.add_item(Part.OPPORTUNITY, by=by, **wording_of(source))
    playback.ask(reviewers, by=by)
    return playback


def shared_playback(team, by, **fields):
    """One that a service lead can answer."""
    fields.setdefault("reviewers", [service_lead_of(team)])
    playback = drafted_playback(team, by, **fields)
    playback.share(by=by)
    return playback


def service_lead_of(team, **user):
    service = ServiceFactory(programme=team.programme)
    return ServiceLeadFactory(service=service, **{f"user__{name}": value for name, value in user.items()}).user
