"""A whole organisation posts in the same minute, in real threads on a real database: nothing lost, nothing twice."""

import uuid

import pytest
from django.utils import timezone

from sprints.models import StandupEntry
from sprints.working_day import WorkingDays
from teams.models import Change
from tests.backlog.test_together import all_at_once
from tests.factories import MembershipFactory, raised_blocker
from tests.people import signed_in
from tests.soak import SOAK

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, AT_ONCE = 200 if SOAK else 50, 20


def test_everybody_posts_in_the_same_minute(team):
    day = WorkingDays.of(team).current(timezone.localdate())
    clients = [signed_in(MembershipFactory(team=team).user) for _ in range(PEOPLE)]

    def post(desk):
        """Each desk posts for several people, every form twice, half of them with a blocker."""
        statuses = []
        for client in clients[desk::AT_ONCE]:
            facts = {"version": 0, "doing": f"Work of {client.user.name}", "blocking": "nothing", "key": uuid.uuid4()}
            if client.user.pk % 2:
                facts |= {"blocking": "new", "title_1": f"Blocks {client.user.name}"}
            statuses += [client.post(f"/teams/housing/standup/{day}/", facts).status_code for _ in range(2)]
        return statuses

    statuses = sum(all_at_once(AT_ONCE, post), [])

    blocked = [client.user for client in clients if client.user.pk % 2]
    assert set(statuses) == {302}
    assert {entry.doing for entry in StandupEntry.objects.all()} == {f"Work of {one.user.name}" for one in clients}
    assert StandupEntry.objects.count() == PEOPLE
    assert sorted(team.blockers.values_list("title", flat=True)) == sorted(f"Blocks {one.name}" for one in blocked)
    assert sorted(team.blockers.values_list("number", flat=True)) == [*range(1, len(blocked) + 1)]


def test_one_persons_first_post_on_many_screens_is_kept_once(team, member):
    day = WorkingDays.of(team).current(timezone.localdate())
    screens = [signed_in(member.user) for _ in range(8)]

    def post(number):
        facts = {"version": 0, "doing": f"From screen {number}", "blocking": "nothing"}
        return screens[number].post(f"/teams/housing/standup/{day}/", facts).status_code

    statuses = all_at_once(len(screens), post)

    assert sorted(statuses) == [302, *[409] * 7]
    assert StandupEntry.objects.count() == 1


def test_of_many_who_take_a_blocker_at_once_one_owns_it(team, member):
    blocker = raised_blocker(team, member.user)
    desks = [signed_in(MembershipFactory(team=team).user) for _ in range(8)]

    statuses = all_at_once(
        len(desks), lambda number: desks[number].post(f"{blocker.get_absolute_url()}take/").status_code
    )

    assert statuses.count(302) == 1 and set(statuses) <= {302, 409, 422}
    assert Change.objects.about(blocker).filter(words="took it").count() == 1
