"""The stand-up: my three questions, the wall, and what stands beside it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sprints import standup as standups
from sprints.models import StandupEntry
from sprints.walk import walk
from sprints.working_day import WorkingDays, called
from teams.models import Change
from tests.factories import MembershipFactory, make_story, owned_blocker, raised_blocker, story_in
from tests.people import signed_in

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
HERE = f"/teams/housing/standup/{MONDAY}/"


@pytest.fixture(autouse=True)
def monday_morning(request):
    with at(9, 5):
        yield


def at(hour, minute=0, day=MONDAY):
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour, minute), dt.UTC), tick=False)


def words(**more):
    return {"version": 0, "did": "Drew stage 6", "doing": "Check touchpoints", "blocking": "nothing"} | more


def entry_of(client):
    return StandupEntry.objects.get(person=client.user)


# --- Which day it is


@pytest.mark.parametrize(
    ("day", "division", "expected"),
    [
        (MONDAY, "england-and-wales", "on Friday"),
        (dt.date(2026, 11, 24), "england-and-wales", "yesterday"),
        (dt.date(2026, 12, 1), "scotland", "on Friday"),  # St Andrew's Day is on the Monday
        (dt.date(2026, 12, 1), "england-and-wales", "yesterday"),
        (dt.date(2026, 12, 29), "england-and-wales", "on Thursday"),  # Christmas and the substitute for Boxing Day
        (dt.date(2027, 1, 5), "scotland", "on Thursday"),  # 4 January is a holiday there
        (dt.date(2026, 10, 26), "england-and-wales", "on Friday"),  # the clocks went back on Sunday
        (dt.date(2027, 3, 29), "northern-ireland", "on Thursday"),
    ],
)
def test_the_last_working_day_is_called_what_people_call_it(day, division, expected):
    days = WorkingDays(division, ())
    day = days.current(day)

    assert called(days.before(day), day) == (expected if day != dt.date(2027, 3, 30) else "on Thursday")


def test_after_a_long_closure_the_day_has_its_date():
    days = WorkingDays("england-and-wales", ((dt.date(2026, 12, 21), dt.date(2027, 1, 3)),))

    assert called(days.before(dt.date(2027, 1, 4)), dt.date(2027, 1, 4)) == "on Friday 18 December"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), MONDAY),
        (dt.datetime(2026, 12, 25, 12, tzinfo=dt.UTC), dt.date(2026, 12, 29)),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), dt.date(2026, 7, 2)),  # already tomorrow in summer time
    ],
)
def test_on_a_day_nobody_works_the_next_stand_up_is_open(team, member, moment, expected):
    with time_machine.travel(moment, tick=False):
        later = signed_in_again(member)
        page = later.get("/teams/housing/standup/").text
        posted = later.post(f"/teams/housing/standup/{expected}/", words())

    assert f'action="/teams/housing/standup/{expected}/"' in page
    assert posted.status_code == 302
    assert entry_of(member).day == expected


def signed_in_again(client):
    """On another day, when the old session has ended."""
    return signed_in(client.user)


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-06", "2026-13-45", "20261123", "monday", "1999-01-04"])
def test_a_day_that_takes_no_entry_takes_none(team, member, day):
    assert member.post(f"/teams/housing/standup/{day}/", words()).status_code == 404
    assert not StandupEntry.objects.exists()


def test_a_day_nobody_works_leads_to_the_next(team, member):
    response = member.get("/teams/housing/standup/2026-11-21/")

    assert response["Location"] == HERE


# --- My three questions


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
    assert Change.objects.about(entry_of(member)).get().words == "posted the stand-up of 23 November 2026"


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
        ({"doing": ""}, "Say what you are going to do today"),
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


def test_a_delivery_manager_posts_for_somebody_and_the_wall_says_so(team, member, delivery_manager):
    place = team.memberships.get(user=member.user).pk

    assert "for/" not in member.get(HERE).text
    response = delivery_manager.post(f"{HERE}for/{place}/", words())

    assert response.status_code == 302
    assert entry_of(member).on_behalf
    assert "by Delivery manager" in member.get(HERE).text
    assert member.post(f"{HERE}for/{place}/", words(version=1)).status_code == 403


# --- The wall and beside it


def test_away_is_a_state_and_nobody_is_missing(team, member, researcher):
    page = member.post(f"{HERE}away/", follow=True).text

    assert "Away" in page and "0 of 1 in" in page
    assert researcher.get("/teams/housing/people/").status_code == 200
    member.post(f"{HERE}here/")
    assert not member.user.absences.exists()


def test_nobody_waits_for_part_time_people_on_their_other_days(team, member, researcher):
    member.user.work_on([1, 2, 3])

    page, today = member.get(HERE).text, researcher.get("/").text

    assert "Does not work on Mondays" in page and "0 of 1 in" in page
    assert "I am away" not in page and "Write yours all the same" in page
    assert "of 1 in" in today
    member.post(HERE, words())
    assert "1 of 2 in" in member.get(HERE).text  # who came all the same counts


def test_a_day_further_ahead_is_not_called_the_next(member):
    page = member.get(f"/teams/housing/standup/{MONDAY + dt.timedelta(2)}/").text

    assert "This stand-up is still to come" in page and "once this is the next stand-up" in page
    assert "Nobody works today" not in page


def test_whoever_left_stays_on_the_wall_of_the_day(team, member, researcher):
    member.post(HERE, words())
    team.memberships.get(user=member.user).leave(by=researcher.user)

    assert "Drew stage 6" in researcher.get(HERE).text


def test_the_wall_asks_as_often_however_many_there_are(team, member, at_most):
    for _ in range(12):
        someone = MembershipFactory(team=team).user
        entry = team.standup_entries.create(person=someone, day=MONDAY, doing="Work", posted_by=someone)
        entry.blockers.add(raised_blocker(team, someone))

    with at_most(22):
        member.get(HERE)


def test_things_to_talk_about_after_with_names(team, member, researcher):
    sent = {"text": "Who sees the findings?", "people": [researcher.user.pk], "key": uuid.uuid4()}

    for _ in range(2):
        response = member.post(f"{HERE}talk/", sent)

    topic = team.talks_after.get()
    assert response["Location"] == f"{HERE}#after"
    assert "Who sees the findings?" in (page := member.get(HERE).text) and "User researcher" in page
    member.post(f"{HERE}talk/{topic.pk}/done/")
    assert "<s>Who sees the findings?</s>" in member.get(HERE).text


def test_the_next_team_is_one_press_away(team, member):
    other = MembershipFactory(user=member.user, team__name="Bereavement", team__slug="bereavement").team

    assert f'href="/teams/{other.slug}/standup/"' in member.get(HERE).text


@pytest.mark.parametrize("never", [{"doing": "", "did": ""}, {"edited_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}])
def test_the_database_refuses_what_must_never_be_false(team, member, never):
    member.post(HERE, words())

    with pytest.raises(IntegrityError), transaction.atomic():
        StandupEntry.objects.update(**never)


@pytest.mark.parametrize(("reader", "status"), [("service_lead", 403), ("administrator", 403), ("outsider", 404)])
def test_stand_ups_are_the_teams_alone(request, team, reader, status):
    client = request.getfixturevalue(reader)

    assert client.get(HERE).status_code == client.post(HERE, words()).status_code == status


def test_an_archived_teams_stand_ups_are_read_only(team, member, product_owner):
    team.archive(by=product_owner.user)

    assert member.get(HERE).status_code == 200
    assert member.post(HERE, words()).status_code == 403


# --- The board, talked through


def test_the_walk_goes_from_done_to_ready_with_what_is_blocked_first(team, product_owner):
    by = product_owner.user
    old, young, blocked = (story_in("in_progress", team, by, title=title) for title in ("Old", "Young", "Blocked"))
    reviewed = story_in("in_review", team, by, title="Reviewed")
    old.state_since = timezone.now() - dt.timedelta(7)
    blockers = {blocked.pk: [raised_blocker(team, by, story=blocked)]}

    columns = walk([young, old, blocked, reviewed], blockers, MONDAY, "england-and-wales")

    assert [name for name, _ in columns] == ["Ready for sign-off", "In review", "In progress", "Ready"]
    assert [[stop.story for stop in stops] for _, stops in columns] == [[], [reviewed], [blocked, old, young], []]
    assert [stop.days for stop in columns[2][1]] == [0, 5, 0]


def test_without_a_sprint_the_walk_says_what_it_is_for(team, member):
    assert "No sprint is running." in member.get("/teams/housing/standup/walk/").text


def test_a_story_says_what_blocks_it_and_a_blocker_which_story(team, product_owner):
    story = story_in("in_progress", team, product_owner.user)

    raising = product_owner.get(f"/teams/housing/blockers/raise/?story={story.reference}").text
    assert f'value="{story.reference}"' in raising
    product_owner.post(HERE, words(blocking="new", title_1="No data", story_1=story.reference.lower()))

    assert "No data" in product_owner.get(f"/stories/{story.reference}/").text
    assert f"/stories/{story.reference}/" in product_owner.get("/teams/housing/blockers/1/").text


def test_a_story_of_another_team_cannot_be_named(team, member):
    other = MembershipFactory()
    story = make_story(other.team, other.user)

    response = member.post(HERE, words(blocking="new", title_1="No data", story_1=story.reference))

    assert response.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        raised_blocker(team, member.user, story=story)
        connection.check_constraints()
