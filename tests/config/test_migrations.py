"""Our migrations go back and forward again with people's rows in the tables (P27)."""

import datetime as dt
import os

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from research.models import Answer, Response, Reviewer, ShareLink, Use
from tests.doors import world

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ["teams", "backlog", "sprints", "research"]
NEWEST = "the newest"  # two of each app, which nobody relies on yet; SOAK goes through all that an app ever had


@pytest.fixture
def rows(db):
    """Two programmes with a thing of each kind; whatever happens, the next test finds the newest tables."""
    world.build("mine", "MIN")
    world.build("theirs", "THE")
    yield
    migrate()


def migrate(*to):
    call_command("migrate", *to, verbosity=0, interactive=False)


def contents():
    """For every column of our tables, a sum of what stands in it, row by row."""
    with connection.cursor() as cursor:
        tables = [one.name for one in connection.introspection.get_table_list(cursor)]
        return {
            (table, column): found
            for table in tables
            if table.partition("_")[0] in OURS
            for column, found in _sums(cursor, table).items()
        }


def _sums(cursor, table):
    key = connection.introspection.get_primary_key_column(cursor, table)
    columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
    sums = [f'md5(string_agg("{column}"::text, chr(1) ORDER BY "{key}"))' for column in columns]
    cursor.execute(f'SELECT count(*), {", ".join(sums)} FROM "{table}"')
    count, *found = cursor.fetchone()
    return {column: (count, one) for column, one in zip(columns, found, strict=True)}


def taken_back(which):
    """The migrations of a trip, in the order in which they are taken back: with each goes what rests on it."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    newest = [node for app in OURS for node in of_app(graph, app)[-2:]]
    first = newest if which == NEWEST else of_app(graph, which)[1:2]  # with its very first, nothing would be left
    gone = {node for one in first for node in graph.backwards_plan(one)}
    plan = executor.migration_plan(graph.leaf_nodes(), clean_start=True)
    return [(one, True) for one, _ in reversed(plan) if (one.app_label, one.name) in gone]


def of_app(graph, app):
    return sorted(node for node in graph.nodes if node[0] == app)


@pytest.mark.parametrize("which", [NEWEST, *(OURS if "SOAK" in os.environ else [])])
def test_they_go_back_and_forward_and_lose_only_what_they_added(rows, which):
    before, lowest, changed = contents(), {}, []
    assert before["backlog_opportunity", "title"][0] > 2

    def after_each(step, migration=None, fake=False):
        nonlocal lowest
        if step == "unapply_success":
            # What a migration dropped comes back empty; the rest is as it was.
            lowest = {place: found for place, found in contents().items() if place in before}
            changed.extend([] if lowest.items() <= before.items() else [str(migration)])

    MigrationExecutor(connection, after_each).migrate(None, plan=taken_back(which))
    assert not changed
    migrate()

    after = contents()
    assert after.keys() == before.keys()
    assert lowest and lowest.items() <= after.items()


def test_who_came_through_a_link_goes_with_what_let_them_in(rows):
    """Before, every reviewer had an account: taken back, it takes guests along and nobody else."""
    before = contents()
    link = ShareLink.objects.first()
    guest = Reviewer.objects.let_in(link, "jo@repairs.gov.uk")
    item, owner = link.playback.items.get(), link.created_by
    Response.objects.answer(guest, item, Answer.QUESTION, "Since when?")
    guest.replies.create(playback=link.playback, item=item, author=owner, author_name=owner.name, text="Since April")
    guest.replies.create(playback=link.playback, item=item, author_name=guest.email, text="Thank you")
    for what in (Use.CONFIRMED, Use.ANSWERED, Use.REPLIED):
        link.uses.create(what=what, reviewer=guest)

    migrate("research", "0004_editions_stay_as_they_are")

    left = {place: found for place, found in contents().items() if place in before}
    assert before["research_reviewer", "id"][0] and left.items() <= before.items()


def test_uses_of_one_hour_become_one_that_says_how_often(rows):
    link, at = ShareLink.objects.first(), dt.datetime(2026, 11, 20, 9, 5, tzinfo=dt.UTC)
    for hour in range(3):
        link.uses.create(at=at, hour=at + dt.timedelta(hours=hour))

    migrate("research", "0009_pdfs_of_editions")
    migrate()

    assert link.uses.values_list("times", "hour", "at").get() == (3, at.replace(minute=0), at)
