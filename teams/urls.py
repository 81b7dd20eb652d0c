from django.urls import path

from teams.views import closures, history, lists, people, programme, programme_people, team

app_name = "teams"
urlpatterns = [
    path("programmes/<programme>/", programme.programme, name="programme"),
    path("programmes/<programme>/settings/", programme.settings, name="programme_settings"),
    path("programmes/<programme>/archive/", programme.archive, name="archive_programme"),
    path("programmes/<programme>/history/", history.of_programme, name="programme_history"),
    path("programmes/<programme>/teams/add/", team.add, name="add_team"),
    path("programmes/<programme>/themes/add/", lists.add_theme, name="add_theme"),
    path("programmes/<programme>/themes/<int:pk>/", lists.theme, name="theme"),
    path("programmes/<programme>/themes/<int:pk>/move/", lists.move_theme, name="move_theme"),
    path("programmes/<programme>/themes/<int:pk>/archive/", lists.archive_theme, name="archive_theme"),
    path("programmes/<programme>/services/add/", lists.add_service, name="add_service"),
    path("programmes/<programme>/services/<int:pk>/", lists.service, name="service"),
    path("programmes/<programme>/services/<int:pk>/archive/", lists.archive_service, name="archive_service"),
    path("programmes/<programme>/people/", programme_people.people, name="programme_people"),
    path("programmes/<programme>/people/invite/", programme_people.invite, name="invite_to_programme"),
    path("programmes/<programme>/people/leads/<int:pk>/remove/", programme_people.remove_lead, name="remove_lead"),
    path("programmes/<programme>/people/admins/<int:pk>/remove/", programme_people.remove_admin, name="remove_admin"),
    path(
        "programmes/<programme>/invitations/<int:pk>/<str:what>/",
        programme_people.answer_invitation,
        name="programme_invitation",
    ),
    path("teams/<team>/", team.team, name="team"),
    path("teams/<team>/settings/", team.settings, name="team_settings"),
    path("teams/<team>/archive/", team.archive, name="archive_team"),
    path("teams/<team>/phase/", team.phase, name="phase"),
    path("teams/<team>/closures/add/", closures.add, name="add_closure"),
    path("teams/<team>/closures/<int:pk>/remove/", closures.remove, name="remove_closure"),
    path("teams/<team>/people/", people.people, name="people"),
    path("teams/<team>/people/invite/", people.invite, name="invite_to_team"),
    path("teams/<team>/people/<int:pk>/", people.member, name="member"),
    path("teams/<team>/people/<int:pk>/remove/", people.remove, name="remove_member"),
    path("teams/<team>/invitations/<int:pk>/<str:what>/", people.answer_invitation, name="team_invitation"),
    path("teams/<team>/history/", history.of_team, name="team_history"),
]
