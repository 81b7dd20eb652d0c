"""The list of stories: its order, its filters, fast entry, the four ways to move."""

import re

import pytest
from django.urls import reverse

from backlog.models import Kind, Story, StoryOrder, StoryState
from teams.models import Change
from tests.factories import MembershipFactory, make_opportunity, make_story, ready_story, story_in

STORIES = "/teams/housing/stories/"


def titles(response):
    """In the order of the page."""
    found = [(response.text.find(f">{story.title}</a>"), story.title) for story in Story.objects.all()]
    return [title for place, title in sorted(found) if place >= 0]


def add(team, by, *names, **fields):
    return [make_story(team, by, title=name, **fields) for name in names]


def move(client, story, **answers):
    return client.post(reverse("backlog:move_story", args=[story.reference]), answers)


def in_order(team):
    return [story.title for story in team.stories.open().in_order()]


def test_an_empty_list_says_what_it_is_for_and_offers_to_begin(member):
    response = member.get(STORIES)

    assert "Stories, bugs and tasks are what the team does next" in response.text
    assert "Add several at once" in response.text


def test_the_list_is_in_the_product_owners_order_and_leaves_out_what_is_closed(team, product_owner):
    by = product_owner.user
    add(team, by, "First", "Second")
    story_in(StoryState.DONE, team, by, title="Finished")
    story_in(StoryState.WONT_DO, team, by, title="Refused")

    assert titles(product_owner.get(STORIES)) == ["First", "Second"]
    assert set(titles(product_owner.get(STORIES, {"status": "closed"}))) == {"Finished", "Refused"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "bug"}, ["Print is cut off"]),
        ({"who": "me"}, ["Mine"]),
        ({"size": "5"}, ["Big"]),
        ({"tag": "assisted"}, ["By phone"]),
        ({"tag": "access"}, ["Large print"]),
        ({"under": "HOU-1"}, ["Child"]),
        ({"q": "phone"}, ["By phone"]),
        ({"status": "ready"}, ["All said"]),
        ({"sort": "size", "who": "nobody", "status": "ready"}, ["All said"]),
    ],
)
def test_every_filter_narrows_the_list(team, member, query, found):
    by = member.user
    opportunity = make_opportunity(team, by)
    add(team, by, "Print is cut off", kind=Kind.BUG)
    add(team, by, "Mine", assignee=by)
    add(team, by, "Big", points=5)
    add(team, by, "By phone", assisted_digital=True)
    add(team, by, "Large print", access_needs=["seeing"])
    add(team, by, "Child", opportunity=opportunity)
    ready_story(team, by, title="All said")

    assert titles(member.get(STORIES, query)) == found


@pytest.mark.parametrize("query", ["kind=epic", "who=9999999", "group=x", "sort=rank%00", "page=forged", "size=4"])
def test_a_filter_that_was_never_offered_is_a_plain_400(team, member, query):
    assert member.get(f"{STORIES}?{query}").status_code == 400


def test_the_list_asks_as_much_of_fifty_stories_as_of_one(team, member, at_most):
    opportunity = make_opportunity(team, member.user)
    Story.objects.add_many(
        team,
        [{"title": f"Story {n}", "assignee": member.user, "opportunity": opportunity} for n in range(60)],
        by=member.user,
    )

    with at_most(8):
        assert len(titles(member.get(STORIES))) == 50


def test_the_second_page_goes_on_where_the_first_ended(team, member):
    Story.objects.add_many(team, [{"title": f"Story {n:02}"} for n in range(60)], by=member.user)
    first = member.get(STORIES)
    address = first.text.split('rel="next"')[0].rpartition('href="')[2].rstrip('" ').replace("&amp;", "&")

    assert titles(member.get(address)) == [f"Story {n:02}" for n in range(50, 60)]


# --- Fast entry


def test_many_are_added_one_on_each_line(team, member):
    narrative = "As a carer, I need to print it so that I can help."
    lines = f"Print the pack\n\n bug: Print is cut off \nTask: Write six findings\n{narrative}"

    response = member.post(
        f"{STORIES}many/", {"lines": lines, "key": "8b2f7c1e-0d3a-4a53-9a52-0a5b4c6d7e8f"}, follow=True
    )

    added = list(team.stories.in_order().values_list("kind", "title", "actor", "need", "so_that"))
    assert added == [
        ("user_story", "Print the pack", "", "", ""),
        ("bug", "Print is cut off", "", "", ""),
        ("task", "Write six findings", "", "", ""),
        ("user_story", "Print it", "carer", "print it", "I can help"),
    ]
    assert "4 stories are added" in response.text


def test_what_was_added_is_shown_below_what_stood_there_while_that_is_one_page(team, member):
    add(team, member.user, *(f"Story {number:02}" for number in range(9)))

    page = member.post(f"{STORIES}many/", {"lines": "Print the pack"}, follow=True)

    assert "Story 00" in page.text and "1 to 10 of 10" in page.text


def test_the_same_lines_sent_twice_are_added_once(team, member):
    answers = {"lines": "Print the pack", "key": "8b2f7c1e-0d3a-4a53-9a52-0a5b4c6d7e8f"}

    for _ in range(2):
        member.post(f"{STORIES}many/", answers)

    assert team.stories.count() == 1


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("", "Enter at least one line"),
        ("\n".join(["One"] * 51), "Enter 50 lines at most; these are 51"),
        ("Print the pack\n\nbug: Print the pack\n print  the Pack", "Line 4 says the same as line 1"),
        ("x" * 151, "Line 1 is longer than 150 characters"),
        ("One\nbug:", "Line 2 has no title"),
        ("One\n\n\nbug:", "Line 4 has no title"),
    ],
)
def test_lines_that_cannot_be_added_come_back_with_the_reason(team, member, lines, words):
    response = member.post(f"{STORIES}many/", {"lines": lines})

    assert response.status_code == 422 and words in response.text
    assert team.stories.count() == 0


# --- Moving


@pytest.mark.parametrize(
    ("answers", "order"),
    [
        ({"to": "top"}, ["C", "A", "B", "D"]),
        ({"to": "up"}, ["A", "C", "B", "D"]),
        ({"to": "down"}, ["A", "B", "D", "C"]),
        ({"to": "bottom"}, ["A", "B", "D", "C"]),
        ({"to": "place", "place": "2"}, ["A", "C", "B", "D"]),
        ({"to": "place", "place": "900000"}, ["A", "B", "D", "C"]),
        ({"to": "before", "other": "hou-1"}, ["C", "A", "B", "D"]),
        ({"to": "after", "other": "hou-1"}, ["A", "C", "B", "D"]),
        ({"to": "after", "other": "hou-4"}, ["A", "B", "D", "C"]),
    ],
)
def test_a_story_moves_where_the_product_owner_says(team, product_owner, answers, order):
    story = add(team, product_owner.user, "A", "B", "C", "D")[2]

    response = move(product_owner, story, **answers)

    assert response.status_code == 302 and in_order(team) == order


def test_a_move_says_what_it_did_and_can_be_undone(team, product_owner):
    story = add(team, product_owner.user, "A", "B", "C")[2]
    page = product_owner.get(move(product_owner, story, to="top")["Location"])
    assert "Now 1st, was 3rd." in page.text and ">Undo<" in page.text

    change = Change.objects.about(story).first()
    undone = product_owner.post(reverse("backlog:undo", args=[team.slug, change.pk]), follow=True)

    assert in_order(team) == ["A", "B", "C"]
    assert f"{story.reference}: you undid “moved”." in " ".join(re.sub("<[^>]+>", "", undone.text).split())


def test_what_was_undone_is_undone_with_single_quotes_within(team, product_owner):
    story = add(team, product_owner.user, "A", "B", "C")[2]
    move(product_owner, story, to="top")

    for _ in range(2):
        product_owner.post(reverse("backlog:undo", args=[team.slug, Change.objects.about(story).first().pk]))

    assert in_order(team) == ["C", "A", "B"]
    assert Change.objects.about(story).first().words == "undid “undid ‘moved’”"


@pytest.mark.parametrize(
    "mark", ["x", "1.", ".1", "0.1.1", "9" * 30, "{}.x.y", "{}.99999999999999999999.1", "{}.1.2.3"]
)
def test_an_address_that_was_written_by_hand_says_no_place(team, product_owner, mark):
    story = add(team, product_owner.user, "A", "B")[1]
    move(product_owner, story, to="top")

    page = product_owner.get(f"{STORIES}?done={mark.format(Change.objects.about(story).first().pk)}")

    assert page.status_code == 200 and "Now 99" not in page.text


def test_an_htmx_move_answers_with_the_words_and_the_place(team, product_owner, htmx):
    first, _, third = add(team, product_owner.user, "A", "B", "C")

    response = product_owner.post(reverse("backlog:move_story", args=[third.reference]), {"to": "top"}, **htmx)

    assert f'data-before="story-{first.pk}"' in response.text and "Now 1st, was 3rd" in response.text


def test_what_is_done_has_no_place_to_move_to(team, product_owner):
    story = story_in(StoryState.DONE, team, product_owner.user)

    assert move(product_owner, story, to="top").status_code == 422


def test_the_keys_stay_short_however_often_something_is_put_on_top(team, product_owner):
    stories = add(team, product_owner.user, "A", "B")
    for n in range(100):
        order = StoryOrder.locked(team)
        order.move([stories[n % 2]], before=order.items().exclude(pk=stories[n % 2].pk).get(), by=product_owner.user)

    assert in_order(team) == ["B", "A"]
    assert max(len(story.rank) for story in team.stories.all()) < 10


# --- Who may


@pytest.mark.parametrize(
    ("reader", "status"),
    [
        ("member", 200),
        ("researcher", 200),
        ("delivery_manager", 200),
        ("service_lead", 403),
        ("administrator", 403),
        ("outsider", 404),
    ],
)
def test_only_the_team_sees_its_stories(request, team, reader, status):
    assert request.getfixturevalue(reader).get(STORIES).status_code == status


@pytest.mark.parametrize("reader", ["member", "researcher", "delivery_manager"])
def test_only_the_product_owner_orders(request, team, product_owner, reader):
    story = make_story(team, product_owner.user)

    assert move(request.getfixturevalue(reader), story, to="top").status_code == 403


def test_the_list_can_be_taken_away(team, member):
    story = ready_story(team, member.user, title="=SUM(A1)", assignee=MembershipFactory(team=team).user)

    csv = b"".join(member.get(f"{STORIES}export.csv")).decode()
    xlsx = member.get(f"{STORIES}export.xlsx")

    assert story.reference in csv and "'=SUM(A1)" in csv and "The next three steps stand first" in csv
    assert b"".join(xlsx).startswith(b"PK")
