from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.forms import OutcomeForm
from backlog.models import Opportunity, State
from teams.access import for_thing
from teams.editing import written
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Opportunity, Can.DECIDE)
def outcome(request, opportunity):
    """Decide one opportunity outside a review session: take forward, park, won't do, merge, needs evidence."""
    answers = request.POST if request.method == "POST" else None
    form = OutcomeForm(answers, initial={"version": opportunity.version})
    if form.is_valid():
        opportunity.version = form.cleaned_data["version"]
        try:
            decide(opportunity, form.cleaned_data, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return changed_meanwhile(request, opportunity, written(form))
        else:
            return redirect(opportunity)
    context = {"opportunity": opportunity, "team": opportunity.team, "form": form}
    return render(request, "backlog/outcome.html", context, status=422 if form.errors else 200)


@require_POST
@for_thing(Opportunity, Can.RAISE)
def ready(request, opportunity):
    """Mark it ready to review; bringing back what was parked is the product owner's and the researcher's."""
    if opportunity.state != State.NEW and not request.standing.may(Can.REOPEN):
        raise PermissionDenied
    return _simply(request, opportunity, opportunity.mark_ready)


@require_POST
@for_thing(Opportunity, Can.DECIDE)
def delivered(request, opportunity):
    return _simply(request, opportunity, opportunity.deliver)


def decide(opportunity, answers, *, by):
    """Carry out a cleaned OutcomeForm. Raises ValidationError with the sentence to show, or Conflict."""
    outcome, reason = answers["outcome"], answers["reason"]
    if outcome == State.TAKE_FORWARD:
        opportunity.take_forward(by=by)
    elif outcome == State.PARKED:
        opportunity.park(reason, answers["until"], by=by)
    elif outcome == State.WONT_DO:
        opportunity.refuse(reason, by=by)
    elif outcome == State.NEEDS_EVIDENCE:
        opportunity.ask_for_evidence(reason, by=by)
    else:
        seen = Opportunity.objects.seen_by(by)
        target = seen.filter(programme=opportunity.programme_id, reference=answers["into"])
        opportunity.merge_into(target.select_related("team__programme").first(), by=by)


def changed_meanwhile(request, opportunity, yours=()):
    theirs = Opportunity.objects.select_related("team__programme").get(pk=opportunity.pk)
    change = Change.objects.about(theirs).first()
    context = {"opportunity": theirs, "team": theirs.team, "change": change, "yours": yours}
    return render(request, "backlog/changed_meanwhile.html", context, status=409)


def _simply(request, opportunity, verb):
    try:
        verb(by=request.user)
    except ValidationError as problem:
        context = {"opportunity": opportunity, "team": opportunity.team, "problem": problem.messages[0]}
        return render(request, "backlog/not_now.html", context, status=422)
    except Conflict:
        return changed_meanwhile(request, opportunity)
    return redirect(opportunity)
