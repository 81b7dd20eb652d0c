"""Comments are the same on every thing that has them."""

from django.shortcuts import get_object_or_404

from backlog.models import Comment
from teams.models import Submission
from teams.models.idempotency import key_of


def say(request, thing, text) -> str:
    """Add what somebody says about `thing`, once however often it is sent. Returns the address of the comment."""
    answers = request.POST.get("answers", "")
    known = answers.isdecimal() and len(answers) < 19
    said = get_object_or_404(thing.comments.select_related("author", "answers"), pk=answers) if known else None
    return Submission.once(
        request.user, key_of(request), lambda: Comment.objects.say(thing, text, by=request.user, answers=said)
    )
