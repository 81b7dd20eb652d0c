"""domain.md §5: what must never be on a playback's page, in its source, in print, in its letters or in what is taken
away. The whole chain behind one playback is planted with it, and everything that leaves the team is read."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from backlog.models import Comment
from research import evidence, playback_pdf, playback_return
from research.models import Answer, Part, Response, ShareLink, Weeknote
from research.models.playback_item import wording_of
from research.tasks import remind_reviewers
from sprints.models import Blocker
from teams.models.mail import OutgoingMail
from tests.factories import drafted_playback, owned_blocker, started_sprint
from tests.research.making import a_finding, a_round, a_session, noted
from tests.research.pdf import Pdf
from tests.research.test_playback_guests import asked

pytestmark = pytest.mark.django_db
QUOTE = "I sleep in the kitchen since the ceiling came down"
CANARIES = [QUOTE, "ZZROUND", "ZZPLACE", "ZZCOMMENT", "ZZDRAFT", "ZZSTANDUP", "ZZNEEDED", "ZZUNSHARED", "Zora Taker"]


@pytest.fixture
def session(team, researcher):
    """One participant, met at a place, who said something that nobody may repeat."""
    researcher.user.name = "Zora Taker"
    researcher.user.save(update_fields=["name"])
    session = a_session(a_round(team, researcher.user, name="ZZROUND", questions="ZZPLACE"), researcher.user)
    noted(session, researcher.user, QUOTE)
    return session


@pytest.fixture
def planted(team, product_owner, researcher, session, lead):
    """A draft in which one finding rests on the session, and an opportunity on the finding."""
    by = product_owner.user
    finding = a_finding(session.round, researcher.user, *session.observations.all(), statement="Homes are not safe")
    a_finding(session.round, researcher.user, *session.observations.all(), statement="ZZDRAFT")
    finding.agree(by=researcher.user)
    draft = drafted_playback(team, by, reviewers=[lead.user], items=1)
    opportunity = draft.items.get().opportunity
    evidence.link(finding, opportunity, by=researcher.user)
    Comment.objects.say(opportunity, "ZZCOMMENT", by=researcher.user)
    draft.add_item(Part.LEARNED, by=by, **wording_of(finding))
    started_sprint(team, by)
    owned_blocker(team, by, title="ZZSTANDUP", needed="ZZNEEDED")
    drafted_playback(team, by, items=1, title="ZZUNSHARED")
    return draft


@pytest.fixture
def shared(planted, product_owner):
    product_owner.post(f"{planted.get_absolute_url()}share/", {"read": "on"})
    planted.refresh_from_db()
    assert planted.is_shared
    return planted


@pytest.fixture
def guest(shared, product_owner):
    _, token = ShareLink.objects.make(shared, 7, by=product_owner.user)
    reader = Client()
    reader.get(f"/p/{token}/")
    reader.token = token
    return reader


def insist_it_is_clean(text, session):
    for canary in CANARIES:
        assert canary not in text
    assert not re.search(rf"\b{session.code}\b", text)
    assert not re.search(r"\b(?:1|2|one|two) (?:person|people)\b", text, re.IGNORECASE)


def closed(shared, product_owner):
    answers = {f"item-{one.pk}-result": "agreed" for one in shared.items.all()}
    assert product_owner.post(f"{shared.get_absolute_url()}close/", answers).status_code == 302


@pytest.mark.parametrize("path", ["", "editions/1/"])
@pytest.mark.parametrize("state", ["shared", "closed"])
def test_not_on_the_page_of_a_reviewer_nor_in_its_source(shared, session, lead, product_owner, path, state):
    if state == "closed":
        closed(shared, product_owner)

    page = lead.get(shared.get_absolute_url() + path).text

    assert "Homes are not safe" in page and "fewer than 3 people" in page
    insist_it_is_clean(page, session)


@pytest.mark.parametrize("kind", ["", "?answer=question"])
def test_not_on_the_page_of_all_answers_to_an_item(shared, session, lead, product_owner, kind):
    """Of the finding, whose words the team is changing for the next edition."""
    item = shared.items.get(finding__isnull=False)
    mine = shared.reviewers.get()
    Response.objects.answer(mine, item, Answer.QUESTION, "Since when?")
    product_owner.post(f"{shared.get_absolute_url()}items/{item.pk}/reply/{mine.pk}/", {"text": "Since April"})
    item.edit(by=product_owner.user, headline="ZZUNSHARED", words="ZZUNSHARED")

    page = lead.get(f"{shared.get_absolute_url()}items/{item.pk}/answers/{kind}").text

    assert "Homes are not safe" in page and "Since when?" in page and "Since April" in page
    assert "/thread/" not in page and "/findings/" not in page
    insist_it_is_clean(page, session)


def test_not_after_an_answer_nor_in_what_changed(shared, session, lead, product_owner, htmx):
    item = shared.items.first()
    swap = lead.post(f"{shared.get_absolute_url()}items/{item.pk}/answer/", {"answer": "agree"}, **htmx).text
    item.edit(by=product_owner.user, headline="Homes have to be made safe")
    shared.share(by=product_owner.user)

    page = lead.get(shared.get_absolute_url()).text

    assert "What changed since edition 1" in page
    insist_it_is_clean(swap + page, session)


def test_not_through_a_link_before_or_after_an_address_is_confirmed(shared, session, guest):
    Response.objects.answer(shared.reviewers.get(), shared.items.first(), Answer.QUESTION, "ZZUNSHARED")
    pages = [guest.get(path).text for path in ("/p/", "/p/confirm/")]
    code = asked(guest)
    pages.append(guest.get("/p/code/").text)
    guest.post("/p/code/", {"code": code})
    pages.append(guest.get("/p/").text)

    assert "Homes are not safe" in pages[0] and "You answer as" in pages[-1]
    for page in pages:
        insist_it_is_clean(page, session)
        assert "Bryony Castlemere" not in page and guest.token not in page and "/teams/" not in page


def confirmed(guest):
    guest.post("/p/code/", {"code": asked(guest)})
    return guest


def test_not_when_a_guest_answers_and_talks_with_the_team(shared, session, guest, product_owner, htmx):
    """With scripts and without, when it is kept and when it cannot be."""
    item = shared.items.get(finding__isnull=False)
    Response.objects.answer(shared.reviewers.get(), item, Answer.QUESTION, "ZZCOMMENT")
    confirmed(guest)
    at = f"/p/items/{item.pk}/"
    sent = [(f"{at}answer/", {"answer": "question"}), (f"{at}answer/", {"answer": "question", "comment": "When?"})]
    pages = [guest.post(where, said, **how, follow=True).text for where, said in sent for how in (htmx, {})]
    mine = shared.reviewers.get(user=None)
    product_owner.post(f"{shared.get_absolute_url()}items/{item.pk}/reply/{mine.pk}/", {"text": "Since April"})
    sent = [(f"{at}reply/", {"text": ""}), (f"{at}reply/", {"text": "Thank you"})]
    pages += [guest.post(where, said, **how, follow=True).text for where, said in sent for how in (htmx, {})]

    assert all("Homes are not safe" in page for page in pages) and "Since April" in pages[-1]
    for page in pages:
        insist_it_is_clean(page, session)
        assert "Bryony Castlemere" not in page and guest.token not in page and "/teams/" not in page


def test_not_on_the_way_back_from_a_letter_nor_on_the_way_out(shared, session, guest):
    """These say nothing at all of what they lead to: whoever holds the letter is not yet known."""
    confirmed(guest)
    mine, stranger = shared.reviewers.get(user=None), Client()
    back, out = playback_return.BACK.sign_object(mine.pk), playback_return.OUT.sign_object(mine.pk)
    pages = [stranger.get(f"/p/again/{back}/"), stranger.post(f"/p/again/{back}/", follow=True)]
    pages.append(stranger.post(f"/p/again/{back}/code/", {"code": "1234 5678"}))
    pages += [stranger.get(f"/p/letters/{out}/"), stranger.post(f"/p/letters/{out}/")]

    assert [page.status_code for page in pages] == [200, 200, 422, 200, 200]
    for page in (one.text for one in pages):
        insist_it_is_clean(page, session)
        for told in ("Homes are not safe", str(shared), str(shared.team), mine.email, "Bryony Castlemere", "/teams/"):
            assert told not in page


def test_not_in_any_letter(shared, session, guest, lead, product_owner):
    asked(guest)
    morning = dt.datetime.combine(shared.reply_by, dt.time(7), tzinfo=dt.UTC)
    for days in range(-6, 6):
        with time_machine.travel(morning + dt.timedelta(days), tick=False):
            remind_reviewers()
    closed(shared, product_owner)

    letters = OutgoingMail.objects.filter(kind__startswith="playback")

    assert {one.kind for one in letters} == {
        "playback invitation",
        "playback code",
        "playback reminder",
        "playback closed",
    }
    for one in letters:
        insist_it_is_clean("\n".join([one.subject, one.text, one.html, str(one.headers)]), session)
        assert "Homes are not safe" not in one.text and guest.token not in one.text


@pytest.mark.parametrize("state", ["shared", "closed"])
def test_not_in_the_pdf(shared, session, product_owner, state):
    """As its letters and as all that is written into the file beside them."""
    Response.objects.answer(shared.reviewers.get(), shared.items.first(), Answer.QUESTION, "ZZCOMMENT")
    if state == "closed":
        closed(shared, product_owner)

    source = playback_pdf.source(shared.current_edition())
    pdf = Pdf(playback_pdf.as_pdf(source))
    words = " ".join([*pdf.read_aloud(), *pdf.artifacts()])
    written = "\n".join([words, *pdf.objects.values(), *pdf.streams.values()])

    assert "Homes are not safe" in words and "fewer than 3 people" in words
    for text in (source, written):
        assert "Bryony Castlemere" not in text
        insist_it_is_clean(text, session)


def test_not_in_a_weeknote_that_is_taken_away(shared, session, product_owner):
    sprint = shared.team.sprints.get()
    Blocker.objects.get().resolve("It came", by=product_owner.user)
    product_owner.post(f"{sprint.get_absolute_url()}weeknote/begin/")
    note = Weeknote.objects.get()
    note.edit(by=product_owner.user, good=f"We heard “{QUOTE}”", difficulties="")

    refused = product_owner.get(f"{sprint.get_absolute_url()}weeknote/text/")
    note.edit(by=product_owner.user, good="People see their next steps")
    taken = product_owner.get(f"{sprint.get_absolute_url()}weeknote/text/").text

    assert refused.status_code == 302 and "Homes are not safe" in taken
    insist_it_is_clean(taken, session)


@pytest.mark.parametrize("words", [QUOTE, "P7 said so", "1 of 6 tenants left", "J. B. moved out on 3 May at home"])
def test_the_check_holds_back_what_is_typed_in(planted, product_owner, words):
    planted.items.first().edit(by=product_owner.user, words=words)

    response = product_owner.post(f"{planted.get_absolute_url()}share/", {"read": "on"})

    assert response.status_code == 422
    planted.refresh_from_db()
    assert planted.is_draft


def test_the_look_for_it_finds_what_is_planted(session):
    """So that the tests above can fail."""
    for text in [*CANARIES, f"as {session.code} said", "Heard from 2 people"]:
        with pytest.raises(AssertionError):
            insist_it_is_clean(text, session)
