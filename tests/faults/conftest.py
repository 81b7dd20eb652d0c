import pytest

from tests.faults.outcome import HEADINGS
from tests.faults.rig import rig as start_rig
from tests.faults.site import site
from tests.faults.work import sign_in


@pytest.fixture(scope="session")
def rig():
    with start_rig() as running:
        yield running


@pytest.fixture(scope="session")
def signed_in(rig):
    """Their session."""
    slip = rig.place.state / "session"
    rig.do(sign_in, slip)
    return slip.read_text()


@pytest.fixture(scope="session")
def person(rig, signed_in):
    """Somebody who is signed in to the real web server, which lives through all that the tests do to it."""
    with site(rig, signed_in) as found:
        yield found


@pytest.fixture
def figures(record_property):
    def record(outcome):
        record_property("figures", outcome.row())
        print(line(outcome.row()), flush=True)  # for whoever watches: it takes a while
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
            terminalreporter.write_line(line(row))


def line(row):
    return f"{row[0]:40}" + "".join(f"{cell!s:>9}" for cell in row[1:])
