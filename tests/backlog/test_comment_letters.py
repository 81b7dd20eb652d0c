"""Whoever is answered gets a letter, unless they left, switched it off, or answered themselves."""

import pytest

from backlog.models import Comment
from teams.models import Letter, OutgoingMail, SwitchedOff
from tests.factories import make_opportunity, make_story


@pytest.fixture(params=["opportunity", "story"])
def thing(request, team, product_owner):
    make = {"opportunity": make_opportunity, "story": make_story}[request.param]
    return make(team, product_owner.user, title="Offer letters arrive late")


@pytest.fixture
def asked(thing, product_owner):
    return Comment.objects.say(thing, "Is it the same in Lettings?", by=product_owner.user)


def letters():
    return OutgoingMail.objects.filter(kind="comment answer")


def answer(client, thing, asked):
    address = f"{thing.get_absolute_url()}comments/"
    return client.post(address, {"text": "It is worse there", "answers": asked.pk, "key": "0" * 32})


def test_the_one_who_is_answered_gets_one_letter_with_a_link(member, product_owner, thing, asked):
    address = answer(member, thing, asked)["Location"]

    letter = letters().get()
    assert letter.user == product_owner.user
    assert thing.reference in letter.subject and address in letter.text
    assert "worse there" not in letter.text  # words may have to be taken back


def test_an_answer_to_an_answer_goes_to_whoever_gave_it(member, researcher, thing, asked):
    first = Comment.objects.say(thing, "It is worse there", by=member.user, answers=asked)

    Comment.objects.say(thing, "How much worse?", by=researcher.user, answers=first)

    assert letters().order_by("-pk").first().user == member.user


def test_nobody_is_written_to_for_a_new_comment_or_for_answering_themselves(product_owner, thing, asked):
    Comment.objects.say(thing, "I found out", by=product_owner.user, answers=asked)

    assert not letters().exists()


def test_who_left_the_team_or_switched_it_off_is_left_alone(member, product_owner, researcher, team, thing, asked):
    SwitchedOff.objects.switch(Letter.COMMENT_ANSWER, product_owner.user, on=False)
    second = Comment.objects.say(thing, "And in Repairs?", by=researcher.user)
    team.memberships.get(user=researcher.user).leave(by=product_owner.user)

    answer(member, thing, asked)
    Comment.objects.say(thing, "There too", by=member.user, answers=second)

    assert not letters().exists()
