"""Our migrations go back and forward again with people's rows in the tables (P27)."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from research.models import Answer, Response, Reviewer, ShareLink, Use
from tests.doors import world

pytestmark = pytest.mark.django_db(transaction=True)
OURS = ["teams", "backlog", "sprints", "research"]


@pytest.fixture
def rows(db):
    """Two programmes with a thing of each kind; whatever happens, the next test finds the newest tables."""
    world.build("mine", "MIN")
    world.build("theirs", "THE")
    yield
    migrate()


def migrate(*to):
    call_command("migrate", *to, verbosity=0, interactive=False)


def ours_in_order():
    """(app, name, the migration before it in its app), as they are applied to an empty database."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    ours = [one for one, _ in plan if one.app_label in OURS]
    return [(one.app_label, one.name, dict(one.dependencies).get(one.app_label)) for one in ours]


def contents():
    """For every column of our tables, a sum of what stands in it, row by row."""
    with connection.cursor() as cursor:
        tables = connection.introspection.get_table_list(cursor)
        return {
            (table.name, column.name): _sum(cursor, table.name, column.name)
            for table in tables
            if table.name.partition("_")[0] in OURS
            for column in connection.introspection.get_table_description(cursor, table.name)
        }


def _sum(cursor, table, column):
    key = connection.introspection.get_primary_key_column(cursor, table)
    cursor.execute(f'SELECT count(*), md5(string_agg("{column}"::text, chr(1) ORDER BY "{key}")) FROM "{table}"')
    return cursor.fetchone()


def test_they_go_back_and_forward_and_lose_only_what_they_added(rows):
    before, lowest = contents(), None
    assert before["backlog_opportunity", "title"][0] > 2

    for app, name, previous in reversed(ours_in_order()):
        if previous:  # a first migration taken back leaves nothing to compare
            migrate(app, previous)
            # What a migration dropped comes back empty; the rest is as it was.
            lowest = {place: found for place, found in contents().items() if place in before}
            assert lowest.items() <= before.items(), f"{app} {name} taken back changed rows"
    migrate()

    after = contents()
    assert after.keys() == before.keys()
    assert lowest.items() <= after.items()


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
