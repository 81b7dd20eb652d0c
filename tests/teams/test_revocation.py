"""What somebody may no longer do ends with their next request, in whatever browser they are signed in (P4)."""

import pytest
from django.utils import timezone

from teams.models import ProgrammeAdmin, ServiceLead
from tests.factories import shared_playback

pytestmark = pytest.mark.django_db


def left(person):
    person.user.memberships.update(left_at=timezone.now())


ENDS = {  # who → (what they may before, how it ends, what they get then)
    "member": ("/teams/{}/opportunities/", left, 404),
    "researcher": ("/teams/{}/research/add/", lambda one: one.user.memberships.update(role="member"), 403),
    "delivery_manager": ("/teams/{}/settings/", lambda one: one.user.memberships.update(role="member"), 403),
    "service_lead": ("/programmes/{}/", lambda one: ServiceLead.objects.filter(user=one.user).delete(), 404),
    "administrator": ("/programmes/{}/people/", lambda one: ProgrammeAdmin.objects.filter(user=one.user).delete(), 404),
}


@pytest.mark.parametrize("who", ENDS)
def test_p4_a_right_that_was_taken_away_is_gone_at_once(request, team, who):
    person, (page, end, then) = request.getfixturevalue(who), ENDS[who]
    page = page.format(team.programme.slug if "programmes" in page else team.slug)

    before = person.get(page).status_code
    end(person)

    assert (before, person.get(page).status_code) == (200, then)


def test_p4_whoever_is_no_longer_asked_reads_nothing_more(team, product_owner, service_lead):
    shared = shared_playback(team, product_owner.user, reviewers=[service_lead.user])

    before = service_lead.get(shared.get_absolute_url()).status_code
    shared.reviewers.get().remove()

    assert (before, service_lead.get(shared.get_absolute_url()).status_code) == (200, 404)
