"""Two whole worlds that must not touch, and everybody who may knock at a door of the first."""

from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils.timezone import localdate, now

from backlog.models import Deputy, Link, ReviewSession, SavedView
from research import evidence
from research.models import Answer, Longer, Response, ShareLink
from sprints.models import Blocker, Sprint, TalkAfter
from sprints.working_day import WorkingDays
from teams.models import Change, Invitation
from teams.permissions import Role
from tests import factories
from tests.backlog.importing import applied
from tests.research.making import a_finding, a_round, a_session, noted

ROLES = [
    "anonymous",
    "deactivated",
    "no_team",
    "other_programme",
    "other_team",
    "member",
    "researcher",
    "product_owner",
    "delivery_manager",
    "lead_invited",
    "lead",
    "administrator",
]
CANARY = "ZZCANARY"


def build(slug, prefix, canary=""):
    """One programme with two teams, their people, and one of each thing that an address can name."""
    world = SimpleNamespace(**places(slug, prefix, canary))
    for part in (backlog, sprint, research, playback):
        vars(world).update(part(world, world.people["product_owner"], canary))
    world.things = things(world, world.people["product_owner"], canary)
    return world


def places(slug, prefix, canary):
    programme = factories.ProgrammeFactory(slug=f"{slug}-programme", name=f"{canary}{slug} programme")
    service = factories.ServiceFactory(programme=programme, name=f"{canary}Repairs")
    team = factories.TeamFactory(
        programme=programme, slug=slug, prefix=prefix, name=f"{canary}{slug}", lead_service=service
    )
    other = factories.TeamFactory(programme=programme, slug=f"{slug}-other", prefix=f"{prefix}O")
    people = {role.value: join(team, role) for role in [*Role][:4]}
    people |= {
        "other_team": join(other, Role.PRODUCT_OWNER),
        "lead_invited": factories.ServiceLeadFactory(service=service).user,
        "lead": factories.ServiceLeadFactory(service=service).user,
        "administrator": factories.ProgrammeAdminFactory(programme=programme).user,
    }
    return {"programme": programme, "service": service, "team": team, "people": people}


def backlog(world, owner, canary):
    team = world.team
    opportunity = factories.ranked_opportunity(team, owner, title=f"{canary}Offer letters arrive late")
    ready = factories.ready_opportunity(team, owner, title=f"{canary}Nobody answers")
    attendees = [world.people["lead_invited"]]
    review = ReviewSession.objects.prepare(team, f"{canary}Review", by=owner, attendees=attendees)
    review.start(by=owner)
    return {
        "opportunity": opportunity,
        "ready": ready,
        "review": review,
        "stage": ready.stage,
        "touchpoint": ready.stage.add_touchpoint(f"{canary}Offer letter", by=owner),
        "story": factories.ready_story(team, owner, title=f"{canary}See the first steps"),
        "comment": opportunity.comments.create(author=owner, author_name=owner.name, text=f"{canary}Yes"),
    }


def sprint(world, owner, canary):
    team, lead, member = world.team, world.people["lead_invited"], world.people["member"]
    number = 1 + Sprint.objects.count()  # no two teams have one of the same number
    started = factories.started_sprint(team, owner, [world.story], goal=f"{canary}Know what helps", number=number)
    for _ in range(1 + Blocker.objects.count()):  # no two teams have one of the same number
        blocker = factories.owned_blocker(team, owner, title=f"{canary}Figures not released")
    blocker.escalate(lead, f"{canary}Release them", localdate(), by=owner)
    blocker.say(f"{canary}Asked again", by=owner)
    day = WorkingDays.of(team).current(localdate())
    entry = team.standup_entries.create(person=member, day=day, doing=f"{canary}Write", posted_by=owner)
    entry.blockers.add(blocker)
    talk = TalkAfter.objects.add(team, day, f"{canary}Who reads it?", [owner], by=owner)
    return {"sprint": started, "blocker": blocker, "talk": talk}


def research(world, owner, canary):
    researcher = world.people["researcher"]
    session = a_session(a_round(world.team, researcher, name=f"{canary}Round"), researcher)
    (observation,) = noted(session, researcher, f"{canary}I signed where they pointed")
    Longer.objects.ask(session.round, session.round.latest_delete_by() + timedelta(9), f"{canary}Why", by=researcher)
    finding = a_finding(session.round, researcher, observation, statement=f"{canary}Nobody explains it")
    evidence.link(finding, world.opportunity, by=researcher)
    evidence.link_story(finding, world.story, by=researcher)
    return {"observation": observation, "finding": finding}


def playback(world, owner, canary):
    shared = factories.shared_playback(
        world.team, owner, title=f"{canary}Playback", items=1, reviewers=[world.people["lead_invited"]]
    )
    reviewer, item = shared.reviewers.get(), shared.items.get()
    Response.objects.answer(reviewer, item, Answer.QUESTION, f"{canary}Since when?")
    link, _ = ShareLink.objects.make(shared, 7, by=owner)
    return {"playback": shared, "reviewer": reviewer, "item": item, "link": link}


def things(world, owner, canary):
    """By what stands in the pattern before <int:pk>."""
    programme, team, service, admin = world.programme, world.team, world.service, world.people["administrator"]
    place, soon = team.memberships.get(user=world.people["member"]), localdate() + timedelta(5)
    put = Link.objects.put_on
    return {
        "/sprints/<int:number>/changes/": Change.objects.about(world.sprint).filter(undo__isnull=False).get(),
        "/changes/": Change.objects.about(world.ready).first(),
        "/views/": SavedView.objects.create(user=owner, team=team, name=f"{canary}Mine", query="must=yes"),
        "stories/<reference>/links/": put(world.story, f"{canary}Prototype", "https://prototype.example/", by=owner),
        "opportunities/<reference>/links/": put(world.opportunity, f"{canary}Rota", "https://rota.example/", by=owner),
        "/deputies/": Deputy.objects.appoint(place, soon, soon + timedelta(1), by=owner),
        "/import/": applied(team, owner, "Title\nKeys come back late\n"),
        "/absences/": owner.absences.create(starts_on="2026-12-01", ends_on="2026-12-02"),
        "/login/as/": owner,
        "/2fa/keys/": SimpleNamespace(pk=1),
        "/themes/": programme.themes.first(),
        "/services/": service,
        "/leads/": service.leads.first(),
        "/admins/": programme.admins.first(),
        "teams/<team>/invitations/": invited(programme, admin, team=team, role=Role.MEMBER),
        "/invitations/": invited(programme, admin, service=service, role=Role.SERVICE_LEAD),
        "/digest/log/": team.letters.create(
            kind="digest", to="pat@ambleford.example", subject="Digest", text=canary, state="failed", give_up_at=now()
        ),
        "/closures/": team.closures.create(starts_on="2026-12-24", ends_on="2026-12-24", reason="Winter"),
        "teams/<team>/people/": place,
    }


def invited(programme, by, **where):
    name = f"{programme.slug} {where['role']}"
    return Invitation.objects.invite(
        programme, name=name, email=f"{name.replace(' ', '-')}@new.example", by=by, **where
    )


def join(team, role):
    return factories.MembershipFactory(team=team, role=role, user__name=f"{team.slug} {role}").user


def everybody(world, elsewhere):
    """A signed-in client for each of ROLES."""
    people = world.people | {
        "other_programme": elsewhere.people["product_owner"],
        "no_team": factories.UserFactory(),
    }
    clients = {role: _client(people.get(role)) for role in ROLES if role != "deactivated"}
    leaver = join(world.team, Role.PRODUCT_OWNER)
    clients["deactivated"] = _client(leaver)
    leaver.is_active = False
    leaver.save(update_fields=["is_active"])
    return clients


def _client(user):
    client = Client()
    client.raise_request_exception = False
    if user:
        client.force_login(user)
    return client
