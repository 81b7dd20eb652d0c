"""Pages of programmes and teams: who may open them, what they say, what they cost."""

import datetime as dt

import pytest
from django.utils import timezone

from teams.models import Change, PhaseChange, Programme, Team
from tests.factories import (
    MembershipFactory,
    ServiceFactory,
    ServiceLeadFactory,
    TeamFactory,
    ThemeFactory,
    make_opportunity,
)
from tests.people import signed_in

PEOPLE = ["product_owner", "delivery_manager", "researcher", "member", "service_lead", "administrator", "outsider"]


@pytest.fixture
def programme(team):
    return team.programme


def who_may(path, *allowed):
    """For every kind of person: 200 to the allowed, 403 to the rest, and 404 to strangers."""
    return [(path, one, 200 if one in allowed else 404 if one == "outsider" else 403) for one in PEOPLE]


TEAM = ["product_owner", "delivery_manager", "researcher", "member"]


@pytest.mark.parametrize(
    ("path", "person", "status"),
    [
        *who_may("/teams/housing/", *TEAM, "administrator"),
        *who_may("/teams/housing/history/", *TEAM, "administrator"),
        *who_may("/teams/housing/people/", *TEAM, "administrator"),
        *who_may("/teams/housing/settings/", "delivery_manager", "administrator"),
        *who_may("/teams/housing/phase/", "delivery_manager", "administrator"),
        *who_may("/teams/housing/closures/add/", "delivery_manager", "administrator"),
        *who_may("/teams/housing/people/invite/", "administrator"),
        *who_may("/programmes/csp/", *TEAM, "service_lead", "administrator"),
        *who_may("/programmes/csp/settings/", "administrator"),
        *who_may("/programmes/csp/history/", "administrator"),
        *who_may("/programmes/csp/people/", "administrator"),
        *who_may("/programmes/csp/people/invite/", "administrator"),
        *who_may("/programmes/csp/teams/add/", "administrator"),
        *who_may("/programmes/csp/themes/add/", "administrator"),
        *who_may("/programmes/csp/services/add/", "administrator"),
    ],
)
def test_who_may_open_it(request, team, path, person, status):
    Programme.objects.filter(pk=team.programme_id).update(slug="csp")

    response = request.getfixturevalue(person).get(path)

    assert response.status_code == status


@pytest.mark.parametrize("person", [one for one in PEOPLE if one != "administrator"])
@pytest.mark.parametrize("path", ["archive/", "invitations/1/send-again/", "people/1/remove/"])
def test_nobody_else_sends_what_only_an_administrator_may(request, team, path, person):
    response = request.getfixturevalue(person).post(f"/teams/{team.slug}/{path}")

    assert response.status_code == (404 if person == "outsider" else 403)
    assert not Change.objects.exists()


def test_the_programme_page_names_teams_services_and_themes(member, programme, team):
    PhaseChange.objects.create(
        team=team, phase="discovery", started_on=dt.date(2026, 10, 5), target_end_on=dt.date(2026, 12, 4)
    )
    theme = ThemeFactory(programme=programme, name="Get it right first time")
    ServiceLeadFactory(service=ServiceFactory(programme=programme, name="Lettings"), user__name="Bryony Ashgrove")
    make_opportunity(team, member.user, themes=[theme])

    page = member.get(f"/programmes/{programme.slug}/").text

    assert "Estimated end" in page and "4 December 2026" in page
    assert "Lettings" in page and "Bryony Ashgrove" in page
    assert "Get it right first time" in page and "1 opportunity" in page


def test_the_team_page_tells_bank_holidays_and_closures(team, time_machine):
    time_machine.move_to("2026-12-21 09:00")
    member = signed_in(MembershipFactory(team=team).user)
    team.close(dt.date(2026, 12, 29), dt.date(2026, 12, 31), "Winter shutdown", by=member.user)

    page = member.get(f"/teams/{team.slug}/").text

    assert "Boxing Day" in page
    assert page.count("Winter shutdown") >= 3


def test_an_administrator_reads_settings_but_no_words_of_the_backlog(administrator, member, team):
    make_opportunity(team, member.user, title="Keys come back late")
    team.close(dt.date(2026, 12, 29), dt.date(2026, 12, 31), "Winter shutdown", by=member.user)

    for path in ("", "history/"):
        page = administrator.get(f"/teams/{team.slug}/{path}").text
        assert "Keys come back late" not in page
        assert "Winter shutdown" in page


def test_history_goes_back_by_pages_without_losing_a_line(member, team):
    at = timezone.now()
    facts = {"who_name": "Petra", "kind": "teams.team", "thing_id": team.pk, "team": team, "programme": team.programme}
    Change.objects.bulk_create(
        [Change(at=at - dt.timedelta(minutes=n // 3), words=f"line {n:03}.", **facts) for n in range(120)]
    )
    seen, address = [], f"/teams/{team.slug}/history/"
    while address:
        page = member.get(address).text
        seen += [part[:3] for part in page.split("line ")[1:]]
        address = page.partition('rel="next"')[0].rpartition('href="')[2].rstrip('" ') if 'rel="next"' in page else None

    assert len(seen) == 120 == len(set(seen))


@pytest.mark.parametrize("before", ["x", "-1", "1" * 40, "0", "%00", "٣"])
def test_a_bad_link_into_the_history_is_explained(member, team, before):
    response = member.get(f"/teams/{team.slug}/history/?before={before}")

    assert response.status_code == 400


def test_a_link_into_another_team_s_history_says_nothing(member, team, outsider):
    elsewhere = outsider.user.memberships.get().team
    change = elsewhere.record("renamed it", by=outsider.user)

    assert member.get(f"/teams/{team.slug}/history/?before={change.pk}").status_code == 400


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("path", "person"),
    [
        ("/teams/housing/", "member"),
        ("/teams/housing/people/", "administrator"),
        ("/teams/housing/settings/", "delivery_manager"),
        ("/teams/housing/history/", "member"),
        ("/programmes/csp/", "member"),
        ("/programmes/csp/settings/", "administrator"),
        ("/programmes/csp/people/", "administrator"),
        ("/programmes/csp/history/", "administrator"),
    ],
)
def test_statements_do_not_grow(request, django_assert_max_num_queries, team, path, person, rows):
    Programme.objects.filter(pk=team.programme_id).update(slug="csp")
    team.refresh_from_db()
    reader = request.getfixturevalue(person)
    for n in range(rows):
        MembershipFactory(team=team)
        ServiceLeadFactory(service=ServiceFactory(programme=team.programme))
        ThemeFactory(programme=team.programme)
        TeamFactory(programme=team.programme)
        day = dt.date(2027, 1, 1) + dt.timedelta(n)
        team.close(day, day, "Closed", by=reader.user)

    with django_assert_max_num_queries(10):  # two of them are the session and the person
        assert reader.get(path).status_code == 200


def test_a_new_team_is_made_once_from_one_form(administrator, programme):
    page = administrator.get(f"/programmes/{programme.slug}/teams/add/").text
    key = page.partition('name="key" value="')[2].partition('"')[0]
    answers = {"name": "Bereavement", "prefix": "ber", "phase": "alpha", "division": "scotland",
               "standup_at": "09:30", "key": key}  # fmt: skip

    addresses = {administrator.post(f"/programmes/{programme.slug}/teams/add/", answers).url for _ in range(2)}

    made = Team.objects.get(name="Bereavement")
    assert addresses == {f"/teams/{made.slug}/"}
    assert (made.slug, made.prefix, made.phase, made.programme) == ("bereavement", "BER", "alpha", programme)
    assert made.phase_changes.get().phase == "alpha"
