import pytest

from backlog.models import Comment
from research import evidence, spawn
from teams import mail
from tests.factories import drafted_playback, make_story, ready_opportunity, service_lead_of, shared_playback
from tests.people import signed_in
from tests.research.canary import CANARY
from tests.research.making import a_finding, a_round, a_session, noted


@pytest.fixture
def by(researcher):
    return researcher.user


@pytest.fixture
def round_(team, by):
    return a_round(team, by)


@pytest.fixture
def session(round_, by):
    return a_session(round_, by)


@pytest.fixture
def told(team, round_, by):
    """Somebody's words, carried as far as anybody can carry them."""
    session = a_session(round_, by, user_group="New tenant", access_needs=["seeing"], place="Library ZZPII")
    observation, other = noted(session, by, CANARY, "Kept the agreement in a drawer")
    finding = a_finding(round_, by, observation, other, statement="People sign without having understood")
    finding.edit(by=by, detail=f"As they said: {CANARY}. Others did too")
    opportunity = ready_opportunity(team, by, description=CANARY)
    opportunity.edit(by=by, description=f"They said {CANARY}")
    Comment.objects.say(opportunity, f"Remember {CANARY}", by=by)
    evidence.link(finding, opportunity, by=by)
    story = spawn.from_observation(observation, "story", CANARY[:150], by=by)
    story.edit(by=by, title=CANARY, need=f"be told: {CANARY}")
    make_story(team, by, description=CANARY)
    mail.post("test", to=by.email, user=by, subject=CANARY, text=f"Somebody said {CANARY}")
    return session, finding, opportunity, story


@pytest.fixture
def lead(team):
    return signed_in(service_lead_of(team, name="Bryony Castlemere"))


@pytest.fixture
def draft(team, product_owner, lead):
    return drafted_playback(team, product_owner.user, reviewers=[lead.user])


@pytest.fixture
def shared(team, product_owner, lead):
    return shared_playback(team, product_owner.user, reviewers=[lead.user])
