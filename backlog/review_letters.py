"""The letter that asks somebody to a review."""

from django.conf import settings

from teams.mail import post


def invite(session, people):
    for person in people:
        post(
            "review invitation",
            to=person.email,
            user=person,
            subject=f"{session.team}: {session.created_by} asks you to a review",
            text=words(session, person),
            dedupe=f"review-{session.pk}-{person.pk}",
        )


def words(session, person) -> str:
    return (
        f"Hello {person.name}\n\n"
        f"{session.created_by} asks you to “{session.name}”, in which {session.team} goes through its opportunities "
        "one by one and decides which to take forward.\n\n"
        "You can follow on your own screen and score each one before the scores are shown:\n"
        f"{settings.SITE_URL}{session.get_absolute_url()}\n\n"
        "Sign in to open it. Nothing needs to be prepared.\n"
    )
