"""The letters that tell somebody that a blocker is theirs now. Both can open it: they are in the team, or are asked."""

from django.conf import settings

from teams.mail import post


def given(blocker, by):
    if blocker.owner_id == by.pk:
        return
    _post(
        "blocker given",
        blocker,
        to=blocker.owner,
        subject=f"{blocker.team}: {by} gave you a blocker",
        words=f"{by} gave you this blocker of {blocker.team}:\n\n{blocker.title}\n\n"
        f"{blocker.needed and f'What we need: {blocker.needed}' or 'Nobody has said yet what is needed.'}\n\n"
        "See where it stands, and say what happens next:\n",
    )


def handed_back(blocker, answer, by):
    """It is the owner's to do something about again."""
    if blocker.owner_id == by.pk:
        return
    _post(
        "blocker given",
        blocker,
        to=blocker.owner,
        subject=f"{blocker.team}: {by} handed a blocker back to you",
        words=f"{by} handed this blocker of {blocker.team} back to you:\n\n{blocker.title}\n\n"
        f"Their answer: {answer}\n\n"
        "See where it stands, and say what happens next:\n",
    )


def escalated(blocker, by):
    if blocker.escalated_to_id == by.pk:
        return
    until = f"{blocker.answer_by.day} {blocker.answer_by:%B %Y}"
    _post(
        "blocker escalated",
        blocker,
        to=blocker.escalated_to,
        subject=f"{blocker.team}: {by} asks you to unblock something by {until}",
        words=f"{by} asks you to help {blocker.team}, by {until}:\n\n{blocker.ask}\n\n"
        f"What is in the way: {blocker.title}\n\n"
        "Say how it was resolved, or hand it back with an answer:\n",
    )


def _post(kind, blocker, *, to, subject, words):
    post(
        kind,
        to=to.email,
        user=to,
        subject=subject,
        text=f"Hello {to.name}\n\n{words}{settings.SITE_URL}{blocker.get_absolute_url()}\n",
        dedupe=f"{kind}-{blocker.pk}-{blocker.version}",
    )
