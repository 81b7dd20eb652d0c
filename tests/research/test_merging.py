"""A merge of findings is taken back as that of opportunities is."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from research import erasure, evidence, merging
from research.models import FindingState
from teams.models import Change
from tests.factories import make_story, ready_opportunity
from tests.research.making import a_finding, a_session, noted

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(team, round_, by):
    """(a finding, the one it says the same as): one note is in both, and each leads somewhere."""
    sessions = [a_session(round_, by) for _ in range(2)]
    first, both = noted(sessions[0], by, "I signed where they pointed", "Nobody read it to me")
    (last,) = noted(sessions[1], by, "I have never opened it")
    finding, target = a_finding(round_, by, first, both), a_finding(round_, by, both, last, statement="Nobody reads it")
    finding.agree(by=by)
    evidence.link(finding, ready_opportunity(team, by), by=by)
    evidence.link_story(target, make_story(team, by), by=by)
    return finding, target


def as_it_is(finding):
    finding.refresh_from_db()
    lists = [set(getattr(finding, name).values_list("pk", flat=True)) for name in merging.GOES_OVER]
    return finding.state, finding.people, finding.agreed_by_id, finding.superseded_by_id, lists


def undo(client, finding):
    return client.post(reverse("research:undo_merge", args=[finding.team.slug, finding.pk]), follow=True)


def test_both_are_as_they_were_before(two, by, researcher):
    finding, target = two
    before = [as_it_is(one) for one in two]
    merging.merge(finding, target, by=by)
    assert "Undo" in researcher.get(finding.get_absolute_url()).text
    assert finding.get_absolute_url() in researcher.get(target.get_absolute_url()).text

    page = undo(researcher, finding)

    assert "The two findings are apart again" in page.text and "undone" in page.text
    assert [as_it_is(one) for one in two] == before
    assert evidence.recount_all() == 0


def test_only_whoever_merged_them_and_the_product_owner_may(two, by, member, product_owner):
    finding, target = two
    merging.merge(finding, target, by=by)

    assert undo(member, finding).status_code == 409
    assert undo(product_owner, finding).status_code == 200


def test_not_twice_and_not_after_a_week(two, by, researcher):
    finding, target = two
    merging.merge(finding, target, by=by)
    assert [undo(researcher, finding).status_code for _ in range(2)] == [200, 409]

    merging.merge(finding_again(finding), target, by=by)
    Change.objects.about(finding).update(at=timezone.now() - dt.timedelta(8))
    assert undo(researcher, finding).status_code == 409


def test_not_after_somebody_has_opened_it_again(two, by, researcher):
    finding, target = two
    merging.merge(finding, target, by=by)
    finding_again(finding).become_draft(by=by)

    assert undo(researcher, finding).status_code == 409


def test_not_while_the_other_no_longer_holds(two, by, researcher):
    finding, target = two
    merging.merge(finding, target, by=by)
    finding_again(target).supersede(by=by)

    page = undo(researcher, finding)

    assert page.status_code == 409 and "Put that right first" in page.text
    assert as_it_is(finding)[0] == FindingState.SUPERSEDED


def test_who_withdrew_meanwhile_does_not_come_back(two, by, researcher):
    finding, target = two
    merging.merge(finding, target, by=by)
    erasure.withdraw(finding.sessions.first(), by=by)

    undo(researcher, finding)

    for one in two:
        one.refresh_from_db()
    assert [one.people for one in two] == [0, 1]
    assert finding.recheck == "evidence withdrawn" and not finding.observations.exists()


def finding_again(finding):
    return type(finding).objects.select_related("team__programme").get(pk=finding.pk)
