"""What opportunities know of their stories, and stories of theirs."""

from django.urls import reverse

from backlog.models import Story, StoryState
from teams.models import Change
from teams.permissions import Role
from tests.factories import (
    MembershipFactory,
    TeamFactory,
    make_story,
    ranked_opportunity,
    ready_opportunity,
    ready_story,
)


def of(name, story, *args):
    return reverse(f"backlog:{name}", args=[story.reference, *args])


def fresh(story):
    return Story.objects.select_related("team__programme", "assignee").get(pk=story.pk)


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

    answers = {"kind": "task", "title": story.title, "opportunity": elsewhere.reference, "version": story.version}
    assert product_owner.post(of("edit_story", story), answers).status_code == 302

    assert fresh(story).opportunity == elsewhere


def test_a_reference_is_asked_for_as_this_team_s_are_written(product_owner):
    own = MembershipFactory(
        user=product_owner.user, team=TeamFactory(prefix="BER", name="Bereavement"), role=Role.PRODUCT_OWNER
    ).team

    for address in ("backlog:add_story", "sprints:raise_blocker"):
        page = product_owner.get(reverse(address, args=[own.slug])).text
        assert 'such as <span class="nowrap">BER-17' in page and "HOU-17" not in page
