"""Keeping data longer than the programme does, and an administrator in place of a researcher (domain.md §5)."""

import datetime as dt

import pytest
from django.urls import reverse

from research.models import Longer, Observation, Round, SessionState
from research.models.round import months_after
from teams.models import OutgoingMail
from tests.research.making import a_session, noted

pytestmark = pytest.mark.django_db
WHY = "The trial of the new letters ends in three years"


@pytest.fixture
def until(round_):
    return round_.latest_delete_by() + dt.timedelta(300)


@pytest.fixture
def asked(round_, by, until):
    return Longer.objects.ask(round_, until, WHY, by=by)


def data(round_, *rest):
    name = {(): "programme_data", ("longer",): "decide_longer", ("erase",): "programme_erase"}[rest]
    numbers = [round_.pk] if rest else []
    return reverse(f"research:{name}", args=[round_.team.programme.slug, *numbers])


def test_a_researcher_asks_and_every_administrator_gets_a_letter(researcher, administrator, round_, until):
    url = reverse("research:keep_longer", args=[round_.team.slug, round_.pk])

    page = researcher.post(url, {"until": f"{until:%d/%m/%Y}", "why": WHY}, follow=True)

    assert "Until they answer nothing changes" in page.text
    letter = OutgoingMail.objects.get(to=administrator.user.email)
    assert WHY in letter.text and data(round_) in letter.text


def test_a_day_that_needs_nobody_is_not_asked_for(researcher, round_):
    day = months_after(round_.last_day(), 20)

    page = researcher.post(
        reverse("research:keep_longer", args=[round_.team.slug, round_.pk]), {"until": f"{day:%d/%m/%Y}", "why": WHY}
    )

    assert page.status_code == 422 and "any earlier day yourself" in page.text


def test_allowing_it_moves_the_date_and_says_who(administrator, round_, asked):
    assert WHY in administrator.get(data(round_)).text

    page = administrator.post(data(round_, "longer"), {"answer": "allow"}, follow=True)

    round_.refresh_from_db()
    assert round_.delete_by == asked.until == round_.latest_delete_by()
    assert "may be kept until" in page.text and WHY not in page.text


def test_refusing_it_changes_nothing(administrator, round_, asked):
    before = round_.delete_by

    administrator.post(data(round_, "longer"), {"answer": "refuse"})

    round_.refresh_from_db()
    assert round_.delete_by == before
    assert administrator.post(data(round_, "longer"), {"answer": "allow"}).status_code == 422


def test_beyond_the_limit_the_researcher_alone_cannot_go(researcher, round_, asked):
    facts = {"name": round_.name, "questions": "What?", "method": "visits", "version": round_.version}

    page = researcher.post(
        reverse("research:edit_round", args=[round_.team.slug, round_.pk]),
        facts | {"delete_by": f"{asked.until:%d/%m/%Y}"},
    )

    assert page.status_code == 422 and "An administrator may allow more" in page.text


def test_an_administrator_deletes_one_participant_and_then_all_without_seeing_notes(administrator, round_, by):
    session = a_session(round_, by)
    noted(session, by, "I signed where they pointed")
    noted(a_session(round_, by), by, "And I never asked")
    assert "signed" not in administrator.get(data(round_, "erase")).text

    administrator.post(data(round_, "erase"), {"whose": session.pk})
    session.refresh_from_db()
    assert session.state == SessionState.WITHDRAWN
    assert Observation.objects.count() == 1

    assert administrator.post(data(round_, "erase"), {"whose": ""}).status_code == 422
    administrator.post(data(round_, "erase"), {"whose": "all"})
    assert Round.objects.get().is_erased and not Observation.objects.exists()


@pytest.mark.parametrize("answer", ["", "maybe", "\0"])
def test_another_answer_is_none(administrator, round_, asked, answer):
    assert administrator.post(data(round_, "longer"), {"answer": answer}).status_code in (400, 422)
    asked.refresh_from_db()
    assert asked.is_granted is None


def test_nothing_is_kept_for_ever(researcher, round_):
    url = reverse("research:keep_longer", args=[round_.team.slug, round_.pk])

    response = researcher.post(url, {"until": "31/12/9999", "why": WHY})

    assert response.status_code == 422 and "between 2000 and 2099" in response.text
    assert not round_.longer.exists()
