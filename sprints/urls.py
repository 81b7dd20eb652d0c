from django.urls import path

from sprints.views import sprint, sprints

app_name = "sprints"
urlpatterns = [
    path("teams/<team>/sprints/", sprints.sprints, name="sprints"),
    path("teams/<team>/sprints/<int:number>/", sprint.sprint, name="sprint"),
]
