"""The stand-up: my three questions."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from sprints import standup as standups
from sprints.models import StandupEntry
from teams.models import Change
from tests.factories import MembershipFactory, owned_blocker, raised_blocker, story_in
from tests.sprints.standups import FRIDAY, HERE, MONDAY, at, entry_of, signed_in_again, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_the_questions_are_asked_in_the_words_people_know(team, member):
    page = member.get("/teams/housing/standup/").text

    for question in (
        "What did you do on Friday?",
        "What are you going to do today?",
        "Is anything blocking your work?",
        "Do not name research participants or customers",
    ):
        assert question in page


def test_what_i_did_is_filled_in_from_my_last_today_and_the_stories_i_moved(team, product_owner):
    team.standup_entries.create(
        person=product_owner.user, day=FRIDAY, doing="Book part two", posted_by=product_owner.user
    )
    with at(15, day=FRIDAY):
        story = story_in("in_progress", team, product_owner.user)

    page = product_owner.get(HERE).text

    assert f"Book part two\n{story.reference} {story.title}: In progress</textarea>" in page
    assert "Filled in from your last stand-up" in page


def test_stories_moved_today_are_not_what_i_did_before(team, product_owner):
    story_in("in_progress", team, product_owner.user)

    assert standups.prefilled(team, product_owner.user, MONDAY) == ""


def test_an_answered_form_is_on_the_wall(team, member, product_owner):
    response = member.post(HERE, words())

    page = product_owner.get(response["Location"]).text
    assert "Drew stage 6" in page and "Check touchpoints" in page
    assert "1 of 2 in" in page and "Not yet" in page and "9:05am" in page
    assert Change.objects.about(entry_of(member)).get().words == "posted"


def test_the_history_never_says_what_somebody_wrote(team, member):
    member.post(HERE, words(did="My secret"))
    member.post(HERE, words(did="Other", version=1))

    assert not Change.objects.filter(words__contains="secret").exists()


def test_the_same_form_sent_twice_is_one_entry_and_one_blocker(team, member):
    sent = words(blocking="new", title_1="No test data", risks_1="on", key=uuid.uuid4())

    first, second = (member.post(HERE, sent) for _ in range(2))

    assert first["Location"] == second["Location"] == HERE
    assert [(one.title, one.risks_goal) for one in entry_of(member).blockers.all()] == [("No test data", True)]
    assert team.blockers.count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"doing": ""}, "Say what you are going to do"),
        ({"blocking": ""}, "Say whether anything is blocking your work"),
        ({"blocking": "new"}, "Say what is in the way"),
        ({"title_1": "No data"}, "Choose “Add a blocker”, or take its words out"),
        ({"blocking": "new", "needed_2": "Two hours"}, "Say what is in the way"),
        ({"blocking": "new", "title_1": "No data", "story_1": "XYZ-9"}, "There is no story XYZ-9 in Housing"),
        ({"blocking": "new", "title_1": "Mrs Jones is ill"}, "This looks like a name"),
        ({"doing": "x" * 1001}, "1000 characters or fewer"),
    ],
)
def test_a_mistake_keeps_every_word(team, member, change, sentence):
    response = member.post(HERE, words(did="Precious words") | change)

    assert response.status_code == 422
    assert sentence in response.text and "Precious words" in response.text
    assert not StandupEntry.objects.exists() and not team.blockers.exists()


def test_my_open_blockers_are_asked_about_first(team, member, researcher):
    mine = owned_blocker(team, member.user, title="Rota team")
    raised = raised_blocker(team, member.user, title="Data team")
    owned_blocker(team, researcher.user, title="Not mine")

    form = member.get(HERE).text.partition("Everyone")[0]

    assert f"still_{mine.pk}" in form and f"still_{raised.pk}" in form
    assert "Not mine" not in form
    unanswered = member.post(HERE, words(asked=[mine.pk]))
    assert "Say whether “Rota team” still blocks you" in unanswered.text


def test_still_blocked_is_news_and_resolved_says_how(team, member):
    with at(9, day=FRIDAY):
        still, over = owned_blocker(team, member.user), owned_blocker(team, member.user, title="Over")
    answers = {f"still_{still.pk}": "still", f"still_{over.pk}": "resolved", "asked": [still.pk, over.pk]}

    assert "Say how it was resolved" in member.post(HERE, words() | answers).text
    member.post(HERE, words() | answers | {f"how_{over.pk}": "They called back"})

    still.refresh_from_db()
    over.refresh_from_db()
    assert timezone.localdate(still.last_update_at) == MONDAY
    assert (over.state, over.how) == ("resolved", "They called back")
    assert list(entry_of(member).blockers.all()) == [still]


def test_a_blocker_of_another_team_is_not_resolved_through_the_form(team, member):
    other = MembershipFactory(user=member.user).team
    blocker = owned_blocker(other, member.user)

    member.post(HERE, words() | {"asked": blocker.pk, f"still_{blocker.pk}": "resolved", f"how_{blocker.pk}": "x"})

    blocker.refresh_from_db()
    assert blocker.state == "owned"


def test_a_blocker_given_to_me_while_i_was_writing_costs_no_second_try(team, member, delivery_manager):
    raised_blocker(team, delivery_manager.user).assign(member.user, by=delivery_manager.user)

    assert member.post(HERE, words()).status_code == 302


def test_an_edit_keeps_what_blocked_me_and_was_not_asked_about(team, member):
    member.post(HERE, words(blocking="new", title_1="No data"))

    member.post(HERE, words(version=1, did="Drew more"))

    assert [one.title for one in entry_of(member).blockers.all()] == ["No data"]


def test_until_midnight_a_correction_leaves_no_mark_and_later_it_does(team, member):
    member.post(HERE, words())
    with at(23, 50):
        at_night = signed_in_again(member)
        at_night.post(HERE, words(did="Drew stages 6 and 7", version=1))
        page = at_night.get(HERE).text.partition("Everyone")[2]
    assert "Drew stages 6 and 7" in page and "edited" not in page

    with at(8, day=dt.date(2026, 11, 24)):
        next_day = signed_in_again(member)
        next_day.post(HERE, words(did="Drew stage 7", version=2))
        page = next_day.get(HERE).text.partition("Everyone")[2]

    assert "Drew stage 7" in page and "edited 24 November 2026" in page


def test_written_on_two_screens_both_texts_are_shown(team, member):
    member.post(HERE, words(did="From my phone"))

    response = member.post(HERE, words(did="From my desk", blocking="new", title_1="No data"))

    assert response.status_code == 409
    assert "From my phone" in response.text and "From my desk" in response.text
    assert 'name="version" value="1"' in response.text
    assert entry_of(member).did == "From my phone" and not team.blockers.exists()


def test_words_put_right_by_their_person_are_no_longer_by_the_delivery_manager(team, member, delivery_manager):
    delivery_manager.post(f"{HERE}for/{team.memberships.get(user=member.user).pk}/", words())

    page = member.post(HERE, words(did="Drew stages 6 and 7", version=1), follow=True).text

    assert "Your stand-up is changed" in page
    assert "Drew stages 6 and 7" in page and "by Delivery manager" not in page


def test_a_delivery_manager_posts_for_somebody_and_the_wall_says_so(team, member, delivery_manager):
    place = team.memberships.get(user=member.user).pk

    assert "for/" not in member.get(HERE).text
    response = delivery_manager.post(f"{HERE}for/{place}/", words())

    assert response.status_code == 302
    assert entry_of(member).on_behalf
    assert Change.objects.about(entry_of(member)).get().words == f"posted for {member.user}"
    assert "by Delivery manager" in member.get(HERE).text
    assert member.post(f"{HERE}for/{place}/", words(version=1)).status_code == 403
