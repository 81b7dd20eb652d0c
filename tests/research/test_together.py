"""Several people at one session at once, in real threads on a real database: nothing lost, nothing twice (P21)."""

import uuid
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.exceptions import ValidationError

from research import erasure, evidence
from research.models import Kind, Observation, Session
from tests.backlog.test_together import all_at_once
from tests.people import signed_in
from tests.research.making import a_finding, a_round, a_session, noted

pytestmark = pytest.mark.django_db(transaction=True)
TAKERS, LINES = 6, 25


@pytest.fixture
def session(team, researcher):
    return a_session(a_round(team, researcher.user), researcher.user)


def test_six_take_notes_and_every_line_is_there_once_in_its_order(researcher, session):
    desks = [signed_in(researcher.user) for _ in range(TAKERS)]

    def write(number):
        for line in range(LINES):
            sending = {"lines": f"{number} wrote line {line}", "kind": "said", "key": str(uuid.uuid4())}
            for _ in range(2):  # the answer to the first was lost on its way
                assert desks[number].post(f"{session.get_absolute_url()}notes/", sending).status_code == 302

    all_at_once(TAKERS, write)

    texts = list(session.observations.in_order().values_list("text", flat=True))
    for number in range(TAKERS):
        mine = [text for text in texts if text.startswith(f"{number} ")]
        assert mine == [f"{number} wrote line {line}" for line in range(LINES)]


def test_sessions_that_are_planned_at_once_get_codes_of_their_own(researcher, session):
    all_at_once(TAKERS, lambda _: a_session(session.round, researcher.user, consent=False))

    assert sorted(session.round.sessions.values_list("code", flat=True)) == [f"P{n + 1}" for n in range(TAKERS + 1)]


def test_whoever_writes_while_somebody_withdraws_leaves_nothing_behind(researcher, session):
    def act(number):
        mine = Session.objects.select_related("round__team").get(pk=session.pk)
        try:
            if number == 2:
                return erasure.withdraw(mine, by=researcher.user)
            for line in range(LINES):
                mine.note([(Kind.SAID, f"{number} line {line}")], by=researcher.user, key=uuid.uuid4())
        except ValidationError:
            return None

    all_at_once(TAKERS, act)

    assert not Observation.objects.exists()
    session.refresh_from_db()
    assert session.is_erased


def test_two_who_add_to_one_finding_count_each_others_people(researcher, session, monkeypatch):
    other = a_session(session.round, researcher.user)
    notes = [noted(one, researcher.user, "Waited at home all day")[0] for one in (session, other)]
    finding = a_finding(session.round, researcher.user)
    both_have_added, count = Barrier(2), evidence._people_behind_each

    def after_both(findings):
        with suppress(BrokenBarrierError):
            both_have_added.wait(timeout=1)  # whoever is held back comes later
        return count(findings)

    monkeypatch.setattr(evidence, "_people_behind_each", after_both)
    all_at_once(2, lambda number: evidence.group(finding, [notes[number]], by=researcher.user))

    finding.refresh_from_db()
    assert finding.people == 2
