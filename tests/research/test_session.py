"""Sessions: consent before anything is written down, notes at the speed of talk, and who may read them."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from research.models import Consent, Kind, Observation, Reading, Round, RoundState, Session, SessionState
from research.models.observation import read_lines
from teams.models import Change
from tests.research.making import a_finding, a_session, noted

pytestmark = pytest.mark.django_db
SAID = "I signed where they pointed"


def address(name, session):
    return reverse(f"research:{name}", args=[session.round.team.slug, session.pk])


def test_participants_get_the_next_code_and_no_name(round_, by):
    codes = [a_session(round_, by, consent=False).code for _ in range(3)]

    assert codes == ["P1", "P2", "P3"]


def test_nothing_is_written_down_before_consent(researcher, round_, by):
    session = a_session(round_, by, consent=False)

    response = researcher.post(address("note", session), {"lines": SAID, "kind": "said"})

    assert response.status_code == 422
    assert "Record the participant’s consent first" in response.text
    assert not session.observations.exists()


def test_somebody_who_declined_is_not_to_be_asked_again(researcher, round_, by):
    session = a_session(round_, by, consent=False)
    session.record_consent(Consent.DECLINED, by=by)

    page = researcher.get(session.get_absolute_url())
    refused = researcher.post(address("session_state", session), {"to": "held"})

    assert "The participant declined, so nothing may be written down." in page.text
    assert "The participant declined, so nothing may be written down" in refused.text
    assert "Record consent" not in page.text and "Mark held" not in page.text


@pytest.mark.parametrize("consent", [Consent.NOT_RECORDED, Consent.DECLINED])
def test_the_database_itself_takes_no_observation_without_consent(round_, by, consent):
    session = a_session(round_, by, consent=False)
    Session.objects.filter(pk=session.pk).update(consent=consent)

    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(session=session, kind=Kind.SAID, text=SAID, by=by, by_name=by.name)
        connection.check_constraints()


def test_the_database_keeps_consent_while_there_are_observations(session, by):
    noted(session, by, SAID)

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(
            state=SessionState.PLANNED, consent=Consent.DECLINED, consent_on=None, consent_how="", consent_scopes=[]
        )
        connection.check_constraints()


@pytest.mark.parametrize("state", [SessionState.HELD, SessionState.ANALYSED])
def test_the_database_holds_no_session_without_consent(round_, by, state):
    session = a_session(round_, by, consent=False)

    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(state=state)


def test_consent_is_recorded_with_when_how_and_to_what(researcher, round_, by):
    session = a_session(round_, by, consent=False)
    answers = {"status": "given", "on": timezone.localdate().isoformat(), "how": "email", "version": session.version}

    missing = researcher.post(address("consent", session), answers)
    researcher.post(address("consent", session), answers | {"scopes": ["notes", "quotes"], "sheet": "v3"})

    assert missing.status_code == 422 and "Say what they agreed to" in missing.text
    session.refresh_from_db()
    assert (session.consent, session.consent_how, session.why_no_quotes()) == (Consent.GIVEN, "email", "")
    assert (
        Change.objects.about(session).first().words
        == "recorded consent: given, for written notes; sharing what they say, word for word"
    )


def test_consent_to_something_else_is_no_consent_to_notes(round_, by):
    session = a_session(round_, by, consent=False)
    session.record_consent(Consent.GIVEN, by=by, on=timezone.localdate(), how="email", scopes=["audio"])

    with pytest.raises(ValidationError, match="not agreed to written notes"):
        noted(session, by, SAID)


def test_lines_say_by_their_sign_what_they_are():
    text = '"I signed where they pointed"\n> Kept it in a drawer\n. Two buses away\n\nNo sign\n“Curly”'

    assert read_lines(text, Kind.DID) == [
        ("said", "I signed where they pointed"),
        ("did", "Kept it in a drawer"),
        ("context", "Two buses away"),
        ("did", "No sign"),
        ("said", "Curly"),
    ]


def test_many_lines_are_saved_without_scripts(researcher, session):
    page = researcher.post(
        address("note", session), {"lines": f'"{SAID}\n> Kept it in a drawer', "kind": "did"}, follow=True
    )

    assert list(session.observations.values_list("kind", "text")) == [("said", SAID), ("did", "Kept it in a drawer")]
    assert f"“{SAID}”" in page.text
    session.refresh_from_db()
    assert session.state == SessionState.HELD


def test_a_line_that_is_sent_again_is_written_once(researcher, session, htmx):
    answers = {"lines": SAID, "kind": "said", "key": str(uuid.uuid4())}
    for _ in range(3):
        response = researcher.post(address("note", session), answers, **htmx)

    assert response.text.count('<li id="observation-') == 1
    assert session.observations.count() == 1


def test_several_note_takers_see_each_others_lines(researcher, member, session, by, htmx):
    session.note_takers.add(member.user)
    stamp = session.observations.stamp()
    assert researcher.get(f"{address('news', session)}?seen={stamp}", **htmx).status_code == 204

    member.post(address("note", session), {"lines": SAID, "kind": "said"}, **htmx)

    news = researcher.get(f"{address('news', session)}?seen={stamp}", **htmx)
    assert news.text.lstrip().startswith('<section id="observations"')
    assert SAID in news.text and "<html" not in news.text


def test_what_looks_personal_is_asked_about_once(researcher, session, htmx):
    answers = {"lines": "Mrs Okafor said to ring 07700 900123", "kind": "said"}

    asked = researcher.post(address("note", session), answers, **htmx)
    assert asked.status_code == 422 and "This looks like a phone number (“07700 900123”)" in asked.text
    assert not session.observations.exists()
    researcher.post(address("note", session), answers | {"checked": "on"}, **htmx)

    assert session.observations.count() == 1


@pytest.mark.parametrize(
    ("person", "status"),
    [("product_owner", 200), ("delivery_manager", 200), ("member", 403), ("service_lead", 403), ("administrator", 403)],
)
def test_who_reads_raw_notes(request, session, by, person, status):
    noted(session, by, SAID)

    response = request.getfixturevalue(person).get(session.get_absolute_url())

    assert response.status_code == status
    assert (SAID in response.text) is (status == 200)


def test_the_team_reads_them_once_the_round_is_shared(member, session, by):
    noted(session, by, SAID)
    Round.objects.filter(pk=session.round_id).update(state=RoundState.SHARED)

    assert member.get(session.get_absolute_url()).status_code == 200


def test_who_reads_without_researching_is_written_down_once_a_day(product_owner, researcher, session):
    for _ in range(3):
        product_owner.get(session.get_absolute_url())
        researcher.get(session.get_absolute_url())

    assert [one.who for one in Reading.objects.all()] == [product_owner.user]
    assert product_owner.user.name in researcher.get(session.get_absolute_url()).text


def test_nobody_sees_the_participant_beside_the_notes(researcher, product_owner, round_, by):
    session = a_session(round_, by, age_band="80", access_needs=["hearing"])

    for person in (researcher, product_owner):
        page = person.get(session.get_absolute_url()).text
        assert "80 or over" not in page and "Hearing" not in page


def test_only_note_takers_write(product_owner, member, session):
    for person in (product_owner, member):
        assert person.post(address("note", session), {"lines": SAID, "kind": "said"}).status_code == 403
    session.note_takers.add(member.user)

    assert member.post(address("note", session), {"lines": SAID, "kind": "said"}).status_code == 302


def test_history_never_holds_the_words(researcher, session, by):
    (observation,) = noted(session, by, SAID)
    observation.edit(by=by, kind=Kind.DID, text="She signed where they pointed")
    observation.remove(by=by)

    assert not Change.objects.filter(words__icontains="pointed").exists()
    assert Change.objects.filter(words="removed an observation").exists()


def test_two_who_rewrite_a_line_see_both_texts(researcher, session, by):
    (observation,) = noted(session, by, SAID)
    url = reverse("research:edit_observation", args=[session.round.team.slug, session.pk, observation.pk])
    researcher.post(url, {"kind": "said", "text": "Their words", "version": 1})

    response = researcher.post(url, {"kind": "said", "text": "My words", "version": 1})

    assert response.status_code == 409 and "Their words" in response.text and "My words" in response.text


def test_removing_a_line_counts_its_finding_again(researcher, session, by):
    (observation,) = noted(session, by, SAID)
    finding = a_finding(session.round, by, observation)

    researcher.post(
        reverse("research:remove_observation", args=[session.round.team.slug, session.pk, observation.pk]), follow=True
    )

    finding.refresh_from_db()
    assert finding.people == 0


def test_the_page_asks_no_more_for_many_notes(researcher, session, by, at_most):
    noted(session, by, *[f"Line {number} of what was seen" for number in range(150)])

    with at_most(18):
        assert researcher.get(session.get_absolute_url()).status_code == 200
