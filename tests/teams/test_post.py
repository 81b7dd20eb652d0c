import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from teams.mail import post
from teams.models import OutgoingMail
from teams.smtp import envelope, up_to_the_dot
from teams.writing import as_bytes

LETTER = dict(to="pat@ambleford.example", subject="Come and join us", text="Dear Pat,\nhere is £5.\n")


@pytest.fixture
def letter(db):
    return post("invitation", **LETTER)


def test_a_letter_waits_until_it_is_due(letter):
    assert letter.state == "waiting"
    assert list(OutgoingMail.objects.due()) == [letter]
    assert letter.give_up_at - letter.made_at == dt.timedelta(days=1)


def test_the_same_news_is_queued_once(db):
    first = post("digest", dedupe="housing-7-2026-11-23", **LETTER)
    second = post("digest", dedupe="housing-7-2026-11-23", **LETTER | {"text": "Other words"})

    assert second == first
    assert OutgoingMail.objects.get().text == LETTER["text"]


def test_a_secret_leaves_within_the_hour_or_not_at_all(db):
    letter = post("password reset", secret=True, **LETTER)

    assert letter.give_up_at - letter.made_at == dt.timedelta(hours=1)


@pytest.mark.parametrize("to", ["pat", "pat@ambleford.example\nBcc: all@ambleford.example", ""])
def test_what_is_no_address_is_refused(db, to):
    with pytest.raises(ValidationError):
        post("invitation", **LETTER | {"to": to})


@pytest.mark.parametrize(
    "subject",
    ["Hello\r\nBcc: eve@evil.example", "Hello\x00\u2028Bcc: eve@evil.example", "=?utf-8?q?Hello=0D=0ABcc:_eve?= all"],
)
def test_no_heading_hides_in_the_subject(db, subject):
    headings = as_bytes(post("invitation", **LETTER | {"subject": subject})).partition(b"\r\n\r\n")[0]

    assert b"\nbcc" not in headings.lower()
    assert headings.count(b"\r\n") == headings.count(b"\n") == headings.count(b"\r")


def test_the_letter_is_plain_ascii_on_the_wire_and_the_same_each_time(letter):
    wire = as_bytes(letter)

    assert wire.isascii()
    assert b"=C2=A35" in wire
    assert b"Auto-Submitted: auto-generated\r\n" in wire
    assert wire == as_bytes(OutgoingMail.objects.get())


def test_html_comes_beside_the_complete_text(db):
    wire = as_bytes(post("digest", html="<p>Dear Pat</p>", **LETTER))

    assert wire.index(b"text/plain") < wire.index(b"text/html")


def test_claimed_letters_are_nobody_elses(letter):
    [claimed] = OutgoingMail.objects.claim(10)

    assert claimed == letter
    assert OutgoingMail.objects.claim(10) == []


def test_letters_not_reached_wait_again(letter):
    [claimed] = OutgoingMail.objects.claim(10)
    OutgoingMail.objects.put_back(claimed.claim)

    assert list(OutgoingMail.objects.due()) == [letter]
    assert OutgoingMail.objects.get().attempts == 0


def test_only_one_passes_the_fence(letter):
    [claimed] = OutgoingMail.objects.claim(10)
    OutgoingMail.objects.update(claimed_at=timezone.now() - dt.timedelta(hours=1))
    OutgoingMail.objects.take_back_unsent()
    [again] = OutgoingMail.objects.claim(10)

    assert again.pass_the_fence()
    assert not claimed.pass_the_fence()
    assert not again.pass_the_fence()


def test_a_sent_secret_is_not_kept(db):
    post("password reset", secret=True, html="<p>token</p>", **LETTER)
    [claimed] = OutgoingMail.objects.claim(10)
    claimed.pass_the_fence()
    claimed.was_sent()

    sent = OutgoingMail.objects.get()
    assert (sent.state, sent.text, sent.html) == ("sent", "", "")


def test_waits_grow_and_end(letter):
    waits = []
    for _ in range(100):
        OutgoingMail.objects.update(not_before=timezone.now())
        for claimed in OutgoingMail.objects.claim(1):
            claimed.try_again("451 busy")
            letter.refresh_from_db()
            waits.append(round((letter.not_before - timezone.now()).total_seconds()))

    assert waits[:7] == [30, 60, 120, 240, 480, 900, 900]


@pytest.mark.parametrize(
    ("body", "wire"),
    [
        (b"Hello\r\n", b"Hello\r\n.\r\n"),
        (b"no end of line", b"no end of line\r\n.\r\n"),
        (b".\r\n..\r\na.b\r\n", b"..\r\n...\r\na.b\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
    ],
)
def test_only_the_last_dot_stands_alone(body, wire):
    assert up_to_the_dot(body) == wire


def test_the_envelope_is_ascii():
    assert envelope("pat@bücher.example") == "pat@xn--bcher-kva.example"
    with pytest.raises(ValueError):
        envelope("päť@ambleford.example")
