"""What is a person's own."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from teams import security_log
from teams.access import for_anyone_signed_in
from teams.account_forms import AbsenceForm, CloseForm, NameForm, WeekdaysForm
from teams.models import Absence


@require_http_methods(["GET", "HEAD"])
@for_anyone_signed_in
def account(request):
    context = {
        "factors": request.user.second_factors().count(),
        "sessions": request.user.sessions.live().count(),
        "absences": request.user.absences.to_come().count(),
        "letters_off": request.user.switched_off.count(),
    }
    return render(request, "teams/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone_signed_in
def name(request):
    answers = request.POST if request.method == "POST" else None
    form = NameForm(answers, initial={"name": request.user.name})
    if form.is_valid():
        request.user.rename(form.cleaned_data["name"])
        messages.success(request, f"Your name is now {request.user.name}")
        return redirect("account")
    return render(request, "teams/account_name.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@for_anyone_signed_in
def shortcuts(request):
    on = request.POST.get("single_keys") == "on"
    request.user.switch_single_keys(on)
    messages.success(request, f"Single-key shortcuts are {'on' if on else 'off'}")
    return redirect("account")


@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone_signed_in
def sessions(request):
    """Every browser that is signed in, and the one button that ends all others."""
    here = request.session.session_key
    if request.method == "POST":
        request.user.end_sessions(but=here)
        messages.success(request, "You are signed out everywhere else")
        return redirect("account_sessions")
    context = {"sessions": request.user.sessions.live(), "here": here, "changes": security_log.latest(request.user)}
    return render(request, "teams/account_sessions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone_signed_in
def absences(request):
    answers = request.POST if request.method == "POST" else None
    form = AbsenceForm(answers)
    if form.is_valid():
        absence = Absence(user=request.user, **form.cleaned_data)
        try:
            absence.book()
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"You are away {absence}")
            return redirect("account_absences")
    context = {"form": form, "absences": request.user.absences.to_come()}
    return render(request, "teams/account_absences.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST"])
@for_anyone_signed_in
def remove_absence(request, pk):
    absence = get_object_or_404(request.user.absences, pk=pk)
    absence.cancel()
    messages.success(request, f"You are no longer away {absence}")
    return redirect("account_absences")


@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone_signed_in
def weekdays(request):
    """The days of the week that somebody works on: part-time people are neither missed nor counted on the others."""
    answers = request.POST if request.method == "POST" else None
    form = WeekdaysForm(answers, initial={"works_on": request.user.works_on})
    if form.is_valid():
        request.user.work_on(form.cleaned_data["works_on"])
        messages.success(request, f"You work on {request.user.weekdays_in_words}")
        return redirect("account_absences")
    return render(request, "teams/account_weekdays.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone_signed_in
@reauthentication_required
def close(request):
    """Close the account, after a page that says what goes and what stays."""
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            request.user.close()
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            logout(request)
            messages.success(request, "Your account is closed")
            return redirect("account_login")
    return render(request, "teams/account_close.html", {"form": form}, status=422 if form.errors else 200)
