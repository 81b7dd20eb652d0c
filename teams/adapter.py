"""How allauth behaves here: by invitation only, letters through the outbox, ten guesses an account (P10)."""

import base64
import hashlib
import time
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.template.loader import render_to_string
from django.utils import timezone

from teams import known_browser, security_log
from teams.mail import post
from teams.models import Attempts, OutgoingMail
from teams.models.idempotency import SECOND_CLICK, key_of
from teams.models.invitation import digest
from teams.models.user import too_long
from teams.sessions import describe_browser

JUST_NOW = 300  # seconds in which signing in counts as proof for a sensitive page
LETTERS = {
    "password_reset_key": "Reset your password",
    "email_confirmation": "Confirm your new email address",
    "account_already_exists": "About a change of email address",
}
NOTICES = {
    "email_changed": "Your email address was changed",
    "email_confirm": "Your email address was confirmed",
    "email_deleted": "An email address was removed from your account",
    "password_changed": "Your password was changed",
    "password_reset": "Your password was reset",
    "password_set": "A password was set for your account",
    "totp_activated": "An authenticator app was added to your account",
    "totp_deactivated": "The authenticator app was removed from your account",
    "webauthn_added": "A security key was added to your account",
    "webauthn_removed": "A security key was removed from your account",
    "recovery_codes_generated": "New recovery codes were made for your account",
}
SAID = {
    "account/messages/email_confirmation_sent.txt": "We sent a letter to the new address. Follow the link in it",
    "account/messages/email_confirmed.txt": "Your new email address is confirmed",
    "account/messages/email_confirmation_failed.txt": "Another account uses this address, so it was not confirmed",
    "account/messages/email_deleted.txt": "The new address was dropped",
    "account/messages/logged_out.txt": "You are signed out",
    "account/messages/password_changed.txt": "Your password is changed",
    "account/messages/password_set.txt": "Your password is set",
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app is removed",
    "mfa/messages/webauthn_added.txt": "Your security key is set up",
    "mfa/messages/webauthn_removed.txt": "Your security key is removed",
    "mfa/messages/recovery_codes_generated.txt": "These recovery codes are shown once. Keep them somewhere safe",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The email address or password is not right",
        "too_many_login_attempts": "Too many tries. Wait 15 minutes, or reset your password",
        "incorrect_password": "That is not your password",
        "enter_current_password": "That is not your current password",
        "incorrect_code": "That code is not right, or has been used",
        "email_taken": "Enter an address that no other account uses",
        "same_as_current": "Enter an address other than your present one",
        "rate_limited": "Too many tries. Wait a few minutes",
    }

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            Attempts.give_back(known_browser.bucket(request, credentials["email"]))
        return user

    def authentication_failed(self, request, **credentials):
        security_log.failed(credentials["email"])

    def pre_authenticate(self, request, **credentials):
        """In place of allauth's own limit, whose one bucket an attacker could keep full to shut the owner out."""
        if too_long(credentials.get("password", "")):
            raise self.validation_error("email_password_mismatch")
        if not Attempts.spend(known_browser.bucket(request, credentials["email"])):
            security_log.refused(credentials["email"])
            raise self.validation_error("too_many_login_attempts")

    def login(self, request, user):
        super().login(request, user)
        request.session["signed_in_at"] = time.time()
        request.session["browser"] = describe_browser(self.get_http_user_agent(request))
        security_log.signed_in(user, request.session["browser"])

    def post_login(self, request, user, **about):
        return known_browser.remember(super().post_login(request, user, **about), request, user)

    def set_password(self, user, password):
        super().set_password(user, password)
        user.end_sessions(but=self.request.session.session_key)

    def is_reauthentication_required(self, **about):
        if time.time() - self.request.session.get("signed_in_at", 0) < JUST_NOW:
            return False
        return super().is_reauthentication_required(**about)

    def get_password_change_redirect_url(self, request):
        return "/account/"

    def get_reset_password_from_key_url(self, key):
        return on_site(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request, confirmation):
        return on_site(super().get_email_confirmation_url(request, confirmation))

    def send_mail(self, template_prefix, email, context):
        """Letters with tokens: they leave within the hour or not at all."""
        kind = template_prefix.rsplit("/", 1)[-1]
        words = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "what": NOTICES.get(kind), **context}
        template = "notice" if kind in NOTICES else kind
        text = render_to_string(f"teams/email/{template}.txt", words)
        subject = NOTICES.get(kind) or LETTERS[kind]
        post(
            kind.replace("_", " "),
            to=email,
            subject=subject,
            text=text,
            user=context.get("user"),
            secret=True,
            dedupe=self._name_of(kind, email),
        )

    def _name_of(self, kind, email):
        """The second click on one form finds the letter of the first. Whoever comes back to it later has another."""
        if "key" not in self.request.POST:
            return None
        name = f"{kind}-{digest(email)[:24]}-{key_of(self.request)}"
        earlier = OutgoingMail.objects.filter(dedupe__startswith=name, made_at__lt=timezone.now() - SECOND_CLICK)
        return f"{name}-{earlier.count()}"

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        super().send_notification_mail(template_prefix, user, {"user": user, **(context or {})}, email)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        words = message or SAID.get(message_template)
        if words:
            messages.add_message(request, level, words)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right, or has been used",
        "cannot_delete_authenticator": "A second factor is required here. Add another one before you remove this",
    }

    def _get_site_name(self):
        return settings.SITE_NAME

    def encrypt(self, text):
        return secret_box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return secret_box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator):
        if not settings.REQUIRE_SECOND_FACTOR:
            return True
        return authenticator.user.second_factors().exclude(pk=authenticator.pk).exists()


def on_site(url):
    """Links in letters begin with SITE_URL, whatever host the request named (P32)."""
    return settings.SITE_URL + urlsplit(url).path


def secret_box(purpose="teams.adapter.secret_box"):
    """For what must not lie readable in the database or a backup of it. Old keys still open what they closed."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (hashlib.sha256(f"{purpose}{key}".encode()).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])
