"""The letters of a playback. They say where to read, never what was found: a mailbox is read by others."""

from django.conf import settings

from research.models.passcode import GOOD_FOR
from teams.mail import post
from teams.models.switched_off import Letter


def invite(playback, reviewers, *, by):
    """Ask those to whom this edition is new. Nobody is asked twice for one edition."""
    edition = playback.current_edition()
    again = edition.number > 1
    news = "what changed in" if again else f"{by.name} asks you to read"
    for reviewer in reviewers:
        _post(
            "playback invitation",
            playback,
            reviewer,
            subject=f"{playback.team}: {news} “{edition.title}”",
            words=(
                f"{playback.team} has shared edition {edition.number} of “{edition.title}”.\n\n"
                + ("Your answers to what did not change stay as they are.\n\n" if again else "")
                + "For each item, say whether you agree, have a question or disagree. "
                f"Please reply by {edition.reply_by.day} {edition.reply_by:%B %Y}:\n"
            ),
            dedupe=f"playback-{playback.pk}-{edition.number}-{reviewer.pk}",
        )


def remind(playback, edition, reviewer, *, is_late):
    """Once before the day to reply by and once after it. `playback` knows how many items they have `answered`."""
    day = f"{edition.reply_by.day} {edition.reply_by:%B}"
    when = f"The day to reply by was {day}. You can still answer" if is_late else f"Please reply by {day}"
    _post(
        Letter.PLAYBACK_REMINDER,
        playback,
        reviewer,
        subject=f"{playback.team}: {'your answers were due' if is_late else 'please answer'} by {day}",
        words=f"You have answered {playback.answered} of {playback.total} items of “{edition.title}”. {when}:\n",
        dedupe=f"playback-{playback.pk}-{edition.reply_by}-{'after' if is_late else 'before'}-{reviewer.pk}",
        foot=f"\nYou can switch these letters off: {settings.SITE_URL}/account/letters/\n",
    )


def replied(playback, reply):
    """Tell the reviewer that the team answered, unless it was they who wrote."""
    if reply.author_id == reply.reviewer.user_id:
        return
    _post(
        Letter.COMMENT_ANSWER,
        playback,
        reply.reviewer,
        subject=f"{playback.team}: {reply.author_name} answered you",
        words=f"{reply.author_name} replied to your answer in “{playback.title}”. Read it here:\n",
        dedupe=f"playback-reply-{reply.pk}",
        at=f"#reply-{reply.pk}",
    )


def closed(playback, *, by):
    """You said, we did: to everybody who was asked."""
    for reviewer in playback.reviewers.current():
        _post(
            "playback closed",
            playback,
            reviewer,
            subject=f"{playback.team}: what became of “{playback.title}”",
            words=f"{by.name} has closed “{playback.title}”. Beside your answers stands what becomes of each item:\n",
            dedupe=f"playback-{playback.pk}-closed-{reviewer.pk}",
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


def _post(kind, playback, reviewer, *, subject, words, dedupe, at="", foot=""):
    person = reviewer.user
    if person and not person.is_active:
        return
    where = (
        f"{settings.SITE_URL}{playback.get_absolute_url()}{at}\n\nSign in to open it.\n"
        if person
        else "Open it with the link you were given. You get this letter because you answered through that link.\n"
    )
    post(
        kind,
        to=reviewer.address,
        user=person,
        subject=subject,
        text=f"Hello {person.name if person else ''}".rstrip() + f"\n\n{words}{where}{foot}",
        dedupe=dedupe,
    )
