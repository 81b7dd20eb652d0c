"""The thread ends in the playback and what was said of it, and leads from there back again."""

import pytest
from django.urls import reverse

from research.models import Answer, Outcome, Response, Result
from tests.factories import drafted_playback, service_lead_of, shared_playback

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(team, product_owner):
    lead = service_lead_of(team, name="Bryony Castlemere")
    return shared_playback(team, product_owner.user, items=1, reviewers=[lead])


@pytest.fixture
def opportunity(shared):
    return shared.items.get().opportunity


def thread_of(opportunity):
    return reverse("research:opportunity_thread", args=[opportunity.reference])


def test_the_thread_ends_in_what_was_said(shared, opportunity, member):
    Response.objects.answer(shared.reviewers.get(), shared.items.get(), Answer.QUESTION, "Since when?")

    page = member.get(thread_of(opportunity)).text

    assert "Bryony Castlemere: question, “Since when?”" in page
    assert f'{shared.get_absolute_url()}#item-{shared.items.get().pk}"' in page


def test_it_says_what_became_of_it(shared, opportunity, member, product_owner):
    outcome = Outcome(item=shared.items.get(), result=Result.TO_DISCUSS, words="We meet on Monday")
    shared.close([outcome], by=product_owner.user)

    assert "<b>To discuss.</b> We meet on Monday" in member.get(thread_of(opportunity)).text


def test_an_item_leads_its_team_back_to_what_stands_behind_it(shared, opportunity, member):
    assert f'href="{thread_of(opportunity)}"' in member.get(shared.get_absolute_url()).text


def test_a_reader_outside_the_team_is_led_nowhere(shared, product_owner):
    lead = shared.reviewers.get().user
    product_owner.force_login(lead)

    assert "/thread/" not in product_owner.get(shared.get_absolute_url()).text


def test_a_draft_is_not_in_it(team, member, product_owner):
    draft = drafted_playback(team, product_owner.user, items=1)

    assert "It has not been played back yet" in member.get(thread_of(draft.items.get().opportunity)).text


def test_many_playbacks_ask_as_little_as_one(team, member, product_owner, shared, opportunity, at_most):
    for _ in range(3):
        other = drafted_playback(team, product_owner.user, items=0, reviewers=[service_lead_of(team)])
        item = other.add_item(2, by=product_owner.user, opportunity=opportunity, headline="Again")
        other.share(by=product_owner.user)
        Response.objects.answer(other.reviewers.get(), item, Answer.AGREE)

    with at_most(22):
        assert member.get(thread_of(opportunity)).text.count("edition 1") == 4
