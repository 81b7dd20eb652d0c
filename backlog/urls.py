from django.urls import path

from backlog.views import opportunity

app_name = "backlog"
urlpatterns = [
    path("opportunities/<reference>/", opportunity.opportunity, name="opportunity"),
]
