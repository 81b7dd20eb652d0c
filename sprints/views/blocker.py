from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sprints import ledger
from sprints.access import for_blocker
from sprints.forms import BlockerForm, EscalateForm, OwnerForm, SayingForm, UpdateForm
from sprints.models import Blocker, BlockerLimits
from teams.access import for_team
from teams.editing import edit as edit_thing
from teams.editing import written
from teams.models import Change, Conflict, Submission
from teams.models.idempotency import fresh_key, key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_blocker()
def blocker(request, blocker):
    return _page(request, blocker, UpdateForm())


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.STAND_UP)
def raise_one(request, team):
    """Raise a blocker at any time of day. Sending the same form twice raises one."""
    form = BlockerForm(_answers(request), team=team, initial={"story": request.GET.get("story", "")[:20]})
    key = key_of(request)
    if form.is_valid():
        address = Submission.once(request.user, key, lambda: Blocker.objects.add(team, by=request.user, **form.facts()))
        messages.success(request, "The blocker is raised. It needs an owner")
        return redirect(address)
    context = {"team": team, "tab": "blockers", "form": form, "key": key}
    return render(request, "sprints/blocker_raise.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_blocker("edit")
def edit(request, blocker):
    def form(data, initial):
        reference = blocker.story.reference if blocker.story else ""
        return BlockerForm(data, initial=initial | {"story": reference}, team=blocker.team)

    return edit_thing(
        request,
        blocker,
        form,
        context=_asking(blocker, "Edit the blocker", "Save"),
        then=blocker.get_absolute_url(),
        template="sprints/blocker_form.html",
    )


@require_POST
@for_blocker("take")
def take(request, blocker):
    return _simply(request, blocker, blocker.take, "You own it now")


@require_http_methods(["GET", "HEAD", "POST"])
@for_blocker("withdraw")
def withdraw(request, blocker):
    asking = _asking(blocker, "Withdraw the blocker?", "Withdraw it")
    asking["before"] = "It was no blocker after all. It leaves the ledger and cannot be brought back"
    return _ask(request, blocker, forms.Form(_answers(request)), blocker.withdraw, asking, "The blocker is withdrawn")


@require_POST
@for_blocker("reopen")
def reopen(request, blocker):
    return _simply(request, blocker, blocker.reopen, "It is open again, with the day it was first raised")


@require_POST
@for_blocker("confirm")
def confirm(request, blocker):
    return _simply(request, blocker, blocker.confirm, "Noted: it still blocks")


@require_http_methods(["GET", "HEAD", "POST"])
@for_blocker("assign")
def assign(request, blocker):
    form = OwnerForm(_answers(request), blocker=blocker)
    asking = _asking(blocker, "Who owns it?", "Give it to them")
    return _ask(request, blocker, form, blocker.assign, asking, "It has an owner: {blocker.owner}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_blocker("escalate")
def escalate(request, blocker):
    form = EscalateForm(_answers(request), blocker=blocker)
    asking = _asking(blocker, "Escalate the blocker", "Escalate it")
    done = "It is escalated to {blocker.escalated_to}, who gets a letter"
    return _ask(request, blocker, form, blocker.escalate, asking, done)


@require_http_methods(["GET", "HEAD", "POST"])
@for_blocker("hand_back")
def hand_back(request, blocker):
    form = SayingForm(
        _answers(request), name="answer", label="What should the team do next?", missing="Say what the team should do"
    )
    asking = _asking(blocker, "Hand the blocker back", "Hand it back")
    return _ask(request, blocker, form, blocker.hand_back, asking, "It is back with {blocker.owner}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_blocker("resolve")
def resolve(request, blocker):
    form = SayingForm(
        _answers(request), name="how", label="How was it resolved?", missing="Say how it was resolved, in one line"
    )
    return _ask(
        request, blocker, form, blocker.resolve, _asking(blocker, "Resolve the blocker", "Resolve it"), "Resolved"
    )


@require_POST
@for_blocker("say")
def say(request, blocker):
    form = UpdateForm(request.POST)
    if not form.is_valid():
        return _page(request, blocker, form, status=422)
    text = form.cleaned_data["text"]
    try:
        address = Submission.once(request.user, key_of(request), lambda: blocker.say(text, by=request.user))
    except ValidationError as problem:
        form.add_error(None, problem)
        return _page(request, blocker, form, status=422)
    return redirect(address)


def _answers(request):
    return request.POST if request.method == "POST" else None


def _asking(blocker, heading, button):
    return {"blocker": blocker, "team": blocker.team, "tab": "blockers", "heading": heading, "button": button}


def _page(request, blocker, form, status=200):
    in_team = request.standing.may(Can.READ)
    updates = blocker.updates.all() if in_team else blocker.updates_since_escalated()
    limits = BlockerLimits.objects.of(blocker.team)
    context = {
        "blocker": blocker,
        "line": ledger.lines([blocker], limits, timezone.localdate())[0],
        "team": blocker.team,
        "tab": "blockers",
        "form": form,
        "key": fresh_key(),
        "in_team": in_team,
        "updates": updates,
        "changes": Change.objects.about(blocker)[:50] if in_team else [],
    }
    return render(request, "sprints/blocker.html", context, status=status)


def _ask(request, blocker, form, verb, asking, done):
    """One question before something is done with a blocker."""
    if form.is_valid():
        facts = form.facts() if hasattr(form, "facts") else form.cleaned_data
        then = _then(request, blocker)
        try:
            Submission.once(request.user, key_of(request), lambda: verb(**facts, by=request.user) or then)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return _changed_meanwhile(request, blocker, written(form))
        else:
            messages.success(request, done.format(blocker=blocker))
            return redirect(then)
    asking |= {"form": form, "key": key_of(request)}
    return render(request, "sprints/blocker_form.html", asking, status=422 if form.errors else 200)


def _simply(request, blocker, verb, done):
    try:
        verb(by=request.user)
    except ValidationError as problem:
        context = {"blocker": blocker, "team": blocker.team, "problem": problem.messages[0]}
        return render(request, "sprints/blocker_not_now.html", context, status=422)
    except Conflict:
        return _changed_meanwhile(request, blocker)
    messages.success(request, done)
    return redirect(_then(request, blocker))


def _changed_meanwhile(request, blocker, yours=()):
    change = Change.objects.about(blocker).first() if request.standing.may(Can.READ) else None
    context = {"blocker": blocker, "team": blocker.team, "change": change, "yours": yours}
    return render(request, "sprints/blocker_changed.html", context, status=409)


def _then(request, blocker):
    """Back to where it was done: the ledger, or what was escalated to me, or the blocker's own page."""
    if not request.standing.may(Can.READ):
        return reverse("sprints:escalated")
    if request.POST.get("from") == "ledger":
        return f"{reverse('sprints:blockers', args=[blocker.team.slug])}#blocker-{blocker.number}"
    return blocker.get_absolute_url()
