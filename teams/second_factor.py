"""The switch REQUIRE_SECOND_FACTOR: without one, every page of an account leads to setting one up (P12)."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import F, JSONField, Value
from django.db.models.expressions import CombinedExpression
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRedirect

from teams.adapter import secret_box

CLOSED = ["secret", "seed"]  # of an authenticator app, and of recovery codes


def without_second_factor(view):
    """Open to those who still have to set one up."""
    view.without_second_factor = True
    return view


class RequireSecondFactor:
    """Stands after LoginRequiredMiddleware, so whoever comes this far is signed in or needs no account here."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not settings.REQUIRE_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        if getattr(view, "without_second_factor", False) or not getattr(view, "login_required", True):
            return None
        if request.user.second_factors().exists():
            return None
        to_set_up = redirect("mfa_index")
        return HttpResponseClientRedirect(to_set_up.url) if request.htmx else to_set_up


def close_secrets_anew():
    """With the newest SECRET_KEY what an older one closed, so that the older one may be forgotten.

    Only the secret itself is written, and only where it is still the same: people sign in meanwhile, and which codes
    they have used stands in the same column.
    """
    box = secret_box()
    for one in Authenticator.objects.filter(data__has_any_keys=CLOSED):
        for name in one.data.keys() & CLOSED:
            closed = Value({name: box.rotate(one.data[name]).decode()}, JSONField())
            same = Authenticator.objects.filter(pk=one.pk, **{f"data__{name}": one.data[name]})
            same.update(data=CombinedExpression(F("data"), "||", closed, output_field=JSONField()))
