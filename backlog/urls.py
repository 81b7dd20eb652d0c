from django.urls import path

from backlog.views import bulk, listing, moving, opportunity, outcome, review, saved_views, scoring, undo

app_name = "backlog"
urlpatterns = [
    path("teams/<team>/opportunities/", listing.opportunities, name="opportunities"),
    path("teams/<team>/opportunities/add/", opportunity.add, name="add"),
    path("teams/<team>/opportunities/alike/", opportunity.alike, name="alike"),
    path("teams/<team>/opportunities/bulk/", bulk.bulk, name="bulk"),
    path("teams/<team>/opportunities/sort/", moving.sort_by_score, name="sort"),
    path("teams/<team>/opportunities/views/", saved_views.save_view, name="save_view"),
    path("teams/<team>/opportunities/views/<int:pk>/forget/", saved_views.forget_view, name="forget_view"),
    path("teams/<team>/changes/<int:pk>/undo/", undo.undo, name="undo"),
    path("opportunities/<reference>/", opportunity.opportunity, name="opportunity"),
    path("teams/<slug:team>/reviews/<int:review>/", review.review, name="review"),
    path("opportunities/<reference>/edit/", opportunity.edit, name="edit"),
    path("opportunities/<reference>/comments/", opportunity.comment, name="comment"),
    path("opportunities/<reference>/score/", scoring.score, name="score"),
    path("opportunities/<reference>/score/preview/", scoring.preview, name="score_preview"),
    path("opportunities/<reference>/row/", scoring.row, name="row"),
    path("opportunities/<reference>/move/", moving.move, name="move"),
    path("opportunities/<reference>/outcome/", outcome.outcome, name="outcome"),
    path("opportunities/<reference>/ready/", outcome.ready, name="ready"),
    path("opportunities/<reference>/delivered/", outcome.delivered, name="delivered"),
]
