"""G11: a hundred thousand opportunities from spreadsheets must cost ten times what ten thousand cost."""

import itertools
import time
from dataclasses import dataclass

from backlog.imports.intake import take_in
from backlog.imports.limits import MAX_ROWS
from backlog.imports.mapping import guess
from backlog.models import Opportunity
from teams import jobs
from teams.models import Membership, Programme, Team, User
from teams.permissions import Role

HEADINGS = "Title,Recommendation,Value,Size,Participants,Evidence note"


@dataclass(frozen=True)
class Import:
    rows: int
    seconds: float  # from the first upload to the last row, by the clock


def seconds(rows) -> Import:
    """In as many files as the limit asks for, one after the other, into a team of its own."""
    team, by = _somewhere(rows)
    numbers = range(1, rows + 1)
    began = time.perf_counter()
    for first in range(0, rows, MAX_ROWS):
        _import(team, by, _file(numbers[first : first + MAX_ROWS]))
    took = time.perf_counter() - began
    assert Opportunity.objects.filter(team=team).count() == rows
    return Import(rows, took)


def _import(team, by, content):
    run = take_in(team, content, by=by, name="backlog.csv")
    run.check_rows(guess(run.columns), by=by)
    _work(run)
    run.apply(by=by)
    _work(run)


def _work(run):
    while jobs.do_next():
        pass
    run.refresh_from_db()
    assert not run.problem, run.problem


def _file(numbers) -> bytes:
    values = itertools.cycle([1, 2, 3, 5, 8])
    lines = (
        f"People do not know when repair {number} is due,Say the date in the first line,"
        f"{next(values)},S,{number % 40},Seen at {number} homes"
        for number in numbers
    )
    return "\n".join([HEADINGS, *lines]).encode()


def _somewhere(rows):
    programme = Programme.objects.create(name=f"Imports of {rows:,}", slug=f"imports-{rows}", organisation="Ambleford")
    letter = chr(64 + Programme.objects.count())
    team = Team.objects.create(programme=programme, name=f"Import {rows:,}", slug=f"import-{rows}", prefix=f"I{letter}")
    by = User.objects.create(name="Pat", email=f"imports-{rows}@ambleford.example")
    Membership.objects.create(team=team, user=by, role=Role.PRODUCT_OWNER)
    return team, by
