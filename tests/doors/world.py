"""Two whole worlds that must not touch, and everybody who may knock at a door of the first."""

from datetime import timedelta
from types import SimpleNamespace

from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate, now

from backlog.models import Comment, Deputy, Link, ReviewSession, SavedView
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
    owner = people["product_owner"]
    opportunity = factories.ranked_opportunity(team, owner, title=f"{canary}Offer letters arrive late")
    ready = factories.ready_opportunity(team, owner, title=f"{canary}Nobody answers")
    review = ReviewSession.objects.prepare(team, f"{canary}Review", by=owner, attendees=[people["lead_invited"]])
    review.start(by=owner)
    story = factories.ready_story(team, owner, title=f"{canary}See the first steps")
    view = SavedView.objects.create(user=owner, team=team, name=f"{canary}Mine", query="must=yes")
    comment = Comment.objects.create(opportunity=opportunity, author=owner, author_name=owner.name, text=f"{canary}Yes")
    number = 1 + Sprint.objects.count()  # no two teams have one of the same number
    sprint = factories.started_sprint(team, owner, [story], goal=f"{canary}Know what helps", number=number)
    touchpoint = ready.stage.add_touchpoint(f"{canary}Offer letter", by=owner)
    for _ in range(1 + Blocker.objects.count()):  # no two teams have one of the same number
        blocker = factories.owned_blocker(team, owner, title=f"{canary}Figures not released")
    blocker.escalate(people["lead_invited"], f"{canary}Release them", timezone.localdate(), by=owner)
    blocker.say(f"{canary}Asked again", by=owner)
    day = WorkingDays.of(team).current(timezone.localdate())
    entry = team.standup_entries.create(person=people["member"], day=day, doing=f"{canary}Write", posted_by=owner)
    entry.blockers.add(blocker)
    talk = TalkAfter.objects.add(team, day, f"{canary}Who reads it?", [owner], by=owner)
    researcher = people["researcher"]
    session = a_session(a_round(team, researcher, name=f"{canary}Round"), researcher)
    (observation,) = noted(session, researcher, f"{canary}I signed where they pointed")
    Longer.objects.ask(session.round, session.round.latest_delete_by() + timedelta(9), f"{canary}Why", by=researcher)
    finding = a_finding(session.round, researcher, observation, statement=f"{canary}Nobody explains it")
    evidence.link(finding, opportunity, by=researcher)
    evidence.link_story(finding, story, by=researcher)
    playback = factories.shared_playback(
        team, owner, title=f"{canary}Playback", items=1, reviewers=[people["lead_invited"]]
    )
    reviewer, item = playback.reviewers.get(), playback.items.get()
    Response.objects.answer(reviewer, item, Answer.QUESTION, f"{canary}Since when?")
    link, _ = ShareLink.objects.make(playback, 7, by=owner)
    things = {  # by what stands in the pattern before <int:pk>
        "/sprints/<int:number>/changes/": Change.objects.about(sprint).filter(undo__isnull=False).get(),
        "/changes/": Change.objects.about(ready).first(),
        "/views/": view,
        "stories/<reference>/links/": Link.objects.put_on(
            story, f"{canary}Prototype", "https://prototype.example/", by=owner
        ),
        "opportunities/<reference>/links/": Link.objects.put_on(
            opportunity, f"{canary}Rota", "https://rota.example/", by=owner
        ),
        "/deputies/": Deputy.objects.appoint(
            team.memberships.get(user=people["member"]),
            localdate() + timedelta(5),
            localdate() + timedelta(6),
            by=owner,
        ),
        "/import/": applied(team, owner, "Title\nKeys come back late\n"),
        "/absences/": owner.absences.create(starts_on="2026-12-01", ends_on="2026-12-02"),
        "/login/as/": owner,
        "/2fa/keys/": SimpleNamespace(pk=1),
        "/themes/": programme.themes.first(),
        "/services/": service,
        "/leads/": service.leads.first(),
        "/admins/": programme.admins.first(),
        "teams/<team>/invitations/": invited(programme, people["administrator"], team=team, role=Role.MEMBER),
        "/invitations/": invited(programme, people["administrator"], service=service, role=Role.SERVICE_LEAD),
        "/digest/log/": team.letters.create(
            kind="digest", to="pat@ambleford.example", subject="Digest", text=canary, state="failed", give_up_at=now()
        ),
        "/closures/": team.closures.create(starts_on="2026-12-24", ends_on="2026-12-24", reason="Winter"),
        "teams/<team>/people/": team.memberships.get(user=people["member"]),
    }
    return SimpleNamespace(
        programme=programme, service=service, team=team, people=people, opportunity=opportunity,
        review=review, sprint=sprint, comment=comment, things=things, stage=ready.stage, touchpoint=touchpoint,
        blocker=blocker, talk=talk,
        story=story,
        observation=observation, finding=finding, playback=playback, reviewer=reviewer, item=item, link=link,
    )  # fmt: skip


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
