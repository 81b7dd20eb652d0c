"""Rounds: what they ask, whom they have heard from, and when their data goes."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from research.models import Round, RoundState
from research.models.round import months_after
from tests.research.making import a_finding, a_session, noted

pytestmark = pytest.mark.django_db
ANSWERS = {"name": "Round 1", "questions": "What is it like to move in?", "method": "interviews", "version": 1}


def test_the_researcher_plans_a_round_and_sending_it_twice_makes_one(researcher, team):
    url = reverse("research:add_round", args=[team.slug])
    for _ in range(2):
        response = researcher.post(url, ANSWERS | {"key": "1b4e28ba-2fa1-41d2-883f-0016d3cca427"}, follow=True)

    assert "Round 1 is planned" in response.text
    assert team.rounds.count() == 1


def test_a_mistake_costs_no_words(researcher, team):
    response = researcher.post(reverse("research:add_round", args=[team.slug]), ANSWERS | {"name": ""})

    assert response.status_code == 422
    assert "Enter the name" in response.text and "What is it like to move in?" in response.text


@pytest.mark.parametrize("person", ["product_owner", "delivery_manager", "member", "service_lead", "administrator"])
def test_only_the_researcher_plans(request, team, person):
    someone = request.getfixturevalue(person)

    assert someone.post(reverse("research:add_round", args=[team.slug]), ANSWERS).status_code == 403


@pytest.mark.parametrize(("person", "status"), [("service_lead", 403), ("administrator", 403), ("outsider", 404)])
def test_who_sees_no_research(request, round_, person, status):
    someone = request.getfixturevalue(person)

    assert someone.get(round_.get_absolute_url()).status_code == status
    assert someone.get(reverse("research:rounds", args=[round_.team.slug])).status_code == status


def test_fieldwork_sets_the_day_on_which_the_data_goes(team, by):
    round_ = Round.objects.add(team, by=by, **{key: ANSWERS[key] for key in ("name", "questions")})
    last = timezone.now() + dt.timedelta(days=9)
    a_session(round_, by, consent=False, starts_at=last)

    round_.become(RoundState.FIELDWORK, by=by)

    assert round_.delete_by == months_after(timezone.localtime(last).date(), 12)


def test_the_database_keeps_no_fieldwork_without_that_day(round_):
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(pk=round_.pk).update(delete_by=None)


@pytest.mark.parametrize(
    ("days", "sentence"), [(-1, "must be in the future"), (800, "keeps research for 24 months after the last session")]
)
def test_the_day_is_to_come_and_within_what_the_programme_allows(researcher, round_, days, sentence):
    day = timezone.localdate() + dt.timedelta(days)
    answers = ANSWERS | {"name": "Better", "delete_by": day.isoformat(), "version": round_.version}

    response = researcher.post(reverse("research:edit_round", args=[round_.team.slug, round_.pk]), answers)

    assert response.status_code == 422 and sentence in response.text
    assert Round.objects.get(pk=round_.pk).name != "Better"


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 22), 12, dt.date(2027, 11, 22)),
        (dt.date(2026, 12, 31), 24, dt.date(2028, 12, 31)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
    ],
)
def test_months_end_where_months_end(day, months, later):
    assert months_after(day, months) == later


def test_a_round_is_shared_once_every_finding_is_agreed(round_, session, by):
    finding = a_finding(round_, by, *noted(session, by, "I signed where they pointed"))
    round_.become(RoundState.ANALYSIS, by=by)

    with pytest.raises(ValidationError, match="Agree at least one"):
        round_.become(RoundState.SHARED, by=by)
    finding.agree(by=by)
    round_.become(RoundState.SHARED, by=by)

    assert round_.is_shared


def test_two_who_edit_at_once_see_both_texts(researcher, round_):
    url = reverse("research:edit_round", args=[round_.team.slug, round_.pk])
    stale = round_.version
    researcher.post(url, ANSWERS | {"name": "Theirs", "delete_by": round_.delete_by.isoformat(), "version": stale})

    response = researcher.post(
        url, ANSWERS | {"name": "Mine", "delete_by": round_.delete_by.isoformat(), "version": stale}
    )

    assert response.status_code == 409
    assert "Theirs" in response.text and "Mine" in response.text


def test_coverage_is_counts_and_says_who_is_missing(product_owner, team, by, round_):
    round_.edit(by=by, groups="New tenant\nCarer")
    met = a_session(round_, by, user_group="New tenant", assisted_digital=True)
    noted(met, by, "I signed where they pointed")
    a_session(round_, by, consent=False, user_group="Carer", access_needs=["seeing"])

    page = product_owner.get(round_.get_absolute_url()).text

    assert "1 person so far: 0 with access needs, 1 who needs help to get online" in page
    assert "Nobody yet from: Carer" in page
    assert "0 of 1 with access needs" in page

    round_.become(RoundState.ANALYSIS, by=by)

    # what was learned rests on these people
    assert "0 of 1 with access needs" in product_owner.get(round_.get_absolute_url()).text


def test_the_list_asks_no_more_for_many_rounds(product_owner, team, by, at_most):
    for number in range(12):
        Round.objects.add(team, by=by, name=f"Round {number}", questions="Why?")

    with at_most(14):
        assert product_owner.get(reverse("research:rounds", args=[team.slug])).status_code == 200


def test_the_round_asks_no_more_for_many_sessions(product_owner, round_, by, at_most):
    for _ in range(8):
        noted(a_session(round_, by), by, "I signed where they pointed")

    with at_most(18):
        assert product_owner.get(round_.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("day", ["1/1/0001", "31/12/9999"])
def test_no_session_is_planned_beyond_what_a_calendar_reckons(researcher, round_, day):
    url = reverse("research:plan_session", args=[round_.team.slug, round_.pk])

    response = researcher.post(url, {"starts_at": f"{day} 14:00", "how_met": "in_person", "people": 1, "version": 1})

    assert response.status_code == 422 and "between 2000 and 2099" in response.text
    assert not round_.sessions.exists()
