"""The themes and services of a programme: named things in a list."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_programme
from teams.editing import edit
from teams.forms import NameForm, NamesForm
from teams.permissions import Can
from teams.views.programme import put_away_or_bring_back


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def add_theme(request, programme):
    return _add(request, programme, programme.add_theme, "theme")


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def add_service(request, programme):
    return _add(request, programme, programme.add_service, "service")


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
    return _back(programme, "themes")


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def archive_theme(request, programme, pk):
    put_away_or_bring_back(request, get_object_or_404(programme.themes, pk=pk))
    return _back(programme, "themes")


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def archive_service(request, programme, pk):
    put_away_or_bring_back(request, get_object_or_404(programme.services, pk=pk))
    return _back(programme, "services")


def _add(request, programme, add, kind):
    form = NamesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            added = _add_each(add, form.cleaned_data["names"], by=request.user)
        except ValidationError as problem:
            form.add_error("names", problem.messages)
        else:
            done = f"{added[0]} is added" if len(added) == 1 else f"{len(added)} {kind}s are added"
            messages.success(request, done)
            return _back(programme, f"{kind}s")
    context = {"programme": programme, "form": form, "heading": f"Add {kind}s", "button": "Add them"}
    return render(request, "teams/programme_form.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _add_each(add, names, *, by):
    """All or none: what is typed comes back whole."""
    return [add(name, by=by) for name in names]


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


def _back(programme, part):
    return redirect(f"{reverse('teams:programme_settings', args=[programme.slug])}#{part}")
