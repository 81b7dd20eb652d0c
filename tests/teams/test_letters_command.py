from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from teams.mail import post
from teams.models import OutgoingMail


@pytest.fixture
def doubtful(db):
    letter = post("digest", to="pat@ambleford.example", subject="Today", text="Dear Pat")
    OutgoingMail.objects.update(state="unknown", problem="The worker stopped while handing it over")
    return letter


def letters(*arguments):
    out = StringIO()
    call_command("letters", *arguments, stdout=out)
    return out.getvalue()


def test_it_lists_what_needs_a_person(doubtful):
    post("digest", to="sam@ambleford.example", subject="Today", text="Dear Sam")

    [line] = letters().splitlines()

    assert "unknown" in line
    assert "pat@ambleford.example: The worker stopped" in line


def test_a_doubtful_letter_is_sent_again_when_a_person_says_so(doubtful):
    letters("--send-again", str(doubtful.pk))

    assert list(OutgoingMail.objects.due()) == [doubtful]


def test_a_letter_that_waits_is_not_queued_twice(doubtful):
    OutgoingMail.objects.update(state="sent")

    with pytest.raises(CommandError, match="No letter"):
        letters("--send-again", str(doubtful.pk))


def test_a_secret_that_was_emptied_cannot_be_sent_again(doubtful):
    OutgoingMail.objects.update(text="")

    with pytest.raises(CommandError, match="no longer kept"):
        letters("--send-again", str(doubtful.pk))
