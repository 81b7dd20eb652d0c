from django.urls import path

from backlog.views import opportunity, review

app_name = "backlog"
urlpatterns = [
    path("opportunities/<reference>/", opportunity.opportunity, name="opportunity"),
    path("teams/<slug:team>/reviews/<int:review>/", review.review, name="review"),
]
