"""The sessions of a team, and the page on which the room meets."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from backlog.access import for_review, for_reviews
from backlog.models import ReviewSession
from backlog.review_forms import PrepareForm
from backlog.review_letters import invite
from backlog.review_page import news_of, outline, ready_by_team, room
from backlog.review_summary import summary
from teams.access import for_team
from teams.models import Submission
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_reviews
def reviews(request, team, sessions):
    """Every session the person may follow, newest first."""
    context = {
        "team": team,
        "sessions": sessions.for_list().with_counts()[:100],
        "ready": team.opportunities.to_review().count(),
        "live": team.opportunities.review_counts() if request.standing.may(Can.READ) else None,
        "may_prepare": request.standing.may(Can.RECORD_REVIEW),
    }
    return render(request, "backlog/reviews.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RECORD_REVIEW)
def prepare(request, team):
    """Choose teams, people and a time box; the scope is what is ready now."""
    form = PrepareForm(request.POST if request.method == "POST" else None, team=team, by=request.user)
    if form.is_valid():
        try:
            return redirect(_prepared(request, team, form.cleaned_data))
        except ValidationError as problem:
            form.add_error(None, problem)
    context = {
        "team": team,
        "form": form,
        "ready": ready_by_team(form.fields["teams"].queryset),
        "open": ReviewSession.objects.open_to(request.user).filter(team=team).unfinished().with_counts(),
    }
    return render(request, "backlog/review_prepare.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@for_review()
def review(request, session):
    """Where the room is: the current item, or the summary once it is over."""
    if session.is_finished:
        return render(request, "backlog/review_summary.html", outline(session) | summary(session))
    return _room(request, session)


@require_http_methods(["GET", "HEAD"])
@for_review()
def items(request, session):
    """The whole scope, each with what became of it."""
    return render(request, "backlog/review_items.html", outline(session))


@require_http_methods(["GET", "HEAD"])
@for_review()
def news(request, session):
    """Asked every few seconds: nothing, or what is new. `at` is the item on a page with a form, which is left alone."""
    if request.GET.get("seen") == news_of(session, session.here()):
        return HttpResponse(status=204)
    at = request.GET.get("at", "")
    if session.records and at.isdecimal() and len(at) < 6:
        item = get_object_or_404(session.items.for_page(), position=int(at))
        return render(request, "backlog/_review_news_parts.html", room(request, session, item))
    return HttpResponseClientRefresh() if session.is_finished else _room(request, session)


def _room(request, session):
    template = "backlog/_review.html" if request.htmx else "backlog/review.html"
    return render(request, template, room(request, session, session.here()))


def _prepared(request, team, given):
    """The address of the session; a form sent twice makes one."""

    def make():
        session = ReviewSession.objects.prepare(
            team,
            given["name"],
            by=request.user,
            teams=given["teams"],
            attendees=given["attendees"],
            minutes=given["minutes"],
        )
        invite(session, given["attendees"])
        return session

    return Submission.once(request.user, given["key"], make)
