"""A weeknote is drafted from a sprint, and leaves only after a person has read it."""

import pytest

from research.models import Weeknote
from research.weeknote_draft import drafted
from sprints.models import Sprint
from teams.models import Change
from tests.factories import owned_blocker, planned_sprint, ready_story, started_sprint
from tests.research.making import a_finding, a_session, noted
from tests.sprints.working import finish

pytestmark = pytest.mark.django_db
WORDS = {"good": "People see their next steps", "learned": "", "difficulties": "", "next": "We test it", "version": 1}


@pytest.fixture
def sprint(team, product_owner):
    titles = ["See the first steps", "Print the pack"]
    done, undone = [ready_story(team, product_owner.user, title=title) for title in titles]
    sprint = started_sprint(team, product_owner.user, [done, undone], goal="Know what helps")
    finish(done, by=product_owner.user)
    return sprint


def at(sprint, path=""):
    return f"{sprint.get_absolute_url()}weeknote/{path}"


def begun(client, sprint):
    client.post(at(sprint, "begin/"))
    return Weeknote.objects.get()


def test_the_draft_says_what_happened(sprint, team, product_owner, round_, by):
    owned_blocker(team, product_owner.user, title="No figures").resolve("They came", by=product_owner.user)
    finding = a_finding(round_, by, *noted(a_session(round_, by), by, "I signed where they pointed"))
    finding.agree(by=by)
    planned_sprint(team, product_owner.user, number=sprint.number + 1, goal="Test it with people", **after(sprint))

    words = drafted(sprint)

    assert words["good"] == "- Our goal: Know what helps\n- Done: See the first steps"
    assert words["learned"] == f"- {finding.statement}"
    assert words["difficulties"] == "- Cleared: No figures"
    assert words["next"] == "- Next goal: Test it with people\n- Finish: Print the pack"


def after(sprint):
    first, last = Sprint.objects.next_dates(sprint.team, sprint.ends_on)
    return {"starts_on": first, "ends_on": last}


def test_begun_twice_it_is_one(product_owner, delivery_manager, sprint):
    begun(product_owner, sprint)

    assert begun(delivery_manager, sprint).begun_by == product_owner.user


def test_a_history_names_what_was_rewritten_and_repeats_no_long_text(product_owner, sprint):
    weeknote = begun(product_owner, sprint)
    as_browsers_send_it = {name: getattr(weeknote, name).replace("\n", "\r\n") for name in weeknote.PARTS}

    product_owner.post(at(sprint), as_browsers_send_it | {"version": 1, "difficulties": "It was hard. " * 40})

    words = Change.objects.about(weeknote).first().words
    assert words == "changed the difficulties"


def test_it_leaves_once_somebody_has_read_it(product_owner, sprint):
    begun(product_owner, sprint)
    assert product_owner.get(at(sprint, "text/")).status_code == 302

    product_owner.post(at(sprint), WORDS)

    text = product_owner.get(at(sprint, "text/"))
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "Good things\n\nPeople see their next steps" in text.text and "Difficulties" not in text.text


@pytest.mark.parametrize("words", ["P7 told us most", "Two of the tenants left", "“I signed where they told me to”"])
def test_what_tells_of_a_participant_keeps_it_in(product_owner, sprint, words):
    begun(product_owner, sprint)
    product_owner.post(at(sprint), WORDS | {"good": words, "as_it_is": "on"})

    page = product_owner.get(at(sprint, "text/"), follow=True).text

    assert "The check finds" in page and "Take it away" not in page


def test_two_who_edit_at_once_lose_nothing(product_owner, delivery_manager, sprint):
    note = begun(product_owner, sprint)
    note.edit(by=delivery_manager.user, good="Theirs")

    response = product_owner.post(at(sprint), WORDS | {"good": "Mine"})

    assert response.status_code == 409 and "Theirs" in response.text and "Mine" in response.text


def test_a_member_may_not(member, sprint, product_owner):
    begun(product_owner, sprint)

    assert member.get(at(sprint)).status_code == 403 and member.get(at(sprint, "text/")).status_code == 403


def test_there_is_nothing_to_save_or_take_before_it_is_begun(product_owner, sprint):
    assert product_owner.post(at(sprint), WORDS).status_code == 404
    assert product_owner.get(at(sprint, "text/")).status_code == 404
