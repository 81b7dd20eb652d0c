from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.forms import ScoreForm
from backlog.listing import place_in_list
from backlog.models import Opportunity, places
from teams.access import for_thing
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Opportunity, Can.SET_SIZE, "stage", rows="with_themes")
def score(request, opportunity):
    """Value and size, in the row of the list or on a page of their own."""
    answers = request.POST if request.method == "POST" else None
    form = ScoreForm(
        answers,
        opportunity=opportunity,
        may_set_value=request.standing.may(Can.SET_VALUE),
        proposed=request.GET.get("value"),
    )
    if form.is_valid():
        was = opportunity.rank
        opportunity.version = form.cleaned_data["version"]
        try:
            change = opportunity.set_score(*form.answers(opportunity), by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return _conflict(request, form, opportunity)
        else:
            return _scored(request, opportunity, change, was)

    context = {"opportunity": opportunity, "team": opportunity.team, "form": form, "would": would(opportunity)}
    template = "backlog/_score_form.html" if request.htmx else "backlog/score.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@for_thing(Opportunity, Can.SET_SIZE)
def preview(request, opportunity):
    """What a value and a size would do, before they are saved."""
    form = ScoreForm(
        {"value": opportunity.value, **request.GET.dict(), "version": opportunity.version},
        opportunity=opportunity,
        may_set_value=request.standing.may(Can.SET_VALUE),
    )
    if form.is_valid():
        opportunity.value, opportunity.size = form.answers(opportunity)
    return render(request, "backlog/_would.html", {"would": would(opportunity)})


@require_http_methods(["GET", "HEAD"])
@for_thing(Opportunity, Can.READ, "stage", rows="with_themes")
def row(request, opportunity):
    """One row of the list as it stands: what Cancel puts back."""
    if not request.htmx:
        return redirect(place_in_list(opportunity))
    return render(request, "backlog/_opportunity.html", row_context(opportunity, places.place_of(opportunity)))


def would(opportunity) -> dict:
    """The sentence beside the fields: score, quadrant and the place it would have; empty while not known."""
    opportunity.merit = opportunity.reckoned_merit
    if opportunity.merit is None:
        return {}
    place, of = places.place_by_score(opportunity)
    return {"opportunity": opportunity, "place": place, "of": of}


def row_context(opportunity, place) -> dict:
    """What `_opportunity.html` needs for one row outside its list."""
    themes = dict(enumerate(opportunity.theme_names))
    opportunity.theme_ids = list(themes)
    return {
        "row": opportunity,
        "team": opportunity.team,
        "place": place,
        "offers": {"stage": {opportunity.stage_id: opportunity.stage}, "theme": themes},
        "answers": {"sort": "", "view": ""},
        "moved_by": {},
    }


def _scored(request, opportunity, change, rank):
    """What the score did, `rank` being the place in the order before it."""
    if not request.htmx:
        return redirect(place_in_list(opportunity, done=change))
    was, now = places.places_at([rank, opportunity.rank], opportunity)
    context = {
        "opportunity": opportunity,
        "was": was,
        "now": now,
        "would": {} if opportunity.rank else would(opportunity),
        "change": change,
    }
    return render(request, "backlog/_scored.html", context | row_context(opportunity, now))


def _conflict(request, form, opportunity):
    theirs = Opportunity.objects.select_related("scored_by", "team__programme").get(pk=opportunity.pk)
    value, size = form.answers(theirs)
    context = {
        "opportunity": theirs,
        "team": theirs.team,
        "yours": {"value": value, "size": size},
        "change": Change.objects.about(theirs).first(),
    }
    return render(request, "backlog/score_conflict.html", context, status=409)
