"""What hundreds of people answer: counted on the page, the latest few in words, and all of it on a page of its own."""

import re

import pytest

from research.models import Answer, Part, Response, Reviewer
from research.response_forms import AnswerForm
from tests.factories import service_lead_of, shared_playback
from tests.people import signed_in

pytestmark = pytest.mark.django_db
MANY = 60  # more than a page of the list


@pytest.fixture
def shared(team, product_owner):
    return shared_playback(team, product_owner.user)


@pytest.fixture
def item(shared):
    return shared.current_items().first()


@pytest.fixture
def answers(shared, item, product_owner):
    """Of many; the first three ask, everybody else agrees later."""
    reviewers = Reviewer.objects.bulk_create(
        Reviewer(playback=shared, email=f"{n}@repairs.gov.uk", invited_by=product_owner.user) for n in range(MANY)
    )
    return [
        Response.objects.answer(one, item, *([Answer.QUESTION, f"Why {n}?"] if n < 3 else [Answer.AGREE]))
        for n, one in enumerate(reviewers)
    ]


def at(playback, path=""):
    return f"{playback.get_absolute_url()}{path}"


def shown(page):
    return re.findall(r"(\d+)@repairs\.gov\.uk \(through a link\)", page)


def test_the_page_counts_them_and_shows_those_with_words_then_the_latest(shared, item, answers, product_owner):
    page = product_owner.get(at(shared)).text

    assert re.search(r"<b>57</b> agree.*<b>3</b> ask", page, re.DOTALL)
    assert shown(page) == ["0", "1", "2", "57", "58", "59"]
    assert f'href="{at(shared, f"items/{item.pk}/answers/")}">Show all 60 answers' in page


def test_ones_own_answer_is_always_there(shared, item, answers, team):
    lead = signed_in(shared.reviewers.get(email="").user)
    lead.post(at(shared, f"items/{item.pk}/answer/"), {"answer": "agree"})
    Response.objects.filter(reviewer__email="").update(at=shared.created_at)

    assert "You agree" in lead.get(at(shared)).text


def test_a_few_are_all_shown(shared, item, product_owner, team):
    Response.objects.answer(shared.reviewers.get(), item, Answer.AGREE)

    assert "Show all" not in product_owner.get(at(shared)).text


def test_all_stand_on_a_page_of_their_own_the_latest_first(shared, item, answers, product_owner):
    first = product_owner.get(at(shared, f"items/{item.pk}/answers/")).text
    following = re.search(r'href="(\?page=[^"]+)" rel="next"', first)[1]
    second = product_owner.get(at(shared, f"items/{item.pk}/answers/{following}")).text

    assert [int(one) for one in shown(first) + shown(second)] == list(reversed(range(MANY)))


def test_those_who_ask_can_be_read_alone(shared, item, answers, product_owner):
    assert shown(product_owner.get(at(shared, f"items/{item.pk}/answers/?answer=question")).text) == ["2", "1", "0"]


@pytest.mark.parametrize("query", ["answer=maybe", "answer=%00", "page=x", "page=" + "9" * 400])
def test_what_is_no_kind_and_no_page_is_refused(shared, item, answers, product_owner, query):
    assert product_owner.get(at(shared, f"items/{item.pk}/answers/?{query}")).status_code in (400, 404)


def test_the_team_replies_there_and_comes_back_to_that_answer(shared, item, answers, member):
    said = answers[30]
    sent = {"text": "Thank you", "all": "1"}

    response = member.post(at(shared, f"items/{item.pk}/reply/{said.reviewer_id}/"), sent)
    back = member.get(response["Location"].partition("#")[0]).text

    assert f"items/{item.pk}/answers/?page=" in response["Location"]
    assert shown(back)[0] == "30" and "Thank you" in back and 'id="reply-' in back


def test_what_cannot_be_sent_is_kept_where_it_was_written(shared, item, answers, member):
    response = member.post(at(shared, f"items/{item.pk}/reply/{answers[30].reviewer_id}/"), {"text": "", "all": "1"})

    assert response.status_code == 422 and "Write a reply" in response.text


def test_an_item_of_a_draft_has_no_answers(shared, product_owner):
    new = shared.add_item(Part.OUTPUT, by=product_owner.user, headline="The guide")

    assert product_owner.get(at(shared, f"items/{new.pk}/answers/")).status_code == 404


def test_a_lead_reads_them_and_may_not_reply(shared, item, answers, team):
    lead = signed_in(shared.reviewers.get(email="").user)

    page = lead.get(at(shared, f"items/{item.pk}/answers/")).text

    assert "Send the reply" not in page and len(shown(page)) == 50
    assert signed_in(service_lead_of(team)).get(at(shared, f"items/{item.pk}/answers/")).status_code == 404


@pytest.mark.parametrize(("path", "most"), [("", 24), ("close/", 14), ("reviewers/", 9), ("items/{item}/answers/", 12)])
def test_many_ask_as_little_as_one(shared, item, product_owner, answers, at_most, path, most):
    with at_most(most):
        assert product_owner.get(at(shared, path.format(item=item.pk))).status_code == 200


def test_the_team_sees_how_far_they_are_in_numbers(shared, answers, product_owner):
    page = product_owner.get(at(shared)).text

    assert "<b>0 of 61 people</b> have answered everything, 60 a part, 1 nothing yet" in page


def test_proposed_values_are_counted(shared, item, answers, product_owner):
    for one, value in zip(answers[:3], [8, 8, 3], strict=True):
        Response.objects.answer(one.reviewer, item, Answer.AGREE, value=value)

    assert "8 by 2 people, 3 by 2@repairs.gov.uk." in product_owner.get(at(shared)).text


def test_the_thread_shows_a_few_and_leads_to_all(shared, item, answers, product_owner):
    page = product_owner.get(f"{item.opportunity.get_absolute_url()}thread/").text

    assert page.count("@repairs.gov.uk: ") == 6 and "Show all 60 answers" in page


@pytest.mark.parametrize("part", [Part.OPPORTUNITY, Part.OUTPUT])
@pytest.mark.parametrize(
    "initial",
    [
        {},
        {"answer": "agree", "comment": "", "value": None},
        {"answer": "question", "comment": "</textarea>\nWhy “&”? item-ANY", "value": 8},
    ],
)
def test_a_form_that_is_drawn_once_is_what_each_item_would_draw(part, initial):
    form = AnswerForm(part=part, initial=initial, auto_id="item-7-%s")

    assert form.render() == super(AnswerForm, form).render() and "item-7-answer_0" in form.render()
    assert ("item-7-value" in form.render()) == (part == Part.OPPORTUNITY)
