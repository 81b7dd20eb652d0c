"""What a withdrawal does by itself, what it asks a person, and that it is possible where nothing else is."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse

from backlog.models import Comment
from research import erasure
from research.models import Observation, SessionState
from teams.models import Membership
from teams.permissions import Role
from tests.factories import TeamFactory, make_story, ready_opportunity
from tests.research.making import a_session, noted

pytestmark = pytest.mark.django_db
FEW, INSTEAD = "No printer at home", "[Quote removed at the participant’s request]"
THEIRS, ANYBODYS = f"For somebody with {FEW.lower()}, post it", f"{FEW} is what most people say"


@pytest.fixture
def told(round_, by):
    session = a_session(round_, by)
    noted(session, by, FEW)
    return session


@pytest.fixture
def opportunity(team, by):
    return ready_opportunity(team, by, description=THEIRS)


@pytest.fixture
def comment(opportunity, by):
    return Comment.objects.say(opportunity, ANYBODYS, by=by)


def address(session):
    return reverse("research:withdraw", args=[session.round.team.slug, session.pk])


def texts_after(*things):
    for thing in things:
        thing.refresh_from_db()
    return [getattr(thing, "description", None) or thing.text for thing in things]


def test_a_few_words_within_others_are_shown_with_where_they_stand(told, opportunity, comment, researcher):
    page = researcher.get(address(told)).text

    assert THEIRS in page and ANYBODYS in page
    assert f'value="backlog.opportunity-{opportunity.pk}"' in page
    assert page.count(opportunity.get_absolute_url()) >= 2  # a comment belongs to it


def test_they_go_where_a_person_says_that_they_are_theirs(told, opportunity, comment, researcher):
    version = opportunity.version
    researcher.post(address(told), {"take": [f"backlog.opportunity-{opportunity.pk}"]})

    assert texts_after(opportunity, comment) == [f"For somebody with {INSTEAD}, post it", ANYBODYS]
    assert opportunity.version == version + 1  # a form that was open before cannot bring them back


@pytest.mark.parametrize(
    "key", ["backlog.opportunity-{}", "teams.user-1", "nothing-{}", "backlog.opportunity-" + "9" * 30, "²"]
)
def test_what_belongs_to_another_team_is_neither_shown_nor_touched(told, team, by, researcher, key):
    other = ready_opportunity(TeamFactory(programme=team.programme, name="Parking"), by, description=THEIRS)

    assert THEIRS not in researcher.get(address(told)).text
    answer = researcher.post(address(told), {"take": [key.format(other.pk)]})

    assert answer.status_code == 302
    assert texts_after(other) == [THEIRS]


@pytest.mark.parametrize(
    ("role", "words"), [(Role.RESEARCHER, f"For somebody with {INSTEAD}, post it"), (Role.MEMBER, THEIRS)]
)
def test_a_few_words_go_from_another_team_that_has_the_same_researcher(told, team, by, researcher, role, words):
    other = TeamFactory(programme=team.programme, name="Parking")
    Membership.objects.create(team=other, user=by, role=role)
    theirs, is_theirs = ready_opportunity(other, by, description=THEIRS), role == Role.RESEARCHER

    page = researcher.get(address(told)).text
    researcher.post(address(told), {"take": [f"backlog.opportunity-{theirs.pk}"]})

    assert ("Parking, opportunity: <a" in page, THEIRS in page) == (is_theirs, is_theirs)
    assert texts_after(theirs) == [words]


def test_the_ledger_holds_no_key_that_was_not_theirs_to_choose(
    told, opportunity, team, by, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    other = ready_opportunity(TeamFactory(programme=team.programme, name="Parking"), by, description=THEIRS)
    keys = [f"backlog.opportunity-{one.pk}" for one in (opportunity, other)]

    with django_capture_on_commit_callbacks(execute=True):
        erasure.withdraw(told, by=by, also=keys)

    assert json.loads(Path(settings.ERASURE_LEDGER).read_text())["also"] == keys[:1]


def test_whole_sentences_and_quotations_need_nobody_to_say_so(told, team, by, researcher):
    story = make_story(team, by, title=FEW, description=f"As somebody said: “{FEW}”")

    assert "No other text of your teams holds a few words" in researcher.get(address(told)).text
    researcher.post(address(told))

    story.refresh_from_db()
    assert (story.title, story.description) == (INSTEAD, f"As somebody said: {INSTEAD}")


def test_what_was_said_of_a_few_words_holds_after_a_restore(
    told, opportunity, comment, round_, by, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    restored = a_session(round_, by)  # stands for the session as yesterday's backup holds it
    noted(restored, by, FEW)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.withdraw(told, by=by, also=[f"backlog.opportunity-{opportunity.pk}"])
    line = json.loads(Path(settings.ERASURE_LEDGER).read_text()) | {"session": restored.pk, "code": restored.code}
    Path(settings.ERASURE_LEDGER).write_text(json.dumps(line) + "\n")
    opportunity.refresh_from_db()
    opportunity.edit(by=by, description=THEIRS)

    call_command("erase")

    assert texts_after(opportunity, comment) == [f"For somebody with {INSTEAD}, post it", ANYBODYS]


def test_somebody_may_change_their_mind_in_a_team_that_is_archived(told, team, researcher, product_owner):
    team.archive(by=None)

    assert address(told) in researcher.get(told.get_absolute_url()).text
    assert researcher.get(reverse("research:edit_session", args=[team.slug, told.pk])).status_code == 403
    assert product_owner.post(address(told)).status_code == 403
    assert researcher.post(address(told)).status_code == 302

    told.refresh_from_db()
    assert told.state == SessionState.WITHDRAWN and not Observation.objects.exists()
