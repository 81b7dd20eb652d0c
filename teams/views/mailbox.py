"""The local mailbox of the demo, where nothing leaves the machine (settings.MAIL_STAYS_HERE)."""

from functools import wraps

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from teams.access import public
from teams.models import OutgoingMail

NEWEST = 100


def only_in_the_demo(view):
    """Everybody may read everybody's letters there, as everybody may sign in as everybody."""

    @wraps(view)
    def guarded(request, **kwargs):
        if not settings.DEMO:
            raise Http404
        return view(request, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD"])
@public
@only_in_the_demo
def mailbox(request):
    letters = OutgoingMail.objects.newest_first()[:NEWEST]
    return render(request, "teams/mailbox.html", {"letters": letters, "newest": NEWEST})


@require_http_methods(["GET", "HEAD"])
@public
@only_in_the_demo
def letter(request, number):
    letter = get_object_or_404(OutgoingMail, pk=number)
    return render(request, "teams/letter.html", {"letter": letter})
