"""Several stories changed together from their list: what is asked, what is refused, and one undo for all."""

import pytest

from backlog.models import Story, StoryState
from backlog.story_picking import AT_ONCE
from teams.models import Change
from tests.factories import TeamFactory, make_story, ready_story, story_in

BULK = "/teams/housing/stories/bulk/"


@pytest.fixture
def three(team, product_owner):
    return [ready_story(team, product_owner.user) for _ in range(3)]


def send(client, stories, act, **more):
    picked = {"act": act, "pick": [one.reference for one in stories], "go": "yes"}
    return client.post(BULK, {name: value for name, value in (picked | more).items() if value is not None})


def now(stories, field):
    found = Story.objects.in_bulk([one.pk for one in stories])
    return [getattr(found[one.pk], field) for one in stories]


def undo_button(page):
    return page.split('action="/teams/housing/changes/')[1].split("/")[0]


@pytest.mark.parametrize(
    ("act", "answer", "field", "values"),
    [
        ("state", {"to": "in_progress"}, "state", ["in_progress"] * 3),
        ("size", {"points": "8"}, "points", [8] * 3),
        ("size", {"points": "3"}, "points", [3] * 3),
    ],
)
def test_all_of_them_are_changed_with_a_line_of_history_each(three, member, act, answer, field, values):
    before = [Change.objects.about(one).count() for one in three]
    changed = now(three, field) != values

    page = send(member, three, act, **answer)

    assert (page.status_code, now(three, field)) == (302, values)
    assert [Change.objects.about(one).count() - was for one, was in zip(three, before, strict=True)] == [changed] * 3


def test_they_are_given_to_one_person_and_given_back_together(three, member, product_owner):
    three[0].assign(product_owner.user, by=product_owner.user)
    answer = send(member, three, "assign", assignee=member.user.pk)
    page = member.get(answer["Location"]).text
    assert "<b>3 stories:</b> assigned them to Team member" in page

    back = member.post(f"/teams/housing/changes/{undo_button(page)}/undo/", follow=True)

    assert now(three, "assignee_id") == [product_owner.user.pk, None, None]
    assert back.status_code == 200 and "Undone for 3 stories: assigned them to Team member" in back.text


def test_what_must_be_asked_is_asked_first(three, member):
    page = send(member, three, "state", go=None).text

    assert all(one.reference in page for one in three)
    assert "In progress" in page and "On hold" in page
    assert "Won’t do" not in page  # for the product owner to say


def test_one_that_cannot_go_there_keeps_all_where_they_are(team, three, member, product_owner):
    three.append(make_story(team, product_owner.user))

    page = send(member, three, "state", to="in_progress")

    assert page.status_code == 422
    assert f"{three[3].reference} is “Backlog”: it cannot become “In progress” from there" in page.text
    assert now(three, "state") == ["ready"] * 3 + ["backlog"]


def test_what_is_there_already_stays_and_the_others_follow(team, three, product_owner):
    three.append(story_in(StoryState.WONT_DO, team, product_owner.user))

    send(product_owner, three, "state", to="wont_do", comment="The law has changed")

    assert now(three, "state") == ["wont_do"] * 4
    assert now(three[:3], "reason") == ["The law has changed"] * 3


def test_nothing_to_do_is_said(three, member):
    page = member.get(send(member, three, "size", points="3")["Location"]).text

    assert "They are like that already" in page


def test_they_move_to_the_top_in_their_sequence_and_back(team, three, product_owner):
    first = make_story(team, product_owner.user)
    order = [one.pk for one in Story.objects.open().in_order()]
    page = product_owner.get(send(product_owner, [first, three[2]], "top")["Location"]).text
    assert [one.pk for one in Story.objects.open().in_order()][:2] == [three[2].pk, first.pk]

    product_owner.post(f"/teams/housing/changes/{undo_button(page)}/undo/")

    assert [one.pk for one in Story.objects.open().in_order()] == order


def test_the_undo_is_refused_for_all_once_one_has_changed(three, member):
    page = member.get(send(member, three, "size", points="8")["Location"]).text
    Story.objects.select_related("team__programme").get(pk=three[1].pk).resize(5, by=member.user)

    answer = member.post(f"/teams/housing/changes/{undo_button(page)}/undo/")

    assert answer.status_code == 409
    assert now(three, "points") == [8, 5, 8]


def test_the_filter_of_the_list_stays(three, member):
    answer = send(member, three, "size", points="8", query="who=me&done=1&x=https://elsewhere.example")

    assert answer["Location"].startswith("/teams/housing/stories/?who=me&")


@pytest.mark.parametrize(("act", "reader", "status"), [("top", "member", 403), ("size", "service_lead", 403)])
def test_the_role_decides(request, three, act, reader, status):
    assert send(request.getfixturevalue(reader), three, act).status_code == status


def test_stories_of_others_are_not_found(member, product_owner):
    foreign = ready_story(TeamFactory(), product_owner.user)

    page = send(member, [foreign], "size", points="8")

    assert "Nothing is selected" in page.text and foreign.title not in page.text
    assert now([foreign], "points") == [3]


@pytest.mark.parametrize(
    ("act", "more", "status"),
    [
        ("burn", {}, 400),
        ("", {}, 400),
        ("size", {"points": "7"}, 422),
        ("assign", {"assignee": "9" * 40}, 422),
        ("state", {"to": "nowhere"}, 422),
        ("state", {"to": "ready\0"}, 400),
        ("state", {"to": "in_progress", "comment": "x" * 1001}, 422),
        ("size", {"pick": ["HOU-1"] * (AT_ONCE + 1)}, 400),
    ],
)
def test_nonsense_changes_nothing(three, member, act, more, status):
    assert send(member, three, act, **more).status_code == status
    assert (now(three, "state"), now(three, "points")) == (["ready"] * 3, [3] * 3)
