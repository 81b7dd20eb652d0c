"""One story on its way: its steps, its ticks, and who has it."""

import pytest
from django.urls import reverse

from backlog.models import Story, StoryState
from teams.models import Change
from tests.factories import make_story, ready_story, story_in


def of(name, story, *args):
    return reverse(f"backlog:{name}", args=[story.reference, *args])


def fresh(story):
    return Story.objects.select_related("team__programme", "assignee").get(pk=story.pk)


def test_the_page_offers_the_steps_that_this_person_may_take(team, member, product_owner):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user)

    assert "Sign off<" not in member.get(story.get_absolute_url()).text
    page = product_owner.get(story.get_absolute_url()).text
    assert "Sign off<" in page and "Definition of Done" in page


def test_a_step_that_somebody_else_took_away_says_who_was_quicker(team, member, product_owner):
    story = ready_story(team, member.user)
    seen = story.version
    story.move_to("in_progress", by=product_owner.user)

    page = member.post(of("story_step", story), {"to": "on_hold", "comment": "Wait for March", "version": seen})

    assert page.status_code == 409
    assert all(words in page.text for words in (f"{story.reference} was changed meanwhile", "Wait for March"))


def test_a_story_that_is_not_ready_leads_to_where_it_is_written(team, member):
    story = make_story(team, member.user, title="A list of registrars")

    page = member.post(of("story_step", story), {"to": "ready", "version": story.version})

    assert page.status_code == 422 and "is ready, say" in page.text
    assert f'href="{of("edit_story", story)}"' in page.text


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


def test_refused_for_its_ticks_it_leads_to_where_they_are(team, product_owner):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user)

    page = product_owner.post(of("story_step", story), {"to": "done"}).text

    assert f'<a href="{story.get_absolute_url()}">{story.title}</a>' in page


def test_a_step_from_an_old_page_is_a_conflict(team, member):
    story = ready_story(team, member.user)
    fresh(story).edit(by=member.user, points=8)

    response = member.post(of("story_step", story), {"to": "in_progress", "version": story.version})

    assert response.status_code == 409 and fresh(story).state == StoryState.READY
    assert "Team member edited the size at" in response.text


def test_what_was_typed_for_a_step_that_came_too_late_is_not_lost(team, product_owner):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user)
    fresh(story).edit(by=product_owner.user, need="read it at home")

    sent = {"to": "in_progress", "comment": "It does not <print>", "version": story.version}
    response = product_owner.post(of("story_step", story), sent)

    assert response.status_code == 409 and fresh(story).state == StoryState.SIGN_OFF
    assert "What you wrote" in response.text and "It does not &lt;print&gt;" in response.text


def test_a_step_can_be_undone_from_the_page(team, member):
    story = ready_story(team, member.user)
    member.post(of("story_step", story), {"to": "in_progress"})
    assert "Undo<" in member.get(story.get_absolute_url()).text

    member.post(reverse("backlog:undo", args=[team.slug, Change.objects.about(story).first().pk]))

    assert fresh(story).state == StoryState.READY


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
