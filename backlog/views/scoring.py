from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog import scoring
from backlog.forms import ScoreForm
from backlog.listing import place_in_list
from backlog.models import Opportunity, Order
from teams.access import for_thing
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Opportunity, Can.SET_SIZE)
def score(request, opportunity):
    """Value and size, in the row of the list or on a page of their own."""
    answers = request.POST if request.method == "POST" else None
    form = ScoreForm(answers, opportunity=opportunity, may_set_value=request.standing.may(Can.SET_VALUE))
    context = {"opportunity": opportunity, "team": opportunity.team, "form": form, "would": would(opportunity)}

    if form.is_valid():
        was = place_of(opportunity)
        opportunity.version = form.cleaned_data["version"]
        try:
            opportunity.set_score(*form.answers(opportunity), by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return _conflict(request, form, opportunity)
        else:
            return _scored(request, opportunity, was)

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
@for_thing(Opportunity, Can.READ)
def row(request, opportunity):
    """One row of the list as it stands: what Cancel puts back."""
    if not request.htmx:
        return redirect(place_in_list(opportunity))
    return render(request, "backlog/_opportunity.html", row_context(opportunity))


def would(opportunity) -> dict:
    """The sentence beside the fields: score, quadrant and the place it would have; empty while not known."""
    opportunity.merit = scoring.merit(
        opportunity.value, opportunity.size, must_do=bool(opportunity.must_do), evidence=opportunity.evidence
    )
    if opportunity.merit is None:
        return {}
    order = Order(programme_id=opportunity.programme_id)
    place, of = order.place_by_score(opportunity)
    return {"opportunity": opportunity, "place": place, "of": of}


def place_of(opportunity):
    return Order(programme_id=opportunity.programme_id).place_of(opportunity) if opportunity.rank else None


def row_context(opportunity) -> dict:
    """What `_opportunity.html` needs for one row outside its list."""
    opportunity.theme_ids = [theme.pk for theme in opportunity.themes.all()]
    return {
        "row": opportunity,
        "team": opportunity.team,
        "place": place_of(opportunity),
        "offers": {
            "stage": {opportunity.stage_id: opportunity.stage},
            "theme": {theme.pk: theme.name for theme in opportunity.themes.all()},
        },
        "answers": {"sort": "", "view": ""},
        "moved_by": {},
    }


def _scored(request, opportunity, was):
    now = place_of(opportunity)
    context = {
        "opportunity": opportunity,
        "was": was,
        "now": now,
        "would": {} if now else would(opportunity),
        "change": Change.objects.about(opportunity).first(),
    }
    if request.htmx:
        return render(request, "backlog/_scored.html", context | row_context(opportunity))
    return redirect(place_in_list(opportunity, done=context["change"]))


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
