"""One story: its page, adding and editing it, its steps, ticks, links, comments and its parts."""

import pytest
from django.urls import reverse

from backlog.models import Comment, Link, Story, StoryState
from teams.models import Change
from tests.factories import (
    TeamFactory,
    make_opportunity,
    make_story,
    ranked_opportunity,
    ready_opportunity,
    ready_story,
    story_in,
)

ADD = "/teams/housing/stories/add/"
FACTS = {
    "kind": "user_story",
    "actor": "a carer",
    "need": "print the pack",
    "so_that": "I can help at home",
    "criteria": "Fits on eight pages\nReads well in grey",
    "points": "3",
    "channel": "paper",
    "user_group": "Carers",
    "access_needs": ["seeing", "understanding"],
    "assisted_digital": "on",
    "source": "Session 8",
}


def of(name, story, *args):
    return reverse(f"backlog:{name}", args=[story.reference, *args])


def fresh(story):
    return Story.objects.select_related("team__programme", "assignee").get(pk=story.pk)


def test_a_story_is_added_with_all_it_says(team, member):
    opportunity = make_opportunity(team, member.user)

    response = member.post(ADD, FACTS | {"opportunity": "hou-1", "assignee": member.user.pk})

    story = team.stories.get()
    assert response["Location"] == story.get_absolute_url()
    assert (story.title, story.points, story.user_group.name) == ("Print the pack", 3, "Carers")
    assert (story.opportunity, story.assignee, story.access_needs) == (
        opportunity,
        member.user,
        ["seeing", "understanding"],
    )
    assert [one.text for one in story.criteria.all()] == ["Fits on eight pages", "Reads well in grey"]


def test_adding_another_comes_back_to_an_empty_form_under_the_same_parent(team, member):
    make_opportunity(team, member.user)

    response = member.post(f"{ADD}?opportunity=HOU-1", FACTS | {"another": "yes", "opportunity": "HOU-1"}, follow=True)

    assert response.redirect_chain[0][0].endswith("?opportunity=HOU-1")
    assert "HOU-2 is added" in response.text and 'value="HOU-1"' in response.text


def test_the_opportunity_shows_its_stories_and_offers_to_add_one(team, member):
    opportunity = make_opportunity(team, member.user)
    make_story(team, member.user, title="Show the steps", opportunity=opportunity)

    page = member.get(opportunity.get_absolute_url()).text

    assert "Show the steps" in page and f"{ADD}?opportunity=HOU-1" in page


def test_one_form_sent_twice_makes_one_story(team, member):
    for _ in range(2):
        member.post(ADD, FACTS | {"key": "8b2f7c1e-0d3a-4a53-9a52-0a5b4c6d7e8f"})

    assert team.stories.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"need": "", "title": ""}, "Enter a title, or what the user needs"),
        ({"points": "4"}, "Choose the size from the list"),
        ({"opportunity": "XXX-1"}, "XXX-1 is not an opportunity of this team"),
        ({"assignee": "99999999999999999999"}, "Choose the assignee from the list"),
        ({"criteria": "x" * 301}, "Use at most 300 characters for each criterion"),
        ({"criteria": "\n".join(map(str, range(31)))}, "Enter 30 criteria at most"),
        ({"access_needs": "flying"}, "access needs"),
        ({"kind": "epic"}, "Choose the type from the list"),
    ],
)
def test_a_mistake_comes_back_with_everything_typed(team, member, change, words):
    response = member.post(ADD, FACTS | change)

    assert response.status_code == 422 and words in response.text
    assert "I can help at home" in response.text and not team.stories.exists()


def test_a_title_like_one_that_exists_is_a_warning(team, member, htmx):
    story = make_story(team, member.user, title="Print the pack at home")

    response = member.get("/teams/housing/stories/alike/", {"title": "Printing a pack"}, **htmx)

    assert "There is something like it already" in response.text and story.reference in response.text


def test_editing_over_somebody_elses_edit_shows_both_texts(team, member, product_owner):
    story = make_story(team, member.user, title="Old")
    fresh(story).edit(by=product_owner.user, title="Theirs")

    response = member.post(of("edit_story", story), FACTS | {"title": "Mine", "version": story.version})

    assert response.status_code == 409 and "Theirs" in response.text and 'value="Mine"' in response.text
    assert fresh(story).title == "Theirs"


def test_an_edit_says_what_a_ready_story_may_not_lose(team, member):
    story = ready_story(team, member.user)

    response = member.post(of("edit_story", story), FACTS | {"actor": "", "version": story.version})

    assert response.status_code == 422 and "it must say who it is for" in response.text


def test_an_edit_can_be_undone_with_its_criteria(team, member):
    story = make_story(team, member.user, title="Old", criteria=["Works by keyboard"])
    member.post(of("edit_story", story), FACTS | {"version": story.version})

    member.post(reverse("backlog:undo", args=[team.slug, Change.objects.about(story).first().pk]))

    assert fresh(story).title == "Old" and fresh(story).criteria.get().text == "Works by keyboard"


# --- Steps


def test_the_page_offers_the_steps_that_this_person_may_take(team, member, product_owner):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user)

    assert "Sign off<" not in member.get(story.get_absolute_url()).text
    page = product_owner.get(story.get_absolute_url()).text
    assert "Sign off<" in page and "Definition of Done" in page


def test_a_step_is_one_button(team, member):
    story = ready_story(team, member.user)

    page = member.post(of("story_step", story), {"to": "in_progress", "version": story.version}, follow=True).text

    assert fresh(story).state == StoryState.IN_PROGRESS and "is now “In progress”" in page


@pytest.mark.parametrize(("to", "comment"), [("done", ""), ("in_progress", "No"), ("wont_do", "No")])
def test_a_member_who_posts_a_decision_of_the_product_owner_gets_403(team, product_owner, member, to, comment):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user)

    response = member.post(of("story_step", story), {"to": to, "comment": comment})

    assert response.status_code == 403 and fresh(story).state == StoryState.SIGN_OFF


@pytest.mark.parametrize(
    ("start", "answers", "words"),
    [
        ("backlog", {"to": "done"}, "Choose a step from the list"),
        ("backlog", {"to": ""}, "Choose where to take it"),
        ("sign_off", {"to": "done"}, "1 acceptance criterion is not ticked yet"),
        ("sign_off", {"to": "in_progress", "comment": " "}, "Say what is missing"),
        ("ready", {"to": "wont_do"}, "Say why it won’t be done"),
        ("ready", {"to": "wont_do", "comment": "x" * 1001}, "Comment must be 1000 characters or fewer"),
    ],
)
def test_a_step_that_cannot_be_says_why(team, product_owner, start, answers, words):
    story = story_in(start, team, product_owner.user)

    response = product_owner.post(of("story_step", story), answers)

    assert response.status_code == 422 and words in response.text
    assert fresh(story).state == start


def test_a_step_from_an_old_page_is_a_conflict(team, member):
    story = ready_story(team, member.user)
    fresh(story).edit(by=member.user, points=8)

    response = member.post(of("story_step", story), {"to": "in_progress", "version": story.version})

    assert response.status_code == 409 and fresh(story).state == StoryState.READY


def test_a_step_can_be_undone_from_the_page(team, member):
    story = ready_story(team, member.user)
    member.post(of("story_step", story), {"to": "in_progress"})
    assert "Undo<" in member.get(story.get_absolute_url()).text

    member.post(reverse("backlog:undo", args=[team.slug, Change.objects.about(story).first().pk]))

    assert fresh(story).state == StoryState.READY


# --- Ticks


def test_only_what_this_person_changed_is_ticked_or_unticked(team, member, product_owner):
    story = make_story(team, member.user, criteria=["A", "B", "C"])
    a, b, c = story.criteria.all()
    story.tick(b, by=product_owner.user)  # after the member opened the page, where nothing was ticked

    member.post(of("tick", story), {"ticked": [a.pk]})

    assert list(story.criteria.values_list("done", flat=True)) == [True, True, False]


def test_with_htmx_a_tick_swaps_the_list(team, member, htmx):
    story = make_story(team, member.user, criteria=["A", "B"])

    response = member.post(of("tick", story), {"ticked": [story.criteria.first().pk]}, **htmx)

    assert response.text.lstrip().startswith(f'<section id="criteria-{story.pk}"') and "1 of 2 ticked" in response.text


def test_what_is_done_keeps_its_ticks(team, product_owner):
    story = story_in(StoryState.DONE, team, product_owner.user)

    response = product_owner.post(of("tick", story), {"was": [story.criteria.get().pk]})

    assert response.status_code == 422 and story.criteria.get().done


# --- Assigning, links, comments


def test_a_story_is_given_to_somebody_and_taken_back(team, member, researcher):
    story = make_story(team, member.user)

    member.post(of("assign", story), {"assignee": researcher.user.pk, "version": story.version})
    assert fresh(story).assignee == researcher.user
    member.post(of("assign", story), {"assignee": ""})

    assert fresh(story).assignee is None


def test_a_story_is_not_given_to_somebody_outside(team, member, outsider):
    story = make_story(team, member.user)

    assert member.post(of("assign", story), {"assignee": outsider.user.pk}).status_code == 422
    assert fresh(story).assignee is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("https://prototype.example/pack", "https://prototype.example/pack"), (" hou-1 ", "/opportunities/HOU-1/")],
)
def test_a_link_leads_to_the_web_or_to_a_thing_of_the_programme(team, member, typed, kept):
    make_opportunity(team, member.user)
    story = make_story(team, member.user)

    member.post(of("link_story", story), {"title": "See also", "address": typed})

    assert f'href="{kept}"' in member.get(story.get_absolute_url()).text


@pytest.mark.parametrize(
    "typed", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "HOU-999", "file:///etc"]
)
def test_a_link_to_anything_else_is_refused(team, member, typed):
    story = make_story(team, member.user)

    response = member.post(of("link_story", story), {"title": "See also", "address": typed})

    assert response.status_code == 422 and not story.links.exists()


def test_a_link_goes_again(team, member):
    story = make_story(team, member.user)
    link = Link.objects.put_on(story, "Prototype", "https://prototype.example/", by=member.user)

    member.post(of("unlink_story", story, link.pk))

    assert not story.links.exists() and "removed the link “Prototype”" in member.get(story.get_absolute_url()).text


def test_a_reply_joins_the_thread_it_answers(team, member, product_owner):
    story = make_story(team, member.user)
    product_owner.post(of("comment_story", story), {"text": "Is this all?"})

    member.post(of("comment_story", story), {"text": "It is", "answers": Comment.objects.get().pk})

    page = member.get(story.get_absolute_url()).text
    assert page.index("Is this all?") < page.index("It is<") and story.comments.conversation()[0][1]


# --- Splitting


def test_a_story_of_13_is_split_into_several_that_stand_in_its_place(team, member):
    opportunity = make_opportunity(team, member.user)
    first = make_story(team, member.user, title="First")
    big = ready_story(team, member.user, points=13, criteria=["A", "B"], opportunity=opportunity, source="Session 7")
    make_story(team, member.user, title="Last")
    a, b = big.criteria.all()
    assert "Split this" in member.get(big.get_absolute_url()).text

    answers = {"title_1": "Save", "points_1": "5", "title_2": "Come back", "points_2": "3"}
    response = member.post(of("split", big), answers | {f"criterion_{a.pk}": "1", f"criterion_{b.pk}": "2"})

    parts = list(team.stories.filter(title__in=["Save", "Come back"]).in_order())
    assert response.status_code == 302
    assert [one.title for one in team.stories.open().in_order()] == [first.title, "Save", "Come back", "Last"]
    assert [(one.opportunity, one.source, one.actor, one.criteria.get().text) for one in parts] == [
        (opportunity, "Session 7", big.actor, "A"),
        (opportunity, "Session 7", big.actor, "B"),
    ]
    assert fresh(big).state == StoryState.WONT_DO and fresh(big).reason == "Split into HOU-5 and HOU-6"


@pytest.mark.parametrize("answers", [{}, {"title_1": "Alone"}, {"title_1": "A", "title_2": "B", "points_2": "4"}])
def test_a_split_into_fewer_than_two_is_refused(team, member, answers):
    story = ready_story(team, member.user, criteria=["A"])

    response = member.post(of("split", story), answers | {f"criterion_{story.criteria.get().pk}": "1"})

    assert response.status_code == 422 and fresh(story).state == StoryState.READY


def test_what_is_under_way_is_not_split(team, product_owner):
    story = story_in(StoryState.IN_PROGRESS, team, product_owner.user, criteria=["A"])
    answers = {"title_1": "A", "title_2": "B", f"criterion_{story.criteria.get().pk}": "1"}

    assert product_owner.post(of("split", story), answers).status_code == 422


# --- What opportunities know of stories


@pytest.fixture
def split(team, member):
    """A story of 13 points and the two it was split into."""
    story = make_story(team, member.user, title="All of it", points=13, criteria=["Saved", "Printed"])
    parts = story.split([("Save it", 5, ["Saved"]), ("Print it", 3, ["Printed"])], by=member.user)
    return story, parts


def undo_of(story):
    return f"/teams/{story.team.slug}/changes/{Change.objects.about(story).first().pk}/undo/"


def test_the_undo_of_a_split_makes_it_one_story_again(team, member, split):
    story, parts = split

    assert member.post(undo_of(story)).status_code == 302

    assert [fresh(one).state for one in (story, *parts)] == ["backlog", "wont_do", "wont_do"]
    assert [fresh(one).reason for one in parts] == [f"{story.reference} is one story again"] * 2
    assert [one.reference for one in Story.objects.open().in_order()] == [story.reference]
    assert [one.text for one in story.criteria.all()] == ["Saved", "Printed"]


def test_a_split_is_not_undone_once_somebody_has_worked_on_a_part(team, member, split):
    story, parts = split
    parts[1].edit(need="print it on eight pages", by=member.user)

    answer = member.post(undo_of(story))

    assert answer.status_code == 409
    assert f"{parts[1].reference} was changed since the split" in answer.text
    assert [fresh(one).state for one in (story, *parts)] == ["wont_do", "backlog", "backlog"]


def test_an_opportunity_is_not_delivered_while_a_story_is_open(team, product_owner):
    by = product_owner.user
    opportunity = ranked_opportunity(team, by)
    story = ready_story(team, by, opportunity=opportunity)
    opportunity.start_delivery(by=by)
    address = reverse("backlog:delivered", args=[opportunity.reference])

    assert "1 story is still open" in product_owner.post(address).text
    story.move_to(StoryState.WONT_DO, by=by, comment="Done elsewhere")

    assert product_owner.post(address).status_code == 302


def test_a_merge_takes_the_stories_along_and_its_undo_gives_them_back(team, product_owner):
    by = product_owner.user
    one, target = ready_opportunity(team, by), ready_opportunity(team, by)
    story = make_story(team, by, opportunity=one)

    one.merge_into(target, by=by)
    assert fresh(story).opportunity == target
    one.undo(Change.objects.about(one).first(), by=by)

    assert fresh(story).opportunity == one


def test_a_parent_that_was_merged_into_another_teams_stays_when_the_story_is_edited(team, product_owner):
    by = product_owner.user
    one, elsewhere = ready_opportunity(team, by), ready_opportunity(TeamFactory(programme=team.programme), by)
    story = make_story(team, by, opportunity=one)
    one.merge_into(elsewhere, by=by)

    answers = FACTS | {"opportunity": elsewhere.reference, "version": story.version}
    assert product_owner.post(of("edit_story", story), answers).status_code == 302

    assert fresh(story).opportunity == elsewhere


def test_the_page_asks_as_much_of_a_long_story_as_of_a_short_one(team, product_owner, at_most):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user, criteria=[f"Line {n}" for n in range(30)])
    for n in range(20):
        Comment.objects.say(story, f"Comment {n}", by=product_owner.user)
        Link.objects.put_on(story, f"Link {n}", "https://prototype.example/", by=product_owner.user)

    with at_most(20):
        page = product_owner.get(story.get_absolute_url()).text

    assert "Line 29" in page and "Comment 19" in page


def test_a_user_group_is_the_same_in_any_case(team, member):
    for name in ("Carers", "carers"):
        member.post(ADD, FACTS | {"user_group": name})

    assert team.user_groups.get().stories.count() == 2


def test_search_finds_stories_and_a_reference_leads_to_its_page(team, member, outsider):
    story = make_story(team, member.user, title="Print the pack")

    assert "Print the pack" in member.get("/search/", {"q": "printing"}).text
    assert member.get("/search/", {"q": story.reference.lower()})["Location"] == story.get_absolute_url()
    assert "Print the pack" not in outsider.get("/search/", {"q": "printing"}).text
