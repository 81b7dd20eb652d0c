"""What stands beside the three questions: being away, talking after, and how the goal stands."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sprints.access import for_standup
from sprints.forms import GoalCheckForm, TalkAfterForm
from sprints.models import GoalCheck, Sprint, TalkAfter
from sprints.working_day import WorkingDays
from teams.models import Absence, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_POST
@for_standup(Can.STAND_UP)
def away(request, team, day):
    """I am not working on that day: the wall says so, in each of my teams."""
    try:
        Absence(user=request.user, starts_on=day, ends_on=day).book()
    except ValidationError as problem:
        messages.warning(request, problem.messages[0])
    else:
        messages.success(request, "The wall says that you are away")
    return redirect(_standup(team, day))


@require_POST
@for_standup(Can.STAND_UP)
def here(request, team, day):
    """I am working after all. A longer absence is changed on the account page, where it was booked."""
    absence = request.user.absences.filter(starts_on=day, ends_on=day).first()
    if absence:
        absence.cancel()
        messages.success(request, "You are no longer away")
    return redirect(_standup(team, day))


@require_http_methods(["GET", "HEAD", "POST"])
@for_standup(Can.STAND_UP)
def talk(request, team, day):
    """Something for after the stand-up, with whom."""
    form = TalkAfterForm(request.POST if request.method == "POST" else None, team=team)
    key = key_of(request)
    if form.is_valid():
        there = f"{_standup(team, day)}#after"

        def add():
            TalkAfter.objects.add(team, day, **form.facts(), by=request.user)
            return there

        try:
            return redirect(Submission.once(request.user, key, add))
        except ValidationError as problem:
            form.add_error(None, problem)
    context = {"team": team, "tab": "standup", "day": day, "form": form, "key": key}
    return render(request, "sprints/talk_after.html", context, status=422 if form.errors else 200)


@require_POST
@for_standup(Can.STAND_UP)
def talked(request, team, day, talk):
    """Tick it off, or put it back."""
    topic = get_object_or_404(team.talks_after.on(day), pk=talk)
    if "back" in request.POST:
        topic.put_back(by=request.user)
    else:
        topic.finish(by=request.user)
    return redirect(f"{_standup(team, day)}#after")


@require_POST
@for_standup(Can.STAND_UP)
def goal(request, team, day):
    """How the sprint goal stands today: on track, at risk or off track."""
    sprint, form = Sprint.objects.active_in(team), GoalCheckForm(request.POST)
    if sprint is None or day != WorkingDays.of(team).current(timezone.localdate()):
        raise Http404
    if form.is_valid():
        check = GoalCheck.objects.say(sprint, day, form.cleaned_data["track"], by=request.user)
        messages.success(request, f"Noted: the sprint goal is {check.get_track_display().lower()}")
    else:
        messages.warning(request, "Choose on track, at risk or off track")
    return redirect(_standup(team, day))


def _standup(team, day):
    return reverse("sprints:standup_on", args=[team.slug, day.isoformat()])
