"""Whoever takes notes can type any words: taking them out again must not change what is not theirs (P2, P19)."""

import pytest
from django.urls import reverse

from backlog.models import Comment
from research import erasure
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


def test_a_letter_to_somebody_elsewhere_says_what_it_said(session, by, outsider):
    for person in (by, outsider.user):
        mail.post("test", to=person.email, user=person, subject="Hello", text=LONG)
    mail.post("reset", to=by.email, user=by, subject="Hello", text=LONG, secret=True)
    noted(session, by, LONG)

    erasure.withdraw(session, by=by)

    said = [letter.text for letter in OutgoingMail.objects.order_by("pk")]
    assert said == ["[Quote removed at the participant’s request]", LONG, LONG]


def test_a_note_taker_removes_nothing_from_another_team(session, by, note_taker, there):
    theirs = there(LONG)
    (note,) = noted(session, note_taker.user, LONG)

    assert send(note_taker, "remove", session, note).status_code == 302

    assert titles(*theirs) == [LONG] * 2


def test_a_note_taker_puts_no_words_into_anybodys_mouth(session, round_, team, by, note_taker, product_owner):
    (note,) = noted(session, note_taker.user, LONG)
    comment = Comment.objects.say(ready_opportunity(team, by), LONG, by=product_owner.user)
    a_finding(round_, note_taker.user, note)
    new = {"kind": "said", "text": "I agree with all of it", "version": note.version}

    refused = send(note_taker, "edit", session, note, **new)

    assert refused.status_code == 422 and "Ask the researcher to rewrite it" in refused.text
    comment.refresh_from_db()
    assert comment.text == LONG
