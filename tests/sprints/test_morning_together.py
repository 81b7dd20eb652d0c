"""F3: two clocks and three workers at once, on a real database."""

import threading

import pytest
from django.db import connection

from sprints.models import DigestRun
from sprints.morning import send_due
from teams.models import OutgoingMail
from teams.permissions import Role
from tests.factories import MembershipFactory, TeamFactory
from tests.sprints.mornings import MONDAY, at, raised

pytestmark = pytest.mark.django_db(transaction=True)


def together(count, what):
    ready, trouble = threading.Barrier(count), []

    def work():
        try:
            ready.wait()
            what()
        except Exception as problem:
            trouble.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert trouble == []


@pytest.mark.parametrize("moment", [at(MONDAY), at(MONDAY, 11)], ids=["due", "missed"])
def test_f3_five_at_once_make_one_run_a_team_and_one_letter_a_person(moment):
    for _ in range(30):
        team = TeamFactory()
        people = [MembershipFactory(team=team, role=role).user for role in (Role.DELIVERY_MANAGER, Role.MEMBER)]
        raised(team, people[0])
    send_due(at(MONDAY, 7))

    together(5, lambda: send_due(moment))

    kind, letters = ("digest", 60) if moment == at(MONDAY) else ("digest missed", 30)
    assert DigestRun.objects.count() == 30
    assert OutgoingMail.objects.filter(kind=kind).count() == letters
    assert OutgoingMail.objects.filter(kind=kind).values("user").distinct().count() == letters
