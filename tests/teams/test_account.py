"""What is a person's own: name, address, shortcuts, sessions, days away."""

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from teams.models import Absence, Change, OutgoingMail, User
from tests.factories import UserFactory
from tests.people import signed_in

MONDAY = "2026-11-23 09:00"


def test_a_new_name_shows_and_the_old_one_stays_in_history(person, mine):
    page = mine.post("/account/name/", {"name": "Tomos Vaughan-Rees"}, follow=True)

    assert "Your name is now Tomos Vaughan-Rees" in page.text
    change = Change.objects.about(person).get()
    assert (change.who_name, change.words) == ("Tomos Vaughan-Rees", "changed their name from Tomos Vaughan")


def test_a_name_is_needed(person, mine):
    page = mine.post("/account/name/", {"name": "  "})

    assert page.status_code == 422
    assert "Enter your name" in page.text


def test_single_key_shortcuts_switch_off_and_on(person, mine):
    assert 'data-keys="off"' in mine.post("/account/shortcuts/", {"single_keys": "off"}, follow=True).text
    assert 'data-keys="off"' not in mine.post("/account/shortcuts/", {"single_keys": "on"}, follow=True).text


# The address


def test_a_new_address_counts_once_its_letter_is_followed(person, mine):
    mine.post("/account/email/", {"email": "t.rees@ambleford.example", "action_add": "1"})
    letter = OutgoingMail.objects.get(kind="email confirmation")
    assert letter.to == "t.rees@ambleford.example"
    person.refresh_from_db()
    assert person.email == "tomos@ambleford.example"

    link = next(line for line in letter.text.splitlines() if "/confirm-email/" in line).partition("8000")[2]
    assert "Confirm your email address" in Client().get(link).text
    person.refresh_from_db()
    assert person.email == "tomos@ambleford.example"  # opening the link changes nothing: mail scanners open links
    mine.post(link)

    person.refresh_from_db()
    assert person.email == "t.rees@ambleford.example"


def test_p13_an_address_that_has_an_account_looks_like_any_other(person, mine):
    UserFactory(email="taken@ambleford.example").confirm_email()

    answers = [
        mine.post("/account/email/", {"email": email, "action_add": "1"})
        for email in ("taken@ambleford.example", "free@ambleford.example")
    ]

    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0].url == answers[1].url


# Sessions


def test_sessions_are_listed_by_browser_and_one_button_ends_all_others(person):
    phone, desk = (
        Client(headers={"user-agent": agent})
        for agent in ("Mozilla/5.0 (iPhone) Version/17 Safari/604", "Mozilla/5.0 (Windows NT) Chrome/156 Safari/537")
    )
    person.set_password("nine quiet kettles")
    person.save()
    for client in (phone, desk):
        client.post("/account/login/", {"login": person.email, "password": "nine quiet kettles"})

    page = desk.get("/account/sessions/").text
    assert "Safari on an iPhone" in page
    assert "Chrome on Windows" in page

    desk.post("/account/sessions/")
    assert phone.get("/account/").status_code == 302
    assert desk.get("/account/").status_code == 200


def test_one_person_s_button_leaves_others_alone(mine, member):
    mine.post("/account/sessions/")

    assert member.get("/account/").status_code == 200


# Days away


@time_machine.travel(MONDAY, tick=False)
def test_days_away_are_booked_and_cancelled(person):
    mine = signed_in(person)
    page = mine.post("/account/absences/", {"starts_on": "2026-12-21", "ends_on": "2026-12-31"}, follow=True)
    assert "You are away from 21 December 2026 to 31 December 2026" in page.text

    absence = person.absences.get()
    page = mine.post(f"/account/absences/{absence.pk}/remove/", follow=True)

    assert "no longer away from 21 December" in page.text
    assert not person.absences.exists()
    assert Change.objects.about(person).count() == 2


@time_machine.travel(MONDAY, tick=False)
@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-12-31", "2026-12-21", "same as or after the first day"),
        ("2026-11-02", "2026-11-06", "today or in the future"),
        ("2026-12-01", "2028-12-01", "at most a year"),
        ("2026-11-27", "2026-11-30", "already away on 27 November 2026"),
        ("0001-01-01", "0001-01-01", "between 2000 and 2099"),
        ("10000-01-01", "2026-13-45", "Enter a real date"),
        ("", "", "Enter the first day"),
    ],
)
def test_a_mistake_in_days_away_is_said_and_kept(person, first, last, why):
    Absence(user=person, starts_on=dt.date(2026, 11, 27), ends_on=dt.date(2026, 11, 27)).book()

    page = signed_in(person).post("/account/absences/", {"starts_on": first, "ends_on": last})

    assert page.status_code == 422
    assert why in page.text
    assert person.absences.count() == 1


def test_part_time_people_say_which_days_they_work(person):
    mine = signed_in(person)

    page = mine.post("/account/weekdays/", {"works_on": ["3", "0", "1"]}, follow=True).text

    person.refresh_from_db()
    assert person.works_on == [0, 1, 3]
    assert "You work on Monday, Tuesday and Thursday" in page
    assert Change.objects.about(person).first().words == "will work on Monday, Tuesday and Thursday"


@pytest.mark.parametrize(("days", "why"), [([], "Choose at least one day"), (["5"], "Choose"), (["x"], "Choose")])
def test_a_mistake_in_the_days_of_the_week_changes_nothing(person, days, why):
    page = signed_in(person).post("/account/weekdays/", {"works_on": days})

    person.refresh_from_db()
    assert page.status_code == 422 and why in page.text
    assert person.works_on == [0, 1, 2, 3, 4] and not Change.objects.about(person).exists()


@pytest.mark.parametrize("days", [[], [5], [0, 9]])
def test_the_database_knows_no_other_days(person, days):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=person.pk).update(works_on=days)


def test_the_team_sees_who_works_part_time(team, member, researcher):
    researcher.user.work_on([0])

    page = member.get("/teams/housing/people/").text

    assert "works on Monday" in page and page.count("works on") == 1


def test_nobody_cancels_somebody_else_s_days_away(person, member):
    absence = Absence(user=person, starts_on=dt.date(2030, 1, 1), ends_on=dt.date(2030, 1, 1))
    absence.save()

    assert member.post(f"/account/absences/{absence.pk}/remove/").status_code == 404
    assert person.absences.exists()


def test_p31_only_the_name_changes(person, mine):
    extra = {"is_active": "", "email": "other@example.org", "pk": "1", "password": "x", "joined_at": "2020-01-01"}

    mine.post("/account/name/", {"name": "New", **extra})

    after = User.objects.get(pk=person.pk)
    assert (after.name, after.email, after.is_active) == ("New", person.email, True)
