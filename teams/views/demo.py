from allauth.account.utils import get_next_redirect_url, perform_login
from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from teams.access import public
from teams.demo import demo_users


@require_http_methods(["POST"])
@public
def sign_in_as(request, pk):
    """One button for each person, in demo mode only; settings refuse that mode on anything but loopback."""
    if not settings.DEMO:
        raise Http404
    person = get_object_or_404(demo_users(), pk=pk)
    if request.user.is_authenticated:
        request.session.flush()
    return perform_login(request, person, email_verification="none", redirect_url=get_next_redirect_url(request) or "/")
