"""Settings of teams and programmes: mistakes, conflicts, named fields only, and a line of history for each."""

import datetime as dt

import pytest
from django.utils import timezone

from teams.models import Change
from tests.factories import ServiceFactory, ThemeFactory

TEAM = {"name": "Housing", "standup_at": "09:30", "division": "england-and-wales", "lead_service": ""}


@pytest.fixture
def url(team):
    return f"/teams/{team.slug}/settings/"


@pytest.fixture
def programme(team):
    return team.programme


def words():
    return [change.words for change in Change.objects.order_by("pk")]


def test_only_the_named_fields_change(delivery_manager, team, url):
    forged = {"slug": "mine", "prefix": "ZZZ", "programme": "77", "archived_at": "2026-01-01", "phase": "live"}

    answer = delivery_manager.post(url, TEAM | forged | {"standup_at": "09:15", "version": team.version})

    assert answer.status_code == 302
    before = team.slug, team.prefix, team.programme_id, None, team.phase
    team.refresh_from_db()
    assert (team.slug, team.prefix, team.programme_id, team.archived_at, team.phase) == before
    assert words() == ["changed the stand-up time from 9:30am to 9:15am"]


def test_a_conflict_shows_both_texts_and_saves_neither_over_the_other(delivery_manager, product_owner, team, url):
    stale = team.version
    team.edit(by=product_owner.user, name="Housing and homes")

    answer = delivery_manager.post(url, TEAM | {"name": "Council housing", "version": stale})

    assert answer.status_code == 409
    assert "Council housing" in answer.text and "Settings of Housing and homes" in answer.text
    team.refresh_from_db()
    assert team.name == "Housing and homes"


@pytest.mark.parametrize("bad", [{"name": ""}, {"name": "x" * 61}, {"standup_at": "25:00"}, {"division": "wales"}])
def test_a_mistake_keeps_what_was_typed(delivery_manager, team, url, bad):
    answer = delivery_manager.post(url, TEAM | {"version": team.version} | bad)

    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_the_lead_service_is_of_the_same_programme(delivery_manager, team, url):
    elsewhere = ServiceFactory()

    answer = delivery_manager.post(url, TEAM | {"version": team.version, "lead_service": elsewhere.pk})

    assert answer.status_code == 422


def test_a_phase_is_entered_once_and_its_dates_corrected(delivery_manager, team):
    url = f"/teams/{team.slug}/phase/"
    today = timezone.localdate()

    delivery_manager.post(url, {"phase": "alpha", "started_on": today, "target_end_on": ""})
    delivery_manager.post(url, {"phase": "alpha", "started_on": today, "target_end_on": today + dt.timedelta(30)})

    team.refresh_from_db()
    assert team.phase == "alpha"
    assert team.phase_changes.get().target_end_on == today + dt.timedelta(30)
    assert [line.split(":")[0] for line in words()] == ["moved the team to Alpha", "corrected the dates of Alpha"]


@pytest.mark.parametrize(("start", "end"), [(1, 5), (0, -1)])
def test_impossible_dates_of_a_phase_are_refused(delivery_manager, team, start, end):
    today = timezone.localdate()
    days = {"started_on": today + dt.timedelta(start), "target_end_on": today + dt.timedelta(end)}

    answer = delivery_manager.post(f"/teams/{team.slug}/phase/", {"phase": "alpha"} | days)

    assert answer.status_code == 422
    assert not team.phase_changes.exists()


def test_closures_do_not_overlap_and_can_be_taken_back(delivery_manager, team):
    days = {"starts_on": "2026-12-29", "ends_on": "2026-12-31", "reason": "Winter shutdown"}
    add = f"/teams/{team.slug}/closures/add/"

    delivery_manager.post(add, days)
    twice = delivery_manager.post(add, days | {"starts_on": "2026-12-31", "ends_on": "2027-01-04"})
    delivery_manager.post(f"/teams/{team.slug}/closures/{team.closures.get().pk}/remove/")

    assert twice.status_code == 422
    assert not team.closures.exists()
    assert len(words()) == 2


def test_a_team_is_archived_and_restored_never_deleted(administrator, programme, team):
    page = f"/programmes/{programme.slug}/"
    url = f"/teams/{team.slug}/archive/"

    administrator.post(url)
    without = administrator.get(page).text
    again = administrator.post(url, follow=True).text
    administrator.post(url, {"restore": "yes"})

    assert "/teams/housing/" not in without
    assert "is archived already" in again
    assert "/teams/housing/" in administrator.get(page).text
    assert words() == ["archived the team", "restored the team"]


def test_an_archived_team_is_read_and_left_and_nothing_else(administrator, delivery_manager, member, programme, team):
    team.archive(by=administrator.user)
    page = f"/teams/{team.slug}/"
    leaving = team.memberships.get(user=member.user)

    refused = delivery_manager.post(f"{page}settings/", {"name": "Homes", "version": team.version})
    told = administrator.get(page).text

    assert refused.status_code == 403
    assert "Housing is archived: it can be read, and nothing in it changed." in refused.text
    assert delivery_manager.get(page).status_code == 200
    assert f"/programmes/{programme.slug}/settings/#teams" in told and f"{page}settings/" not in told
    assert administrator.post(f"{page}people/{leaving.pk}/remove/").status_code == 302
    assert not team.memberships.current().filter(user=member.user).exists()


def test_themes_are_added_renamed_moved_and_archived(administrator, programme):
    base = f"/programmes/{programme.slug}/themes/"
    one, two = (ThemeFactory(programme=programme, name=name, position=n) for n, name in enumerate(["One", "Two"], 1))

    administrator.post(f"{base}add/", {"names": "Three"})
    taken = administrator.post(f"{base}add/", {"names": "Four\nTHREE"})
    administrator.post(f"{base}{one.pk}/", {"name": "First", "version": one.version})
    administrator.post(f"{base}{two.pk}/move/", {"up": "yes"})
    administrator.post(f"{base}{one.pk}/archive/")

    assert taken.status_code == 422
    assert [str(theme) for theme in programme.themes.in_use()] == ["Two", "Three"]
    assert len(words()) == 4


def test_services_are_named_one_on_each_line(administrator, programme):
    add = f"/programmes/{programme.slug}/services/add/"

    answer = administrator.post(add, {"names": "Repairs\r\n\r\n  Lettings \r\n"}, follow=True)
    long, many = (administrator.post(add, {"names": names}) for names in ["Rents\n" + "x" * 101, "a\n" * 51])

    assert [str(service) for service in programme.services.all()] == ["Lettings", "Repairs"]
    assert "2 services are added" in answer.text
    assert (long.status_code, many.status_code) == (422, 422)
    assert "Line 2 has more than 100 characters" in long.text and "50 names at most" in many.text


def test_a_theme_s_rename_in_conflict_shows_both_names(administrator, programme):
    theme = ThemeFactory(programme=programme, name="One")
    theme.edit(by=administrator.user, name="Uno")

    answer = administrator.post(f"/programmes/{programme.slug}/themes/{theme.pk}/", {"name": "Eins", "version": 1})

    assert answer.status_code == 409
    assert "Uno" in answer.text and "Eins" in answer.text
    assert "You saved this meanwhile, in another window" in " ".join(answer.text.split())


def test_a_conflict_with_somebody_else_says_so(administrator, product_owner, programme):
    theme = ThemeFactory(programme=programme, name="One")
    theme.edit(by=product_owner.user, name="Uno")

    answer = administrator.post(f"/programmes/{programme.slug}/themes/{theme.pk}/", {"name": "Eins", "version": 1})

    assert "This was changed meanwhile" in " ".join(answer.text.split())


@pytest.mark.parametrize("months", ["0", "121", "-1", "many"])
def test_research_is_kept_for_one_month_to_ten_years(administrator, programme, months):
    answers = {"name": "CSP", "organisation": "Ambleford", "retention_months": months, "version": 1}

    assert administrator.post(f"/programmes/{programme.slug}/settings/", answers).status_code == 422
