"""The letter that tells somebody that their comment was answered. It carries no words of the answer: those may have to
be taken back, and a letter cannot be."""

from django.conf import settings

from teams.mail import post


def answered(comment, answer):
    """`comment` is the one that was answered. Nobody is written to who left the team, or answered themselves."""
    author, thing = comment.author, answer.about
    if author == answer.author or not author.is_active:
        return
    if not thing.team.memberships.current().filter(user=author).exists():
        return
    post(
        "comment answer",
        to=author.email,
        user=author,
        subject=f"{thing.team}: {answer.author_name} answered you on {thing.reference}",
        text=f"Hello {author.name}\n\n{answer.author_name} answered your comment on {thing}:\n"
        f"{settings.SITE_URL}{answer.get_absolute_url()}\n\n"
        f"You can switch these letters off: {settings.SITE_URL}/account/letters/\n",
        dedupe=f"comment-answer-{answer.pk}",
    )
