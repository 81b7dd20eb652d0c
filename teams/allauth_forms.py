"""allauth's forms in our words: a label, what to do when it is empty, and no second field to type a password into."""

from allauth.account import forms as account
from allauth.mfa.base import forms as factor
from allauth.mfa.totp import forms as app
from allauth.mfa.webauthn import forms as key

from teams import security_log

EMAIL = "Email address", "Enter your email address"
NEW_PASSWORD = "New password", "Enter a new password"
WORDS = {
    "login": EMAIL,
    "email": EMAIL,
    "password": ("Password", "Enter your password"),
    "oldpassword": ("Current password", "Enter your current password"),
    "password1": NEW_PASSWORD,
    "code": ("Code", "Enter the code"),
    "name": ("Name of the key", "Enter a name for the key"),
}
HINTS = {
    "name": "To tell it from others, like “blue key”",
    "password1": "At least 12 characters, or 15 for administrators. Three random words make a good one",
}


def in_our_words(form_class):
    class InOurWords(form_class):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.fields.pop("password2", None)
            for name in self.fields.keys() & WORDS.keys():
                reword(self.fields[name], name)

    return InOurWords


def reword(field, name):
    field.label, field.error_messages["required"] = WORDS[name]
    field.help_text = HINTS.get(name, "")
    field.widget.attrs.pop("placeholder", None)


SignIn = in_our_words(account.LoginForm)
ChangePassword = in_our_words(account.ChangePasswordForm)
SetPassword = in_our_words(account.SetPasswordForm)
ResetPassword = in_our_words(account.ResetPasswordForm)
ResetPasswordFromKey = in_our_words(account.ResetPasswordKeyForm)
Reauthenticate = in_our_words(account.ReauthenticateForm)
ChangeEmail = in_our_words(account.AddEmailForm)


class Authenticate(in_our_words(factor.AuthenticateForm)):
    def _emit_authentication_failed(self, authenticator):
        security_log.wrong_code(self.user)


ReauthenticateByCode = in_our_words(factor.ReauthenticateForm)
ActivateApp = in_our_words(app.ActivateTOTPForm)
AddKey = in_our_words(key.AddWebAuthnForm)
RenameKey = in_our_words(key.EditWebAuthnForm)
