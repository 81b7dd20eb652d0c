"""How people get in, and what is their own. allauth's names are its own, hence no namespace."""

from django.urls import path

from teams.views import invitation

urlpatterns = [
    path("invitations/", invitation.invitation, name="invitation"),
    path("invitations/<str:token>/", invitation.open_letter, name="open_invitation"),
]
