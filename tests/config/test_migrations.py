"""Our migrations go back and forward again with people's rows in the tables (P27)."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.config.migrating import OURS, contents, migrate
from tests.soak import in_soak

pytestmark = pytest.mark.django_db(transaction=True)
NEWEST = "the newest"  # two of each app, which nobody relies on yet; SOAK goes through all that an app ever had


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


@pytest.mark.parametrize("which", [NEWEST, *in_soak(OURS)])
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
