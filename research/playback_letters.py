"""The letters of a playback. They say where to read, never what was found: a mailbox is read by others."""

from django.conf import settings

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
            reviewer.user,
            subject=f"{playback.team}: {news} “{edition.title}”",
            words=(
                f"{playback.team} has shared edition {edition.number} of “{edition.title}”.\n\n"
                + ("Your answers to what did not change stay as they are.\n\n" if again else "")
                + "For each item, say whether you agree, have a question or disagree. "
                f"Please reply by {edition.reply_by.day} {edition.reply_by:%B %Y}:\n"
            ),
            dedupe=f"playback-{playback.pk}-{edition.number}-{reviewer.user_id}",
        )


def replied(playback, reply):
    """Tell the reviewer that the team answered, unless it was they who wrote."""
    person = reply.reviewer.user
    if reply.author_id == person.pk:
        return
    _post(
        Letter.COMMENT_ANSWER,
        playback,
        person,
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
            reviewer.user,
            subject=f"{playback.team}: what became of “{playback.title}”",
            words=f"{by.name} has closed “{playback.title}”. Beside your answers stands what becomes of each item:\n",
            dedupe=f"playback-{playback.pk}-closed-{reviewer.user_id}",
        )


def _post(kind, playback, person, *, subject, words, dedupe, at=""):
    if not person.is_active:
        return
    address = f"{settings.SITE_URL}{playback.get_absolute_url()}{at}"
    post(
        kind,
        to=person.email,
        user=person,
        subject=subject,
        text=f"Hello {person.name}\n\n{words}{address}\n\nSign in to open it.\n",
        dedupe=dedupe,
    )
