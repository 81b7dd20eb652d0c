from django.urls import include, path

urlpatterns = [
    path("", include("teams.account_urls")),
    path("", include("backlog.urls")),
]
