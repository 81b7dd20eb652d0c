"""What must never leave the team (domain.md §5) is found before it is shared, and is on no page, letter or link."""

import re

import pytest
from django.utils import timezone

from backlog.models import Comment
from research import erasure, evidence
from research.models import Answer, EditionItem, Part, Response
from research.models.playback_item import wording_of
from research.playback_privacy import problems, seen_in
from teams.models.mail import OutgoingMail
from tests.factories import drafted_playback, service_lead_of, shared_playback
from tests.people import signed_in
from tests.research.making import a_finding, a_round, a_session, noted

pytestmark = pytest.mark.django_db
QUOTE = "I sleep in the kitchen since the ceiling came down"


@pytest.mark.parametrize(
    "text",
    [
        "As P7 told us",
        "participant 12 rang twice",
        "1 of 6 tenants could not get in",
        "Two people gave up",
        "She said “I never open any letter from them”",
        "Write to a.tenant@example.org",
        "Ring 01632 960123",
        "AB 12 34 56 C",
        "See https://notes.example/session.mp4",
    ],
)
def test_what_cannot_be_harmless_stops_the_sharing(text):
    assert [what for what, _, is_sure in seen_in(text) if is_sure]


@pytest.mark.parametrize(
    "text",
    [
        "Tenants explain the whole fault again each time they chase a repair",
        "We placed 52 opportunities on the tenant’s journey and reviewed 24 of them",
        "Heard from 12 people, in more than one round",
        "We met tenants and applicants at home, in a library, by phone and by video over two rounds",
        "Choose “Agree” or “Question”",
        "One sprint for each of two teams",
        "The tenant’s home and the council’s office",
    ],
)
def test_plain_words_are_left_alone(text):
    assert not list(seen_in(text))


@pytest.fixture
def lead(team):
    return signed_in(service_lead_of(team))


@pytest.fixture
def draft(team, product_owner, lead):
    return drafted_playback(team, product_owner.user, reviewers=[lead.user], items=1)


@pytest.fixture
def session(team, researcher):
    round_ = a_round(team, researcher.user, name="ZZROUND")
    session = a_session(round_, researcher.user)
    noted(session, researcher.user, QUOTE)
    return session


def agreed_finding(session, by, **fields):
    finding = a_finding(session.round, by, *session.observations.all(), **fields)
    finding.agree(by=by)
    return finding


def test_each_problem_is_named_with_the_way_to_mend_it(product_owner, draft):
    item = draft.items.get()
    item.edit(by=product_owner.user, words="P7 said so")

    page = product_owner.post(f"{draft.get_absolute_url()}share/", {"read": "on"})

    assert page.status_code == 422 and "“P7” looks like a participant’s code" in page.text
    assert f'href="{draft.get_absolute_url()}items/{item.pk}/edit/"' in page.text
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_may_be_harmless_is_shared_when_somebody_says_so(product_owner, draft):
    draft.edit(by=product_owner.user, did="We met people at the library on 12 November")
    where = f"{draft.get_absolute_url()}share/"

    assert product_owner.post(where, {"read": "on"}).status_code == 422
    assert product_owner.post(where, {"read": "on", "harmless": "on"}).status_code == 302


def test_words_that_stand_in_the_notes_are_found(product_owner, draft, session):
    draft.edit(by=product_owner.user, did=f"Somebody told us: {QUOTE.lower()}.")

    assert "stands like this in the notes" in problems(draft)[0].what


def test_a_finding_that_is_not_agreed_any_more_is_found(product_owner, researcher, draft, session):
    finding = agreed_finding(session, researcher.user)
    draft.add_item(Part.LEARNED, by=product_owner.user, **wording_of(finding))
    assert not problems(draft)

    finding.become_draft(by=researcher.user)

    assert [one.what for one in problems(draft)] == ["The finding is not agreed"]


def test_only_agreed_findings_are_offered(product_owner, researcher, draft, session):
    a_finding(session.round, researcher.user, *session.observations.all(), statement="Still a draft")

    assert "Still a draft" not in product_owner.get(f"{draft.get_absolute_url()}pick/findings/").text


def test_nothing_of_a_session_reaches_a_reader(product_owner, researcher, lead, draft, session):
    """The whole chain behind a playback is planted with words that no reader may see."""
    finding = agreed_finding(session, researcher.user, statement="Some homes cannot be lived in")
    opportunity = draft.items.get().opportunity
    evidence.link(finding, opportunity, by=researcher.user)
    Comment.objects.say(opportunity, "ZZCOMMENT", by=researcher.user)
    draft.add_item(Part.LEARNED, by=product_owner.user, **wording_of(finding))
    product_owner.post(f"{draft.get_absolute_url()}share/", {"read": "on"})
    made = product_owner.post(f"{draft.get_absolute_url()}links/", {"days": 7}).text
    token = made.split("/p/")[1].split("/")[0]

    pages = [lead.get(draft.get_absolute_url()).text, lead.get(f"{draft.get_absolute_url()}editions/1/").text]
    anonymous = type(lead)()
    pages.append(anonymous.get(f"/p/{token}/", follow=True).text)
    pages += [letter.text + letter.html + letter.subject for letter in OutgoingMail.objects.all()]

    assert "Some homes cannot be lived in" in pages[0] and "fewer than 3 people" in pages[0]
    for page in pages:
        for canary in [QUOTE, "ZZROUND", "ZZCOMMENT", researcher.user.name, "Heard from 1 "]:
            assert canary not in page
        assert not re.search(rf"\b{session.code}\b", page)


def test_a_withdrawal_takes_the_words_out_of_every_edition(team, product_owner, researcher, session, lead):
    shared = shared_playback(team, product_owner.user, reviewers=[lead.user], items=1, did=f"We heard: {QUOTE}")
    shared.items.get().edit(by=product_owner.user, words=QUOTE)
    shared.share(by=product_owner.user)
    Response.objects.answer(shared.reviewers.get(), shared.items.get(), Answer.QUESTION, f"Who said {QUOTE}?")

    erasure.withdraw(session, by=researcher.user)

    for path in ["", "editions/1/", "editions/2/"]:
        assert QUOTE not in lead.get(shared.get_absolute_url() + path).text
    assert EditionItem.objects.filter(words__contains="removed at the participant").exists()
    assert shared.editions.get(number=1).shared_at.date() == timezone.now().date()
