from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sprints import standup as standups
from sprints import walk as walks
from sprints.access import for_standup
from sprints.models import Blocker, Sprint
from sprints.standup_form import StandupForm
from sprints.working_day import WorkingDays
from teams.access import for_team
from teams.models import Absence, Conflict, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

READS = ("GET", "HEAD")


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def standup(request, team):
    """Today's stand-up; on a day nobody works, the next one, which can be written early."""
    return _page(request, team, WorkingDays.of(team).current(timezone.localdate()))


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def walk(request, team):
    """The board as a list to talk through, from what is nearest to done."""
    days, today = WorkingDays.of(team), timezone.localdate()
    sprint = Sprint.objects.active_in(team)
    stories = [card.story for card in sprint.commitments.for_walk()] if sprint else []
    blockers = Blocker.objects.by_story(stories)
    context = {
        "team": team,
        "tab": "standup",
        "sprint": sprint,
        "sprint_day": sprint and sprint.day_on(today),
        "columns": walks.walk(stories, blockers, today, days.division, days.closures),
        "stories": len(stories),
    }
    return render(request, "sprints/walk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_standup(Can.READ, to_write=Can.STAND_UP)
def standup_on(request, team, day):
    """One stand-up: what everybody said, and my own answers."""
    days = WorkingDays.of(team)
    if not days.is_one(day):
        return redirect("sprints:standup_on", team.slug, days.after(day).isoformat())
    if request.method in READS:
        return _page(request, team, day)
    return _answer(request, team, day, request.user, _page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_standup(Can.SPEAK_FOR)
def standup_for(request, team, day, membership):
    """Somebody's answers, written by their delivery manager; the wall says so."""
    member = get_object_or_404(team.memberships.current().select_related("user"), pk=membership)
    if not WorkingDays.of(team).takes_entries(day, timezone.localdate()):
        raise Http404

    def page(request, team, day, form=None, status=200, **more):
        context = _asked(request, team, day, member.user, form) | more
        return render(request, "sprints/standup_for.html", context | {"member": member}, status=status)

    return page(request, team, day) if request.method in READS else _answer(request, team, day, member.user, page)


def _answer(request, team, day, person, page):
    if not WorkingDays.of(team).takes_entries(day, timezone.localdate()):
        raise Http404
    form = _form(request.POST, team, day, person)
    if not form.is_valid():
        return page(request, team, day, form, status=422)
    said = form.said()
    try:
        address = Submission.once(
            request.user, key_of(request), lambda: standups.answer(team, person, day, said, by=request.user)
        )
    except ValidationError as problem:
        form.add_error(None, problem)
        return page(request, team, day, form, status=422)
    except Conflict as conflict:
        return _both(request, team, day, form, page, conflict.args[0])
    whose = "Your" if person == request.user else f"{person}’s"
    messages.success(request, f"{whose} stand-up is {'changed' if said.version else 'posted'}")
    return redirect(address)


def _both(request, team, day, form, page, thing):
    """Written meanwhile on another screen: what is saved now stands beside what was sent."""
    if isinstance(thing, Blocker):
        form.add_error(None, f"Somebody changed “{thing.title}” at this moment. Look at it and post again")
        return page(request, team, day, form, status=409)
    form.data = form.data.copy()
    form.data["version"] = thing.version
    return page(request, team, day, form, status=409, theirs=thing)


def _form(answers, team, day, person, days=None):
    days, today = days or WorkingDays.of(team), timezone.localdate()
    entry = team.standup_entries.on(day).by_person(person).with_blockers().first()
    did = "" if entry or answers else standups.prefilled(team, person, day)
    own = team.blockers.of_person(person)
    if answers:  # what was given to them while they wrote is for the next stand-up
        own = own.among(answers.getlist("asked"))
    return StandupForm(
        answers,
        team=team,
        questions=(
            standups.question(day, days.before(day), today),
            standups.plan_question(day, today),
        ),
        hint="Filled in from your last stand-up and the stories you moved. " if did else "",
        blockers=own,
        entry=entry,
        did=did,
    )


def _asked(request, team, day, person, form):
    return {
        "team": team,
        "tab": "standup",
        "day": day,
        "form": form or _form(None, team, day, person),
        "key": key_of(request),
        "today": timezone.localdate(),
    }


def _page(request, team, day, form=None, status=200, **more):
    days, today = WorkingDays.of(team), timezone.localdate()
    seats = standups.seats(team, day, days.before(day))
    mine = next((seat for seat in seats if seat.person == request.user), None)
    sprint = Sprint.objects.active_in(team)
    writes = request.standing.may(Can.STAND_UP) and days.takes_entries(day, today)
    context = {
        "seats": seats,
        "mine": mine,
        "answered": sum(bool(seat.entry) for seat in seats),
        "here": sum(seat.is_there or bool(seat.entry) for seat in seats),
        "before": days.before(day),
        "day_is_next": day == days.current(today),
        "after": days.after(day) if day < days.current(today) else None,
        "sprint": sprint,
        "sprint_day": sprint and sprint.day_on(day),
        "check": sprint and sprint.goal_checks.last_until(day),
        "talks": team.talks_after.on(day),
        "others": standups.neighbours(request.user, team),
        "writes": writes,
        "away_until": mine and mine.away and _only_that_day(mine.away, day),
    }
    asked = _asked(request, team, day, request.user, form) if writes else {"team": team, "tab": "standup", "day": day}
    return render(request, "sprints/standup.html", {"today": today} | asked | context | more, status=status)


def _only_that_day(absence: Absence, day) -> bool:
    """Whether "I am here" can take it back: a longer absence is changed where it was booked."""
    return absence.starts_on == absence.ends_on == day
