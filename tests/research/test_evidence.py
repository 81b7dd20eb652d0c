"""How many people stand behind a finding and an opportunity."""

import pytest

from research import evidence, merging
from research.models import FindingState
from teams.models import Change
from tests.factories import ranked_opportunity, ready_opportunity
from tests.research.making import a_finding, a_session, noted

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(round_, by):
    """Two people who said two things each."""
    return [noted(a_session(round_, by), by, "I signed where they pointed", "I kept it in a drawer") for _ in range(2)]


def test_a_finding_counts_people_and_not_observations(round_, said, by):
    finding = a_finding(round_, by, *said[0], *said[1])

    assert finding.people == 2


def test_a_person_met_twice_is_one(round_, said, by):
    first = said[0][0].session
    again = a_session(round_, by)
    type(again).objects.filter(pk=again.pk).update(code=first.code, participant=first.participant)

    finding = a_finding(round_, by, *said[0], *noted(again, by, "I signed it all the same"))

    assert finding.people == 1


def test_an_opportunity_rests_on_its_earlier_research_and_on_our_people(team, round_, said, by):
    opportunity = ready_opportunity(team, by, earlier_participants=5)

    evidence.link(a_finding(round_, by, *said[0]), opportunity, by=by)

    opportunity.refresh_from_db()
    assert (opportunity.evidence, opportunity.sources()[0]) == (6, 1)


def test_the_same_person_behind_two_findings_counts_once(team, round_, said, by):
    opportunity = ready_opportunity(team, by)
    for observations in said[0]:
        evidence.link(a_finding(round_, by, observations), opportunity, by=by)

    opportunity.refresh_from_db()
    assert opportunity.evidence == 1


def test_more_people_move_an_opportunity_up_among_equals(team, round_, said, by, product_owner):
    first, second = (ranked_opportunity(team, product_owner.user) for _ in range(2))

    evidence.link(a_finding(round_, by, *said[0]), second, by=by)

    assert list(team.opportunities.ranked()) == [second, first]


def test_what_was_merged_brings_its_people(team, round_, said, by, product_owner):
    gone, kept = ready_opportunity(team, by), ready_opportunity(team, by)
    evidence.link(a_finding(round_, by, *said[0]), gone, by=by)
    evidence.link(a_finding(round_, by, *said[0], *said[1]), kept, by=by)
    gone.refresh_from_db()
    kept.refresh_from_db()

    gone.merge_into(kept, by=product_owner.user)
    evidence.recount_all()

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.evidence, gone.evidence) == (2, 0)


def test_what_is_superseded_counts_nobody(team, round_, said, by):
    opportunity = ready_opportunity(team, by)
    finding = a_finding(round_, by, *said[0])
    evidence.link(finding, opportunity, by=by)

    finding.supersede(by=by)
    evidence.recount([finding])

    opportunity.refresh_from_db()
    assert opportunity.evidence == 0


def test_split_and_merge_count_both_anew(round_, said, by):
    finding = a_finding(round_, by, *said[0], *said[1])

    new = evidence.split(finding, said[1], "People cannot find the agreement again", by=by)
    assert (finding.people, new.people) == (1, 1)
    merging.merge(new, finding, by=by)

    finding.refresh_from_db()
    assert (finding.people, finding.observations.count(), new.state) == (2, 4, FindingState.SUPERSEDED)


def test_both_halves_of_a_split_say_where_they_come_from(round_, said, by):
    finding = a_finding(round_, by, *said[0], *said[1])

    new = evidence.split(finding, said[1], "People cannot find the agreement again", by=by)

    assert f"split it off from “{finding}”" in Change.objects.about(new).values_list("words", flat=True)
    assert f"split off “{new}”" in Change.objects.about(finding).values_list("words", flat=True)


def test_counting_again_changes_nothing(team, round_, said, by):
    opportunity = ready_opportunity(team, by, earlier_participants=3)
    evidence.link(a_finding(round_, by, *said[0]), opportunity, by=by)
    opportunity.refresh_from_db()

    assert evidence.recount_all() == 0
    assert type(opportunity).objects.get(pk=opportunity.pk).version == opportunity.version


def test_what_has_drifted_is_mended(team, round_, said, by):
    opportunity = ready_opportunity(team, by)
    evidence.link(a_finding(round_, by, *said[0]), opportunity, by=by)
    type(opportunity).objects.filter(pk=opportunity.pk).update(evidence=9)

    assert evidence.recount_all() == 1
    assert type(opportunity).objects.get(pk=opportunity.pk).evidence == 1
