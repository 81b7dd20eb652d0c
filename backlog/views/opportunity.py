from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.forms import CommentForm, OpportunityForm
from backlog.models import Opportunity
from backlog.models.comment import conversation
from backlog.models.story import stories_under
from backlog.story_forms import LinkForm
from backlog.views.talking import say
from teams.access import for_team, for_thing
from teams.editing import both_texts
from teams.models import Change, Conflict, Submission
from teams.models.idempotency import fresh_key, key_of
from teams.permissions import Can


@transaction.non_atomic_requests  # each statement reads by itself
@require_http_methods(["GET", "HEAD"])
@for_thing(Opportunity, Can.READ, "stage", "scored_by", rows="with_names")
def opportunity(request, opportunity):
    return opportunity_page(request, opportunity)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def add(request, team):
    """Raise an opportunity. Sending the same form twice makes one."""
    answers = request.POST if request.method == "POST" else None
    form = OpportunityForm(answers, team=team)
    if form.is_valid():
        address = Submission.once(
            request.user, key_of(request), lambda: Opportunity.objects.add(team, by=request.user, **form.facts())
        )
        return redirect("backlog:add", team.slug) if "another" in request.POST else redirect(address)

    context = {"team": team, "form": form, "key": key_of(request)}
    return render(request, "backlog/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.RAISE)
def alike(request, team):
    """Opportunities whose title looks like the one being typed, so that nobody raises it twice."""
    known = Opportunity.objects.known_to(request.user).filter(programme=team.programme)
    found = known.alike(request.GET.get("title", ""))
    return render(request, "backlog/_alike.html", {"alike": found, "team": team})


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Opportunity, Can.RAISE)
def edit(request, opportunity):
    """Change its words and facts. When somebody saved meanwhile, both texts are shown and nothing is lost."""
    answers = request.POST if request.method == "POST" else None
    form = OpportunityForm(answers, instance=opportunity, team=opportunity.team)
    context = {"opportunity": opportunity, "team": opportunity.team, "form": form}
    if form.is_valid():
        opportunity.version = form.cleaned_data["version"] or opportunity.version
        try:
            opportunity.edit(by=request.user, **form.facts())
        except Conflict:
            return render(request, "backlog/edit.html", context | _both_texts(form, opportunity), status=409)
        else:
            return redirect(opportunity)
    return render(request, "backlog/edit.html", context, status=422 if form.errors else 200)


@require_POST
@for_thing(Opportunity, Can.RAISE, "stage", "scored_by", rows="with_names")
def comment(request, opportunity):
    """Say something about it, or answer what somebody said."""
    form = CommentForm(request.POST)
    if not form.is_valid():
        return opportunity_page(request, opportunity, form=form, status=422)
    return redirect(say(request, opportunity, form.cleaned_data["text"]))


def opportunity_page(request, opportunity, *, form=None, link_form=None, status=200):
    """The reading page, also with a mistake in one of its small forms."""
    changes = Change.objects.latest_about(opportunity)
    context = {
        "opportunity": opportunity,
        "team": opportunity.team,
        "form": form or CommentForm(),
        "link_form": link_form or LinkForm(None, programme=opportunity.programme_id, by=request.user),
        "links": opportunity.shown_links,
        "key": fresh_key(),
        "stories": stories_under(opportunity.pk),
        "comments": conversation(opportunity),
        "changes": changes,
        "undoable": [one for one in changes if opportunity.may_be_undone_by(request.user, request.standing, one)],
    }
    return render(request, "backlog/opportunity.html", context, status=status)


def _both_texts(form, opportunity) -> dict:
    theirs = Opportunity.objects.select_related("team__programme").get(pk=opportunity.pk)
    return both_texts(theirs, form, OpportunityForm(instance=theirs, team=theirs.team)) | {"opportunity": theirs}
