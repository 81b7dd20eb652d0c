"""What the table says of figures that are known."""

import itertools

import pytest

from tests.bench import imports, table
from tests.bench.measure import Effort, Sample
from tests.bench.targets import Goal, Target


def asked(name, size, goal=None, floor="(c)", site="product"):
    return Target(name, itertools.repeat(None), size, goal or Goal(), floor, site)


def lines(page_cpu, statements=5):
    """One round of one page at two sizes; its floor takes a millisecond."""
    goal = Goal("G1", cpu=2.0, growth=(1.1, 1.15, 1.25))
    small, large = (asked("list", size, goal) for size in (1000, 10_000))
    samples = {asked("(c)", 10_000, floor="(c)", site="floor"): Sample(0.001, 0.001, 20_000)}
    samples |= {small: Sample(0.002, 0.002, 40_000), large: Sample(page_cpu, 0.002, 40_000)}
    efforts = {("list", size): Effort(statements, 0, 0) for size in (1000, 10_000)}
    return table.text(
        [1000, 10_000], [samples], efforts, [(5, 10)], {"product": 200, "floor": 100}, [1, 2, 4]
    ).splitlines()


def test_a_promise_that_is_kept_is_said_to_be():
    said = [line for line in lines(0.002) if "list" in line]

    assert "2.00" in said[0] and said[0].endswith("CPU ≤ 2, SQL ≤ 8: kept")
    assert "1.00" in said[1] and said[1].endswith("10,000 ≤ 1.1: kept")


@pytest.mark.parametrize(("cpu", "statements", "broken"), [(0.0021, 8, "CPU"), (0.002, 9, "SQL"), (0.1, 9, "CPU, SQL")])
def test_a_promise_that_is_broken_is_named(cpu, statements, broken):
    (said,) = [line for line in lines(cpu, statements) if line.startswith("G1")]

    assert said.endswith(f": NOT KEPT, {broken}")


def test_throughput_and_memory_stand_below():
    said = "\n".join(lines(0.002))

    assert "0.50 of the floor’s answers a second. ≥ 0.4: kept" in said
    assert "200 MiB (PSS); the floor 100. MiB ≤ 220: kept" in said
    assert "3 people who open the playback at once wait 2.0 s (median), the last 4.0 s" in said


@pytest.mark.parametrize(("seconds", "kept"), [(110, "times ≤ 11: kept"), (111, "times ≤ 11: NOT KEPT, times")])
def test_ten_times_the_rows_may_take_eleven_times_as_long(seconds, kept):
    assert table.imports([imports.Import(10, 10), imports.Import(100, seconds)]).endswith(kept)


def test_rows_are_imported_in_as_many_files_as_it_takes(transactional_db, monkeypatch):
    monkeypatch.setattr(imports, "MAX_ROWS", 4)

    assert imports.seconds(10).rows == 10
