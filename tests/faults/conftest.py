import pytest

from tests.faults.rig import rig as start_rig
from tests.faults.scenarios import HEADINGS


@pytest.fixture(scope="session")
def rig():
    with start_rig() as running:
        yield running


@pytest.fixture
def figures(record_property):
    def record(outcome):
        record_property("figures", outcome.row())
        return outcome

    return record


def pytest_terminal_summary(terminalreporter):
    reports = [
        report
        for group in terminalreporter.stats.values()
        for report in group
        if getattr(report, "when", None) == "call"
    ]
    rows = [value for report in reports for name, value in report.user_properties if name == "figures"]
    if rows:
        terminalreporter.section("letters under faults")
        for row in [HEADINGS, *rows]:
            terminalreporter.write_line(f"{row[0]:40}" + "".join(f"{cell!s:>9}" for cell in row[1:]))
