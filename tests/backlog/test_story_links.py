"""What stands beside a story: its links, and what is said of it."""

import pytest
from django.urls import reverse

from backlog.models import Comment, Link
from backlog.models.comment import conversation
from tests.factories import make_opportunity, make_story


def of(name, story, *args):
    return reverse(f"backlog:{name}", args=[story.reference, *args])


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
    assert page.index("Is this all?") < page.index("It is<") and conversation(story)[0][1]
