"""The letters of a playback. They say where to read, never what was found: a mailbox is read by others."""

from django.conf import settings
from django.utils import timezone

from research.models.passcode import GOOD_FOR
from research.playback_return import way_back, way_out
from teams import unsubscribing
from teams.mail import post, post_many
from teams.models import OutgoingMail
from teams.models.mail import A_DAY
from teams.models.switched_off import Letter


def invite(playback, reviewers, *, by):
    """Ask those to whom this edition is new. Nobody is asked twice for one edition."""
    edition = playback.current_edition()
    again = edition.number > 1
    news = "what changed in" if again else f"{by.name} asks you to read"
    _post_all(
        "playback invitation",
        playback,
        reviewers,
        subject=f"{playback.team}: {news} “{edition.title}”",
        words=(
            f"{playback.team} has shared edition {edition.number} of “{edition.title}”.\n\n"
            + ("Your answers to what did not change stay as they are.\n\n" if again else "")
            + "For each item, say whether you agree, have a question or disagree. "
            f"Please reply by {edition.reply_by.day} {edition.reply_by:%B %Y}:\n"
        ),
        dedupe=f"{edition.number}",
    )


def remind(playback, edition, reviewer, *, is_late):
    """Once before the day to reply by and once after it. `playback` knows how many items they have `answered`."""
    day = f"{edition.reply_by.day} {edition.reply_by:%B}"
    when = f"The day to reply by was {day}. You can still answer" if is_late else f"Please reply by {day}"
    letter = _letter(
        Letter.PLAYBACK_REMINDER,
        playback,
        reviewer,
        subject=f"{playback.team}: {'your answers were due' if is_late else 'please answer'} by {day}",
        words=f"You have answered {playback.answered} of {playback.total} items of “{edition.title}”. {when}:\n",
        dedupe=f"{edition.reply_by}-{'after' if is_late else 'before'}",
        foot=f"\nYou can switch these letters off: {settings.SITE_URL}/account/letters/\n",
    )
    post(**letter)


def replied(playback, reply):
    """Tell the reviewer that the team answered, unless it was they who wrote."""
    reviewer = playback.reviewers.current().reachable().filter(pk=reply.reviewer_id).first()
    if reviewer is None or reply.author_id == reviewer.user_id:
        return
    letter = _letter(
        Letter.COMMENT_ANSWER,
        playback,
        reviewer,
        subject=f"{playback.team}: {reply.author_name} answered you",
        words=f"{reply.author_name} replied to your answer in “{playback.current_edition().title}”. Read it here:\n",
        dedupe=f"reply-{reply.pk}",
        at=f"#reply-{reply.pk}",
    )
    post(**letter)


def closed(playback, *, by):
    """You said, we did: to everybody who was asked."""
    title = playback.current_edition().title
    _post_all(
        "playback closed",
        playback,
        playback.reviewers.current(),
        subject=f"{playback.team}: what became of “{title}”",
        words=f"{by.name} has closed “{title}”. Beside your answers stands what becomes of each item:\n",
        dedupe="closed",
    )


def send_code(email, code):
    """To an address that anybody may have typed: so not a word of what it opens."""
    post(
        "playback code",
        to=email,
        subject="Your code to answer a playback",
        text=f"Your code is {code[:4]} {code[4:]}\n\n"
        "Enter it on the page where you asked for it. It is good for 15 minutes, and once.\n\n"
        "If you did not ask for a code, you can leave this letter unanswered.\n",
        secret=True,
        give_up_after=GOOD_FOR,
    )


def _post_all(kind, playback, reviewers, **words):
    """In one statement, however many they are."""
    letters = [OutgoingMail(**_letter(kind, playback, one, **words)) for one in reviewers.reachable()]
    now = timezone.now()
    post_many(letters, made_at=now, give_up_at=now + A_DAY)


def _letter(kind, playback, reviewer, *, subject, words, dedupe, at="", foot="") -> dict:
    """What the outbox is given. Nobody without an account learns an address of the team, nor a token that opens."""
    person = reviewer.user
    letter = {
        "kind": kind,
        "to": reviewer.address,
        "user": person,
        "subject": subject,
        "dedupe": f"playback-{playback.pk}-{dedupe}-{reviewer.pk}",
    }
    if person:
        where = f"{settings.SITE_URL}{playback.get_absolute_url()}{at}\n\nSign in to open it.\n"
        return letter | {"text": f"Hello {person.name}\n\n{words}{where}{foot}"}
    out = way_out(reviewer)
    where = (
        f"{way_back(reviewer)}\n\nBefore it opens we send you a code, so that nobody else answers for you.\n"
        f"\nYou get this letter because you answered through a link. Stop letters about this playback: {out}\n"
    )
    headers = unsubscribing.headings(out, f"playback-{playback.pk}", "Unsubscribe from letters about a playback")
    return letter | {"text": f"Hello\n\n{words}{where}", "headers": headers}
