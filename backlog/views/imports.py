"""Importing opportunities: a file, its columns, a dry run, the import, and undoing it. Each step is a page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from backlog.exports import csv_lines, download_name
from backlog.imports.check import CREATE
from backlog.imports.fields import FIELDS
from backlog.imports.forms import ColumnsForm, FileForm, NamesForm
from backlog.imports.intake import take_in
from backlog.imports.names import named
from backlog.models import ImportRow, ImportRun
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

AT_ONCE = 100
PAST = 20
SHOWN = {
    "bad": {"action": ImportRow.Action.BAD},
    "warnings": {"warning__gt": ""},
    "create": {"action": ImportRow.Action.CREATE},
    "update": {"action": ImportRow.Action.UPDATE},
    "kept": {"kept__gt": ""},
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.IMPORT)
def import_file(request, team):
    """Choose a file or paste rows; and the imports there have been."""
    cut = getattr(request, "upload_was_cut", False)
    form = FileForm(request.POST, request.FILES, file_was_cut=cut) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        try:
            address = Submission.once(request.user, key_of(request), lambda: _take_in(request, team, form))
        except ValidationError as problem:
            form.add_error(form.source, problem)
        else:
            return redirect(address)
    context = {"team": team, "form": form, "past": team.imports.newest_first()[:PAST]}
    return render(request, "backlog/import_file.html", context, status=422 if form.errors else 200)


def _take_in(request, team, form):
    may_set_value = request.standing.may(Can.SET_VALUE)
    return take_in(team, form.content(), by=request.user, name=form.name(), may_set_value=may_set_value)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.IMPORT)
def import_columns(request, team, pk):
    """Say which column is which, beside the first rows of the file."""
    run = _run(team, pk)
    if not run.may_be_mapped:
        return redirect(run)
    answers = request.POST if request.method == "POST" else None
    form = ColumnsForm(answers, run=run, may_set_value=request.standing.may(Can.SET_VALUE))
    if form.is_bound and form.is_valid():
        try:
            run.check_rows(form.mapping(), by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(run)
    context = {"team": team, "run": run, "form": form}
    return render(request, "backlog/import_columns.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.IMPORT)
def import_run(request, team, pk):
    """Where an import is: its progress, the dry run, or what became of it."""
    run = _run(team, pk)
    if run.state == ImportRun.State.UPLOADED:
        return redirect("backlog:import_columns", team.slug, run.pk)
    if run.is_working:
        return render(
            request,
            "backlog/_import_progress.html" if request.htmx else "backlog/import_progress.html",
            {"team": team, "run": run},
        )
    if request.htmx:
        return HttpResponseClientRefresh()  # it has just finished: the page around the bar is another one now
    return _page(request, team, run)


@require_POST
@for_team(Can.IMPORT)
def import_names(request, team, pk):
    """Check again, knowing what to do with names that are not ours."""
    return _check_again(request, team, _run(team, pk))


def _check_again(request, team, run):
    form = _names_form(request, team, run)
    if form.is_valid():
        try:
            choices = form.choices(create_all="create_all" in request.POST)
            run.check_rows(run.mapping, by=request.user, choices=choices)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(run)
    return _page(request, team, run, form)


@require_POST
@for_team(Can.IMPORT)
def import_apply(request, team, pk):
    """Import what the page showed. Names chosen since then change that, so they are checked and shown first."""
    run = _run(team, pk)
    if run.state == ImportRun.State.CHECKED and _names_form(request, team, run).says_something_new:
        messages.info(request, "You chose what to do with names: this is what the import would do now")
        return _check_again(request, team, run)
    if _creates_for_all(run) and not request.standing.may(Can.MANAGE_PROGRAMME):
        raise PermissionDenied
    return _go_on(request, run, run.apply)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.IMPORT)
def import_undo(request, team, pk):
    """Say what undoing does, then do it."""
    run = _run(team, pk)
    if not (run.may_be_undone_by(request.user, request.standing) or run.has_stalled):
        raise PermissionDenied
    if request.method == "POST":
        return _go_on(request, run, run.undo)
    return render(request, "backlog/import_undo.html", {"team": team, "run": run})


@require_http_methods(["GET", "HEAD"])
@for_team(Can.IMPORT)
def import_problems(request, team, pk):
    """The rows that were left out, as they came and with the reason, to be put right and imported again."""
    run = _run(team, pk)
    rows = run.rows.filter(action=ImportRow.Action.BAD).order_by("number").values_list("number", "problem", "cells")
    lines = ([number, problem, *cells] for number, problem, cells in rows.iterator(chunk_size=500))
    response = StreamingHttpResponse(csv_lines(["Row", "What is wrong", *run.columns], lines), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="{download_name(team, "rows-left-out")}.csv"'
    return response


def _run(team, pk):
    return get_object_or_404(team.imports.newest_first(), pk=pk)


def _go_on(request, run, verb):
    try:
        verb(by=request.user)
    except ValidationError as problem:  # sent twice, or somebody was quicker: the page shows where it is now
        messages.info(request, problem.message)
    return redirect(run)


def _page(request, team, run, form=None):
    run.refresh_from_db()
    if form is None and run.state == ImportRun.State.CHECKED and any(run.unknown.values()):
        form = _names_form(request, team, run)
    show, rows = _shown(request, run)
    context = {
        "team": team,
        "run": run,
        "names": form,
        "show": show,
        "labels": {field.key: field.label for field in FIELDS},
        "rows": rows[:AT_ONCE],
        "more": len(rows) > AT_ONCE,
        "may_undo": run.may_be_undone_by(request.user, request.standing),
    }
    return render(request, "backlog/import_run.html", context, status=422 if form and form.errors else 200)


def _shown(request, run):
    """Which rows, and one more of them than fit on a page."""
    show = request.GET.get("show") if request.GET.get("show") in SHOWN else _first_to_show(run)
    after = request.GET.get("after", "")
    after = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
    rows = run.rows.filter(number__gt=after, **SHOWN[show]).order_by("number").select_related("opportunity")
    return show, list(rows[: AT_ONCE + 1])


def _first_to_show(run):
    counts = run.counts
    wanted = {"bad": "bad", "kept": "kept", "stayed": "kept", "warnings": "warnings", "update": "update"}
    return next((show for count, show in wanted.items() if counts.get(count)), "create")


def _names_form(request, team, run):
    answers = request.POST if request.method == "POST" else None
    return NamesForm(answers, run=run, known=named(team), may_create_all=request.standing.may(Can.MANAGE_PROGRAMME))


def _creates_for_all(run):
    return any(CREATE in run.choices.get(kind, {}).values() for kind in ("themes", "services"))
