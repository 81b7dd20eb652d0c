"""The pages of a playback, as its team and those who are asked see them."""

import re

import pytest
from django.utils import timezone

from backlog.models import Decision, ReviewSession
from research.models import Part, Playback, Response
from research.playback_digest import due
from teams.models.mail import OutgoingMail
from tests.factories import (
    MembershipFactory,
    ThemeFactory,
    ranked_opportunity,
    ready_opportunity,
    service_lead_of,
    shared_playback,
    story_in,
)
from tests.people import signed_in
from tests.research.making import a_finding, a_round

pytestmark = pytest.mark.django_db
WORDS = {
    "title": "Housing discovery: early findings",
    "audience": "stakeholder",
    "goal": "Agree which problems matter most",
    "did": "We met tenants.",
    "next_steps": "We answer every question.",
    "reply_by": "2099-11-30",
}


def at(playback, path=""):
    return f"{playback.get_absolute_url()}{path}"


def answered(client, playback, item, answer="agree", comment="", **more):
    return client.post(at(playback, f"items/{item.pk}/answer/"), {"answer": answer, "comment": comment}, **more)


def test_the_empty_list_teaches(product_owner, team):
    page = product_owner.get("/teams/housing/playbacks/").text

    assert "No playback yet" in page and "Begin a playback" in page


def test_one_is_begun_with_the_words_around_it(product_owner, team):
    form = product_owner.get("/teams/housing/playbacks/new/")
    assert form.status_code == 200

    response = product_owner.post("/teams/housing/playbacks/new/", WORDS, follow=True)

    assert "is a draft" in response.text
    assert Playback.objects.get().goal == "Agree which problems matter most"


def test_a_form_sent_twice_begins_one(product_owner, team):
    key = "4d1d4f0e-7f2e-4a6e-9d9b-0d6a8c1c1c11"

    for _ in range(2):
        product_owner.post("/teams/housing/playbacks/new/", WORDS | {"key": key})

    assert Playback.objects.count() == 1


def test_opportunities_and_stories_are_picked(product_owner, team, draft):
    by = product_owner.user
    found = ranked_opportunity(team, by, title="Keys come back late")
    done = story_in("done", team, by, title="See the first steps")

    product_owner.post(at(draft, "pick/opportunities/"), {"pick": found.pk})
    product_owner.post(at(draft, "pick/stories/"), {"pick": done.pk})

    page = product_owner.get(at(draft)).text
    assert "Keys come back late" in page and "See the first steps" in page


def test_what_was_learned_and_made_is_written(product_owner, draft):
    learned = {"headline": "Every call starts from the beginning", "kind": "pain_point"}
    product_owner.post(at(draft, "write/learned/"), learned)
    product_owner.post(
        at(draft, "write/made/"), {"headline": "The guide", "iteration": 1, "link": "https://example.gov.uk/guide"}
    )

    assert [one.headline for one in draft.items.exclude(part=Part.OPPORTUNITY).order_by("part")] == [
        "Every call starts from the beginning",
        "The guide",
    ]


def test_a_pain_point_says_on_the_page_that_it_is_one(product_owner, draft, lead):
    written = {"headline": "Every call starts from the beginning", "kind": "pain_point"}
    assert product_owner.post(at(draft, "write/learned/"), written | {"kind": ""}).status_code == 422
    product_owner.post(at(draft, "write/learned/"), written)
    assert "pain point" in product_owner.get(at(draft)).text
    draft.share(by=product_owner.user)

    assert "Item 1 of 4 · pain point" in " ".join(lead.get(at(draft)).text.split())


def test_what_was_learned_is_something_else_in_the_next_edition(product_owner, draft, lead):
    item = draft.add_item(Part.LEARNED, by=product_owner.user, headline="Letters help", kind="pain_point")
    draft.share(by=product_owner.user)
    facts = {"headline": "Letters help", "kind": "works_well", "version": item.version}

    product_owner.post(at(draft, f"items/{item.pk}/edit/"), facts)
    draft.share(by=product_owner.user)

    page = lead.get(at(draft)).text
    assert "What kind of thing it is" in page and "<del>Pain point</del> <ins>Works well</ins>" in page


def test_findings_of_one_kind_are_found(product_owner, draft, researcher):
    round_ = a_round(draft.team, researcher.user)
    for kind in ("pain_point", "works_well"):
        a_finding(round_, researcher.user, statement=f"Of {kind}", kind=kind).agree(by=researcher.user)

    page = product_owner.get(at(draft, "pick/findings/?kind=pain_point")).text

    assert "Of pain_point" in page and "Of works_well" not in page
    assert "Of works_well" in product_owner.get(at(draft, "pick/findings/?kind=nonsense")).text


def test_a_link_is_an_address_of_the_web(product_owner, draft):
    response = product_owner.post(at(draft, "write/made/"), {"headline": "The guide", "link": "javascript:alert(1)"})

    assert response.status_code == 422 and "Enter a whole address" in response.text


def test_an_item_is_reworded_and_a_stale_text_shows_both(product_owner, draft):
    item = draft.items.first()
    sent = {"headline": "Mine", "words": "Plain", "version": item.version}
    item.edit(by=product_owner.user, headline="Theirs")

    response = product_owner.post(at(draft, f"items/{item.pk}/edit/"), sent)

    assert response.status_code == 409 and "Theirs" in response.text and "Mine" in response.text


@pytest.mark.parametrize(("to", "other", "order"), [("before", 1, [0, 2, 1]), ("after", 0, [0, 2, 1])])
def test_an_item_is_put_beside_another_that_the_page_names(product_owner, draft, to, other, order):
    items = list(draft.current_items())
    page = product_owner.get(at(draft, f"items/{items[2].pk}/move/")).text
    assert "Above another item" in page and f'<option value="{items[1].pk}"' in page

    product_owner.post(at(draft, f"items/{items[2].pk}/move/"), {"to": to, "other": items[other].pk})

    assert list(draft.current_items()) == [items[n] for n in order]


@pytest.mark.parametrize("other", ["", "0", "HOU-17", "first"])
def test_an_item_is_not_put_above_what_is_not_there(product_owner, draft, other):
    first = draft.current_items().first()
    sent = {"to": "before", "other": first.pk if other == "first" else other}

    response = product_owner.post(at(draft, f"items/{first.pk}/move/"), sent)

    assert response.status_code == 422 and "Choose another item of the same part" in response.text


def test_an_item_is_moved_by_form_and_by_script(product_owner, draft, htmx):
    first, second, third = draft.current_items()

    product_owner.post(at(draft, f"items/{third.pk}/move/"), {"to": "top"})
    swap = product_owner.post(at(draft, f"items/{first.pk}/move/"), {"to": "before", "other": third.pk}, **htmx)

    assert list(draft.current_items()) == [first, third, second]
    assert f'data-before="playback-item-{third.pk}"' in swap.text


def test_the_preview_is_the_page_that_is_shared_then(product_owner, lead, draft):
    preview = product_owner.get(at(draft, "preview/")).text
    product_owner.post(at(draft, "share/"), {"read": "on"})
    page = lead.get(at(draft)).text

    for words in [
        "Agree which problems matter most",
        "Offer letters arrive late, part 2",
        "Value 5, size S: quick win",
    ]:
        assert words in preview and words in page


def test_sharing_asks_for_a_reader_and_sends_one_letter_each(product_owner, lead, draft):
    refused = product_owner.post(at(draft, "share/"), {})
    assert refused.status_code == 422 and "Read the preview" in refused.text

    product_owner.post(at(draft, "share/"), {"read": "on"})
    product_owner.post(at(draft, "share/"), {"read": "on"})

    letter = OutgoingMail.objects.get(kind="playback invitation")
    assert letter.to == lead.user.email and at(draft) in letter.text


def test_a_lead_sees_nothing_before_it_is_shared(lead, draft):
    assert lead.get(at(draft)).status_code == 404


def test_a_lead_answers_item_by_item(lead, shared):
    first, second, _ = shared.current_items()

    page = answered(lead, shared, first, follow=True).text
    assert "1 of 3 answered" in page and "You agree" in page

    answered(lead, shared, second, "question", "Do we hold this for older blocks?")
    assert "2 of 3 answered" in lead.get(at(shared)).text


def test_a_question_without_words_is_asked_for_them_where_they_go(lead, shared, htmx):
    path = f"items/{shared.items.first().pk}/answer/"

    swap = lead.post(at(shared, path), {"answer": "question"}, **htmx)

    assert swap.status_code == 422 and swap.text.count("Say what you want to know") == 1
    assert re.search(r"data-focus><span[^>]*>Error: </span>Say what you want to know", swap.text)
    assert not Response.objects.exists()


def test_a_reply_that_comes_too_late_is_explained_in_its_place(product_owner, lead, shared, htmx):
    item, mine = shared.items.first(), shared.reviewers.get()
    answered(lead, shared, item, "question", "Since when?")
    Playback.objects.update(state="closed", closed_at=timezone.now(), closed_by=product_owner.user)

    swap = product_owner.post(at(shared, f"items/{item.pk}/reply/{mine.pk}/"), {"text": "Since April"}, **htmx)

    assert swap.status_code == 422 and "nothing can be added to it" in swap.text and "Since April" in swap.text


def test_with_scripts_only_the_item_comes_back(lead, shared, htmx):
    response = answered(lead, shared, shared.items.first(), **htmx)

    assert "<html" not in response.text
    assert "1 of 3 answered" in response.text and 'hx-swap-oob="true"' in response.text


def test_words_that_look_like_personal_data_are_asked_about(lead, shared):
    response = answered(lead, shared, shared.items.first(), "question", "Ring Mrs Hallowby on 01632 960123")

    assert response.status_code == 422 and "This looks like" in response.text


def test_reviewers_see_each_others_answers(team, lead, shared, product_owner):
    other = signed_in(service_lead_of(team, name="Desmond Pikehall"))
    shared.ask([other.user], by=product_owner.user)

    answered(lead, shared, shared.items.first(), "disagree", "It is timing")

    assert "Bryony Castlemere disagrees: “It is timing”" in other.get(at(shared)).text


def test_the_team_replies_and_the_lead_gets_a_letter(member, lead, shared):
    item = shared.items.first()
    answered(lead, shared, item, "question", "Since when?")
    where = at(shared, f"items/{item.pk}/reply/{shared.reviewers.get().pk}/")

    member.post(where, {"text": "Since April"})
    lead.post(where, {"text": "Thank you"})

    page = lead.get(at(shared)).text
    assert "Since April" in page and "Thank you" in page
    assert OutgoingMail.objects.filter(kind="comment answer").count() == 1


def test_another_reviewer_cannot_join_in(team, lead, shared, product_owner):
    other = signed_in(service_lead_of(team))
    shared.ask([other.user], by=product_owner.user)
    item = shared.items.first()
    answered(lead, shared, item, "question", "Since when?")
    reviewer = shared.reviewers.get(user=lead.user)

    assert other.post(at(shared, f"items/{item.pk}/reply/{reviewer.pk}/"), {"text": "x"}).status_code == 404


def test_the_second_edition_says_what_changed(product_owner, lead, shared):
    shared.items.first().edit(by=product_owner.user, headline="Offer letters arrive in time")

    assert "Offer letters arrive in time" not in lead.get(at(shared)).text
    product_owner.post(at(shared, "share/"), {"read": "on"})

    page = lead.get(at(shared)).text
    assert "What changed since edition 1" in page and "Offer letters arrive in time" in page
    assert "Offer letters arrive late, part 1" in lead.get(at(shared, "editions/1/")).text


def test_it_is_closed_with_outcomes_and_letters(product_owner, lead, shared):
    item = shared.current_items().first()
    answers = {f"item-{one.pk}-result": "agreed" for one in shared.items.all()}
    answers |= {f"item-{item.pk}-taken_up_as": item.opportunity.reference.lower()}

    response = product_owner.post(at(shared, "close/"), answers, follow=True)

    assert "The playback is closed" in response.text
    page = lead.get(at(shared)).text
    assert f"Taken up as {item.opportunity.reference}" in page and "Today: take forward" in page
    assert "Outcomes: <b>3</b> agreed." in page
    assert OutgoingMail.objects.get(kind="playback closed").to == lead.user.email


def test_an_outcome_that_is_not_agreed_says_what_is_done(product_owner, shared):
    answers = {f"item-{one.pk}-result": "to_discuss" for one in shared.items.all()}

    response = product_owner.post(at(shared, "close/"), answers)

    assert response.status_code == 422 and response.text.count("Say what you do about it") >= 3
    shared.refresh_from_db()
    assert shared.is_shared


@pytest.mark.parametrize("path", ["", "editions/1/", "compose/"])
def test_the_page_asks_as_little_for_sixty_items_as_for_three(team, product_owner, shared, at_most, path):
    by = product_owner.user
    for number in range(20):
        shared.add_item(Part.LEARNED, by=by, headline=f"Learned {number}")
    shared.share(by=by)
    for item in shared.current_items():
        Response.objects.answer(shared.reviewers.get(), item, "question", "Why?")

    with at_most(24):
        assert product_owner.get(at(shared, path)).status_code == 200


def test_who_left_their_service_can_no_longer_open_it(lead, shared):
    assert lead.get(at(shared)).status_code == 200
    lead.user.led_services.all().delete()

    assert lead.get(at(shared)).status_code == 404


def test_what_stays_in_the_team_closes_to_a_lead_who_left_it(team, product_owner, lead):
    place = MembershipFactory(team=team, user=lead.user)
    inside = shared_playback(team, product_owner.user, reviewers=[lead.user], audience="team")
    place.left_at = timezone.now()
    place.save(update_fields=["left_at"])

    assert lead.get(at(inside)).status_code == 404


def test_who_is_no_longer_asked_can_no_longer_open_it(product_owner, lead, shared):
    product_owner.post(at(shared, f"reviewers/{shared.reviewers.get().pk}/remove/"))

    assert lead.get(at(shared)).status_code == 404


def test_a_lead_sees_nothing_else_of_the_team(lead, shared):
    page = lead.get(at(shared)).text

    assert "/teams/housing/opportunities/" not in page and "/teams/housing/blockers/" not in page
    assert lead.get("/teams/housing/opportunities/").status_code == 403


def test_today_shows_a_lead_what_waits_for_an_answer(lead, shared):
    assert "0<small>of 3</small>" in lead.get("/").text

    for item in shared.items.all():
        answered(lead, shared, item)

    assert shared.title not in lead.get("/").text


def test_the_digest_names_playbacks_that_are_due(team, shared):
    lines = due([team], {team.pk: shared.created_at})[team.pk]

    assert [(one.title, "0 of 3 answers given" in one.facts) for one in lines] == [("Early findings", True)]


@pytest.fixture
def review(team, product_owner):
    """Finished, with one opportunity taken forward and one that nobody came to."""
    by = product_owner.user
    for title in ("Keys come back late", "Locks stick"):
        ready_opportunity(team, by, title=title)
    session = ReviewSession.objects.prepare(team, "Part two", by=by)
    session.start(by=by)
    decision = Decision(outcome="take_forward", value=5, size=2, themes=(ThemeFactory(programme=team.programme),))
    session.items.get(opportunity__title="Keys come back late").decide(decision, by=by)
    session.finish(by=by)
    return session


def test_what_a_review_took_forward_is_chosen_for_a_playback(product_owner, draft, review):
    page = product_owner.get(at(draft, f"pick/opportunities/?review={review.pk}")).text

    assert "Keys come back late" in page and page.count(" checked>") == 1 and "Locks stick" not in page


def test_a_finished_review_leads_to_a_new_playback(product_owner, review):
    where = f"/teams/housing/playbacks/new/?review={review.pk}"
    assert f'href="{where}"' in product_owner.get(review.get_absolute_url()).text

    response = product_owner.post(where, WORDS, follow=True)

    assert "Keys come back late" in response.text and f'value="{review.pk}" selected' in response.text


@pytest.mark.parametrize("asked", ["0", "9" * 30, "x"])
def test_a_review_that_is_none_is_left_out(product_owner, draft, asked):
    assert product_owner.get(at(draft, f"pick/opportunities/?review={asked}")).status_code == 200
