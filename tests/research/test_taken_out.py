"""Whoever takes notes can type any words: taking them out again must not change what is not theirs (P2, P19)."""

import pytest
from django.urls import reverse

from backlog.models import Comment
from research import erasure
from research.models import Playback, Reviewer
from teams import mail
from teams.models import OutgoingMail
from tests.factories import TeamFactory, ready_opportunity
from tests.research.making import a_finding, noted

pytestmark = pytest.mark.django_db
LONG = "Every time I call them I start from the beginning"


@pytest.fixture
def there(team, outsider):
    """Another team of the programme, and one of another programme, with the same words in their backlogs."""
    teams = [TeamFactory(programme=team.programme, name="Parking"), outsider.user.memberships.get().team]

    def told(text):
        return [ready_opportunity(one, outsider.user, title=text) for one in teams]

    return told


@pytest.fixture
def note_taker(session, member):
    session.note_takers.add(member.user)
    return member


def titles(*things):
    for one in things:
        one.refresh_from_db()
    return [one.title for one in things]


def send(client, what, session, note, **sent):
    return client.post(
        reverse(f"research:{what}_observation", args=[session.round.team.slug, session.pk, note.pk]), sent
    )


def test_nobody_and_nothing_loses_its_name(session, team, by, product_owner):
    comment = Comment.objects.say(ready_opportunity(team, by), "Yes", by=product_owner.user)
    type(team).objects.filter(pk=team.pk).update(name="Private tenants")
    noted(session, by, product_owner.user.name, "Private tenants", by.name)

    erasure.withdraw(session, by=by)

    for thing in (team, comment, product_owner.user, by):
        thing.refresh_from_db()
    names = (team.name, comment.author_name, product_owner.user.name, by.name)
    assert names == ("Private tenants", "Product owner", "Product owner", "User researcher")


def test_a_few_words_are_not_taken_from_another_team(session, by, there):
    theirs = there("No printer at home")
    noted(session, by, "No printer at home")

    erasure.withdraw(session, by=by)

    assert titles(*theirs) == ["No printer at home"] * 2


def test_a_sentence_goes_from_the_programme_and_from_no_other(session, by, there):
    theirs = there(LONG)
    noted(session, by, LONG)

    erasure.withdraw(session, by=by)

    assert titles(*theirs) == ["[Quote removed at the participant’s request]", LONG]


GUEST = "jane.doe@repairs.ambleford.gov.uk"


@pytest.fixture
def letters(session, team, by, outsider, service_lead):
    """From each reader of one to what its letter says now."""
    playback = Playback.objects.create(team=team, title="Early findings", created_by=by)
    playback.reviewers.create(email=GUEST, invited_by=by)
    people = {"team": by, "lead": service_lead.user, "elsewhere": outsider.user}
    for name, person in people.items():
        mail.post(name, to=person.email, user=person, subject="Hello", text=LONG)
    for name, address in {"guest": GUEST, "somebody": "them@elsewhere.example"}.items():
        mail.post(name, to=address, subject="Hello", text=LONG)
    mail.post("secret", to=by.email, user=by, subject="Hello", text=LONG, secret=True)
    return lambda: {one.kind: one.text for one in OutgoingMail.objects.all()}


def test_letters_to_people_of_the_programme_lose_it_and_no_others(session, by, letters):
    noted(session, by, LONG)

    erasure.withdraw(session, by=by)

    lost = {name for name, text in letters().items() if text == "[Quote removed at the participant’s request]"}
    assert lost == {"team", "lead", "guest"}


def test_a_note_taker_changes_letters_to_the_team_alone(session, note_taker, letters):
    (note,) = noted(session, note_taker.user, LONG)

    assert send(note_taker, "remove", session, note).status_code == 302

    assert {name for name, text in letters().items() if text != LONG} == {"team"}


def test_an_address_is_no_sentence(session, by, letters):
    noted(session, by, GUEST)

    erasure.withdraw(session, by=by)

    assert OutgoingMail.objects.filter(to=GUEST).exists() and Reviewer.objects.get().email == GUEST


def test_a_note_taker_removes_nothing_from_another_team(session, by, note_taker, there):
    theirs = there(LONG)
    (note,) = noted(session, note_taker.user, LONG)

    assert send(note_taker, "remove", session, note).status_code == 302

    assert titles(*theirs) == [LONG] * 2


def test_the_researcher_removes_it_from_the_programme_too(session, by, researcher, there):
    """With the note gone, a later withdrawal would not know what to look for."""
    theirs = there(LONG)
    (note,) = noted(session, by, LONG)

    assert send(researcher, "remove", session, note).status_code == 302

    assert titles(*theirs) == ["[Note removed]", LONG]


def test_a_note_taker_puts_no_words_into_anybodys_mouth(session, round_, team, by, note_taker, product_owner):
    (note,) = noted(session, note_taker.user, LONG)
    comment = Comment.objects.say(ready_opportunity(team, by), LONG, by=product_owner.user)
    a_finding(round_, note_taker.user, note)
    new = {"kind": "said", "text": "I agree with all of it", "version": note.version}

    refused = send(note_taker, "edit", session, note, **new)

    assert refused.status_code == 422 and "Ask the researcher to rewrite it" in refused.text
    comment.refresh_from_db()
    assert comment.text == LONG
