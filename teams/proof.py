"""For what is sensitive somebody proves that it is still them, five minutes ago at most (P17)."""

from functools import wraps

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.shortcuts import redirect


def proven_just_now(view):
    """Stands inside the door. What is sent too late is not kept, as allauth would, in the session: no erasure looks
    there. The page is opened anew."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            return reauthentication_required(view)(request, *args, **kwargs)
        except ReauthenticationRequired:
            if request.method == "POST":
                return redirect(request.path)
            raise

    return guarded
