"""P20, P26 and P30 by the way a digest takes: one run a team and morning, one letter a person, none doubled, none lost
silently, every doubtful one counted. `make faults` sends 300 letters a fault."""

import pytest

from tests.faults.scenarios import CONTROLS, PEOPLE, SCENARIOS, TEAMS
from tests.faults.sink import TLS_TROUBLE

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_p20_each_person_gets_each_digest_once_or_it_is_known(rig, figures, scenario):
    outcome = figures(scenario.run(rig))

    outcome.check()
    assert {kind for event, kind in outcome.events if event == "TLS"} == set(TLS_TROUBLE if scenario.tls else [])
    sent = len(scenario.mornings) - scenario.missed
    runs = rig.query("SELECT state, count(*), count(DISTINCT team_id) FROM sprints_digestrun GROUP BY state ORDER BY 1")
    missed = [("missed", TEAMS, TEAMS)] if scenario.missed else []
    assert runs == [*missed, ("sent", TEAMS * sent, TEAMS)]
    assert len(outcome.states) == TEAMS * PEOPLE * sent


@pytest.mark.parametrize("scenario", CONTROLS, ids=lambda scenario: scenario.name)
def test_p35_without_the_fence_letters_are_doubled(rig, figures, scenario):
    """Where the dice fall so that no worker is cut off at the wrong moment, they are thrown again."""
    outcomes = (figures(scenario.run(rig, fenced=False, seed=seed)) for seed in range(1, 6))

    assert any(outcome.doubled for outcome in outcomes)
