"""What an edit leaves in the history, and what it does not."""

import pytest

from teams.models import Change
from tests.factories import ready_opportunity, ready_story

pytestmark = pytest.mark.django_db


def said_of(thing):
    return [change.words for change in Change.objects.about(thing).filter(words__startswith="edited")]


def test_the_history_names_the_facts_and_repeats_no_words(team, product_owner):
    theme = team.programme.themes.create(name="Letters")
    one = ready_opportunity(team, product_owner.user)

    one.edit(by=product_owner.user, themes=[theme], earlier_participants=9, title="Mrs Hallowby waits")

    assert said_of(one) == ["edited the title, the themes and the participants of earlier research"]


def test_a_story_s_criteria_are_one_of_its_facts(team, member):
    story = ready_story(team, member.user)

    story.edit(by=member.user, criteria=["It prints"], need=story.need)

    assert said_of(story) == ["edited the acceptance criteria"]


def test_the_ends_of_lines_that_a_browser_sends_are_no_edit(team, member):
    story = ready_story(team, member.user, description="Brought in\nfrom elsewhere")

    story.edit(by=member.user, description="Brought in\r\nfrom elsewhere")

    assert said_of(story) == []


@pytest.mark.parametrize("make", [ready_opportunity, ready_story])
def test_saving_a_form_in_which_nothing_was_changed_leaves_no_line(make, team, product_owner):
    theme = team.programme.themes.create(name="Letters")
    thing = make(team, product_owner.user, description="One line\nand another")
    names = {"themes": [theme]} if make is ready_opportunity else {"criteria": ["It prints"]}
    thing.edit(by=product_owner.user, **names)
    version = thing.version

    thing.edit(by=product_owner.user, title=thing.title, description="One line\r\nand another", **names)

    assert thing.version == version and len(said_of(thing)) == 1
