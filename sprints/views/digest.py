"""The digest as its team sees it: what it says on a day, when it goes, a test of it."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings as site
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sprints.digest import Digest, as_a_test
from sprints.digest_forms import DayForm, DigestSettingsForm
from sprints.digest_letter import write
from sprints.models import DigestRun, DigestSettings
from sprints.readers import Readers
from sprints.sending import Hours, given_up_at
from sprints.situation import digest_of
from teams.access import for_team
from teams.calendar import local_today, next_working_day
from teams.editing import edit
from teams.mail import post_many
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

AN_HOUR = dt.timedelta(hours=1)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def digest(request, team):
    """Exactly the letter of any day: what was sent, or what would be as things stand."""
    settings = DigestSettings.objects.of(team)
    now = timezone.now()
    form = DayForm(request.GET if "on" in request.GET else {"on": next_morning(team, now)})
    context = {
        "team": team,
        "tab": "blockers",
        "settings": settings,
        "form": form,
        "site_from": site.DEFAULT_FROM_EMAIL,
    }
    if form.is_valid():
        day = form.cleaned_data["on"]
        context |= {"day": day, "morning": morning_of(team, day, settings, now), "today": local_today(now)}
        text = context["morning"].text
        if text:
            context |= {"plain": text.text_for(request.user), "body": text.body_for(request.user)}
    return render(request, "sprints/digest.html", context, status=422 if form.errors else 200)


@dataclass
class Morning:
    """One day of a team's digest."""

    run: DigestRun | None = None
    text: object = None  # what is written, as sprints/digest_letter.py makes it
    why_not: str = ""
    readers: list = ()


def morning_of(team, day, settings, now) -> Morning:
    run = team.digest_runs.on(day).first()
    if run:
        return Morning(run, write(Digest.thawed(run.says), team) if run.says else None, run.why or _not_kept(run))
    if not Hours(settings.hour, team.division, team.days_closed()).works_on(day):
        return Morning(why_not=f"{team} does not work on this day")
    if now >= given_up_at(day):
        return Morning(why_not="No digest was made on this day")
    if not settings.is_on:
        return Morning(why_not="The digest is switched off")
    digest = digest_of(team, day, now)
    if digest.is_empty:
        return Morning(why_not="Nothing is in the way and nothing was resolved, so no letter would go")
    return Morning(text=write(digest, team), readers=Readers([team], day).members[team.pk])


def _not_kept(run):
    return "" if run.says else "It was sent. Its words are kept for 30 days"


def next_morning(team, now):
    """The next day on which the digest goes, from what is known now."""
    today, closures = local_today(now), team.days_closed()
    here = Hours(dt.time(), team.division, closures)
    if here.works_on(today) and now < given_up_at(today) and not team.digest_runs.on(today).exists():
        return today
    return next_working_day(today, team.division, closures)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_TEAM)
def settings(request, team):
    return edit(
        request,
        DigestSettings.objects.of(team),
        DigestSettingsForm,
        context={"team": team, "tab": "blockers"},
        then="sprints:digest_settings",
        then_args=[team.slug],
        template="sprints/digest_settings.html",
    )


@require_POST
@for_team(Can.SEND_DIGEST)
def send_test(request, team):
    """To whoever asks, and to nobody else."""
    address = Submission.once(request.user, key_of(request), lambda: _sent_a_test(team, by=request.user))
    messages.success(request, f"A test is on its way to {request.user.email}")
    return redirect(address)


def _sent_a_test(team, *, by) -> str:
    now = timezone.now()
    text = write(as_a_test(digest_of(team, next_morning(team, now), now)), team)
    letter = text.letter_to(by)
    letter.kind = "digest test"
    post_many([letter], made_at=now, give_up_at=now + AN_HOUR)
    team.record("sent themselves a test of the digest", by=by)
    return reverse("sprints:digest", args=[team.slug])
