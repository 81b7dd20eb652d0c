"""One story: its page, and adding and editing it."""

import re

import pytest
from django.urls import reverse

from backlog.models import Comment, Link, Story, StoryState
from teams.models import Change
from tests.factories import make_opportunity, make_story, ready_story, story_in

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

    assert "HOU-2 is added" in response.text and 'value="HOU-1"' in response.text


def test_another_is_of_the_same_type_and_its_title_waits_to_be_typed(member):
    page = member.post(ADD, {"kind": "bug", "title": "Print is cut off", "another": "yes"}, follow=True).text

    assert re.search(r'value="bug"[^>]*checked', page)
    assert re.search(r'name="title"[^>]*autofocus', page) and "autofocus" not in member.get(ADD).text


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


def test_lines_that_a_browser_sent_back_unchanged_do_not_differ(team, member):
    story = make_story(team, member.user, title="Old", criteria=["It prints", "It folds"])
    fresh(story).edit(by=member.user, title="Theirs")

    sent = {"kind": story.kind, "title": "Mine", "criteria": "It prints\r\nIt folds", "version": story.version}
    response = member.post(of("edit_story", story), sent)

    assert response.status_code == 409 and response.text.count("Saved now") == 1


def test_an_edit_says_what_a_ready_story_may_not_lose(team, member):
    story = ready_story(team, member.user)

    response = member.post(of("edit_story", story), FACTS | {"actor": "", "version": story.version})

    assert response.status_code == 422 and "it must say who it is for" in response.text


def test_an_edit_can_be_undone_with_its_criteria(team, member):
    story = make_story(team, member.user, title="Old", criteria=["Works by keyboard"])
    member.post(of("edit_story", story), FACTS | {"version": story.version})

    member.post(reverse("backlog:undo", args=[team.slug, Change.objects.about(story).first().pk]))

    assert fresh(story).title == "Old" and fresh(story).criteria.get().text == "Works by keyboard"


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
