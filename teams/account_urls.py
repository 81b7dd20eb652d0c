"""How people get in, and what is their own. Names that begin with account_ or mfa_ are those allauth looks for."""

from django.urls import path, re_path

from teams.views import account, demo, from_allauth, invitation, setup

urlpatterns = [
    path("account/", account.account, name="account"),
    path("account/name/", account.name, name="account_name"),
    path("account/shortcuts/", account.shortcuts, name="account_shortcuts"),
    path("account/sessions/", account.sessions, name="account_sessions"),
    path("account/absences/", account.absences, name="account_absences"),
    path("account/absences/<int:pk>/remove/", account.remove_absence, name="account_remove_absence"),
    path("account/close/", account.close, name="account_close"),
    path("account/login/", from_allauth.login, name="account_login"),
    path("account/login/as/<int:pk>/", demo.sign_in_as, name="sign_in_as"),
    path("account/logout/", from_allauth.logout, name="account_logout"),
    path("account/signup/", from_allauth.signup, name="account_signup"),
    path("account/inactive/", from_allauth.inactive, name="account_inactive"),
    path("account/reauthenticate/", from_allauth.reauthenticate, name="account_reauthenticate"),
    path("account/email/", from_allauth.email, name="account_email"),
    path("account/confirm-email/", from_allauth.verification_sent, name="account_email_verification_sent"),
    re_path(r"^account/confirm-email/(?P<key>[-:\w]+)/\Z", from_allauth.confirm_email, name="account_confirm_email"),
    path("account/password/change/", from_allauth.change_password, name="account_change_password"),
    path("account/password/set/", from_allauth.set_password, name="account_set_password"),
    path("account/password/reset/", from_allauth.reset_password, name="account_reset_password"),
    path("account/password/reset/done/", from_allauth.reset_password_done, name="account_reset_password_done"),
    path(
        "account/password/reset/key/done/",
        from_allauth.reset_password_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-\w]+)/\Z",
        from_allauth.reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/2fa/", from_allauth.factors, name="mfa_index"),
    path("account/2fa/authenticate/", from_allauth.authenticate, name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", from_allauth.reauthenticate_by_code, name="mfa_reauthenticate"),
    path("account/2fa/app/", from_allauth.activate_app, name="mfa_activate_totp"),
    path("account/2fa/app/remove/", from_allauth.deactivate_app, name="mfa_deactivate_totp"),
    path("account/2fa/codes/", from_allauth.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/2fa/codes/new/", from_allauth.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/2fa/keys/", from_allauth.keys, name="mfa_list_webauthn"),
    path("account/2fa/keys/add/", from_allauth.add_key, name="mfa_add_webauthn"),
    path("account/2fa/keys/prove/", from_allauth.reauthenticate_by_key, name="mfa_reauthenticate_webauthn"),
    path("account/2fa/keys/<int:pk>/remove/", from_allauth.remove_key, name="mfa_remove_webauthn"),
    path("account/2fa/keys/<int:pk>/rename/", from_allauth.rename_key, name="mfa_edit_webauthn"),
    path("invitations/", invitation.invitation, name="invitation"),
    path("invitations/<str:token>/", invitation.open_letter, name="open_invitation"),
    path("setup/", setup.setup, name="setup"),
    path("setup/next/", setup.next_steps, name="setup_next"),
]
