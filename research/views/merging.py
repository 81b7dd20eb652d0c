"""Two findings become one, and two again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from research import merging
from research.finding_forms import MergeForm
from research.found import finding_of
from research.views.finding import MEANWHILE, page
from teams.access import for_team
from teams.models import Conflict
from teams.permissions import Can

TOO_LATE = "This merge can no longer be undone by you: somebody changed the finding since, or it is 7 days ago"


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def merge(request, team, finding):
    """The same was learned twice: everything goes over to the other."""
    finding = finding_of(team, finding)
    others = team.findings.standing().exclude(pk=finding.pk).most_people_first()
    form = MergeForm(request.POST if request.method == "POST" else None, findings=others)
    if form.is_valid():
        target = finding_of(team, form.cleaned_data["into"].pk)
        try:
            merging.merge(finding, target, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return page(request, finding_of(team, finding.pk), problem=MEANWHILE, status=409)
        else:
            rests = f"{target.people} {'person' if target.people == 1 else 'people'}"
            messages.success(request, f"Merged. It rests on {rests} now")
            return redirect(target)
    context = {"team": team, "finding": finding, "form": form}
    return render(request, "research/merge.html", context, status=422 if form.errors else 200)


@require_POST
@for_team(Can.RAISE)
def undo(request, team, finding):
    """Apart again. By whoever merged them, or the product owner."""
    finding = finding_of(team, finding)
    change = merging.to_take_back(finding, request.user, request.standing)
    if change is None:
        return page(request, finding, problem=TOO_LATE, status=409)
    try:
        merging.undo(finding, change, by=request.user)
    except ValidationError as problem:
        return page(request, finding_of(team, finding.pk), problem=problem.messages[0], status=409)
    except Conflict:
        return page(request, finding_of(team, finding.pk), problem=MEANWHILE, status=409)
    messages.success(request, "The two findings are apart again, as they were")
    return redirect(finding)
