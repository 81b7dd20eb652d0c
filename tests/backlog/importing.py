"""Imports as tests need them: from text to a checked or an applied run."""

import io

import openpyxl

from backlog.imports.intake import take_in
from backlog.imports.mapping import guess
from teams import jobs

HEADINGS = "Reference,Title,Stage,Themes,Value,Size,Participants,Evidence note\n"


def checked(team, by, text, name="backlog.csv", **choices):
    content = text if isinstance(text, bytes) else text.encode()
    run = take_in(team, content, by=by, name=name)
    run.check_rows(guess(run.columns), by=by, choices=choices)
    return after_work(run)


def applied(team, by, text, **choices):
    run = checked(team, by, text, **choices)
    run.apply(by=by)
    return after_work(run)


def undone(run, by):
    run.undo(by=by)
    return after_work(run)


def after_work(run):
    while jobs.do_next():
        pass
    run.refresh_from_db()
    return run


def workbook(*rows, title="Backlog"):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
