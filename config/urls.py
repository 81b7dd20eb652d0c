from django.urls import include, path

urlpatterns = [
    path("", include("backlog.urls")),
]
