"""allauth's views behind our doors. What is not named here cannot be reached."""

import datetime as dt
from functools import wraps

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as key
from django.conf import settings
from django.db.transaction import non_atomic_requests
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from teams import first_start
from teams.access import for_anyone_signed_in, public
from teams.demo import people_by_organisation
from teams.models import Attempts, Submission
from teams.models.idempotency import key_of
from teams.second_factor import without_second_factor

A_MINUTE = dt.timedelta(minutes=1)


def answer_422(view):
    """For mistakes, as everywhere."""

    @wraps(view)
    def answer(request, **kwargs):
        response = view(request, **kwargs)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if request.method == "POST" and form is not None and form.errors and response.status_code == 200:
            response.status_code = 422
        return response

    return require_http_methods(["GET", "HEAD", "POST"])(answer)


def end_other_sessions(view):
    """Whoever changes how they prove themselves is signed out everywhere else (P4)."""

    @wraps(view)
    def end(request, **kwargs):
        response = view(request, **kwargs)
        if request.method == "POST" and response.status_code == 302 and request.user.is_authenticated:
            request.user.end_sessions(but=request.session.session_key)
        return response

    return end


def limit_by_address(view):
    @wraps(view)
    def limited(request, **kwargs):
        if request.method == "POST":
            address = get_adapter(request).get_client_ip(request)
            if not Attempts.spend(f"address:{address}", settings.SIGN_INS_A_MINUTE, A_MINUTE):
                return respond_429(request)
        return view(request, **kwargs)

    return limited


def once(view):
    """A form that is sent twice is answered twice and counts once (P23)."""

    @wraps(view)
    def answer(request, **kwargs):
        if request.method != "POST":
            return view(request, **kwargs)
        responses = []

        def do():
            responses.append(view(request, **kwargs))
            return responses[0].headers.get("Location", "")

        address = Submission.once(request.user, key_of(request), do)
        if responses:
            return responses[0]
        return redirect(address) if address else view(request, **kwargs)

    return answer


def offer_demo_people(view):
    @wraps(view)
    def offer(request, **kwargs):
        response = view(request, **kwargs)
        if settings.DEMO and getattr(response, "context_data", None) is not None:
            response.context_data["organisations"] = people_by_organisation()
        return response

    return offer


def send_to_first_start(view):
    """Where nobody has an account, nobody can sign in."""

    @wraps(view)
    def send(request, **kwargs):
        if request.method != "POST" and first_start.is_due():
            return redirect("setup")
        return view(request, **kwargs)

    return send


def say_if_required(view):
    @wraps(view)
    def say(request, **kwargs):
        response = view(request, **kwargs)
        if response.status_code == 200:
            factors = response.context_data["authenticators"]
            response.context_data["must_set_up"] = settings.REQUIRE_SECOND_FACTOR and not factors
        return response

    return say


def to_all(view):
    return public(answer_422(view))


def to_oneself(view):
    return for_anyone_signed_in(answer_422(view))


def to_prove_oneself(view):
    return without_second_factor(to_oneself(view))


# No transaction around these two: a try is counted at once, and nobody may hold the row that a whole office shares
# while a password is hashed.
login = non_atomic_requests(to_all(send_to_first_start(limit_by_address(offer_demo_people(account.login)))))
authenticate = non_atomic_requests(to_all(factor.authenticate))

signup = to_all(account.signup)
inactive = to_all(account.account_inactive)
logout = without_second_factor(to_all(account.logout))
confirm_email = to_all(account.confirm_email)
verification_sent = to_all(account.email_verification_sent)
reset_password = to_all(account.password_reset)
reset_password_done = to_all(account.password_reset_done)
reset_password_from_key = to_all(account.password_reset_from_key)
reset_password_from_key_done = to_all(account.password_reset_from_key_done)

email = to_oneself(once(account.email))
change_password = to_oneself(account.password_change)
set_password = to_oneself(account.password_set)

reauthenticate = to_prove_oneself(account.reauthenticate)
factors = to_prove_oneself(say_if_required(factor.index))
reauthenticate_by_code = to_prove_oneself(factor.reauthenticate)
reauthenticate_by_key = to_prove_oneself(key.reauthenticate_webauthn)
activate_app = to_prove_oneself(end_other_sessions(app.activate_totp))
deactivate_app = to_oneself(end_other_sessions(app.deactivate_totp))
recovery_codes = to_prove_oneself(codes.view_recovery_codes)
generate_recovery_codes = to_oneself(end_other_sessions(codes.generate_recovery_codes))
keys = to_prove_oneself(key.list_webauthn)
add_key = to_prove_oneself(end_other_sessions(key.add_webauthn))
remove_key = to_oneself(end_other_sessions(key.remove_webauthn))
rename_key = to_oneself(key.edit_webauthn)
