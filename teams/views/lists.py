"""The themes and services of a programme: named things in a list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_programme
from teams.editing import edit
from teams.forms import NameForm, NewNameForm
from teams.permissions import Can
from teams.views.programme import put_away_or_bring_back


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def add_theme(request, programme):
    return _add(request, programme, programme.add_theme, "Add a theme")


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def add_service(request, programme):
    return _add(request, programme, programme.add_service, "Add a service")


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def theme(request, programme, pk):
    return _rename(request, programme, get_object_or_404(programme.themes, pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def service(request, programme, pk):
    return _rename(request, programme, get_object_or_404(programme.services, pk=pk))


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def move_theme(request, programme, pk):
    theme = get_object_or_404(programme.themes.in_use(), pk=pk)
    try:
        theme.move(-1 if request.POST.get("up") else 1, by=request.user)
    except ValidationError as problem:
        messages.warning(request, problem.message)
    else:
        messages.success(request, f"{theme} is now number {theme.position}")
    return _back(programme)


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def archive_theme(request, programme, pk):
    put_away_or_bring_back(request, get_object_or_404(programme.themes, pk=pk))
    return _back(programme)


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def archive_service(request, programme, pk):
    put_away_or_bring_back(request, get_object_or_404(programme.services, pk=pk))
    return _back(programme)


def _add(request, programme, add, heading):
    form = NewNameForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            thing = add(form.cleaned_data["name"], by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{thing} is added")
            return _back(programme)
    context = {"programme": programme, "form": form, "heading": heading, "button": "Add it"}
    return render(request, "teams/programme_form.html", context, status=422 if form.errors else 200)


def _rename(request, programme, thing):
    context = {"programme": programme, "heading": f"Rename {thing}", "button": "Save"}
    return edit(
        request,
        thing,
        NameForm,
        context=context,
        then="teams:programme_settings",
        then_args=[programme.slug],
        template="teams/programme_form.html",
    )


def _back(programme):
    return redirect("teams:programme_settings", programme.slug)
