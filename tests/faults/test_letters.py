"""P20 and P26: no letter twice, none lost silently, every doubtful one counted. `make soak` sends 300 per fault."""

import pytest

from tests.faults.scenarios import CONTROLS, SCENARIOS

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_p20_no_letter_is_doubled_or_silently_lost(rig, figures, scenario):
    outcome = figures(scenario.run(rig))

    assert len(outcome.accepted) > outcome.letters / 2
    assert not outcome.doubled
    assert outcome.missing <= outcome.unknown
    assert len(outcome.unknown) <= outcome.doubts
    assert outcome.in_state("sent") <= set(outcome.accepted)
    assert not outcome.in_state("failed") & set(outcome.accepted)


@pytest.mark.parametrize("scenario", CONTROLS, ids=lambda scenario: scenario.name)
def test_p35_without_the_fence_letters_are_doubled(rig, figures, scenario):
    """Where the dice fall so that no worker is cut off at the wrong moment, they are thrown again."""
    outcomes = (figures(scenario.run(rig, fenced=False, seed=seed)) for seed in range(1, 6))

    assert any(outcome.doubled for outcome in outcomes)
