"""So that `make bench` still runs when it is wanted: its programme is valid, and its pages answer."""

import pytest

from backlog.models import Opportunity, Order
from research.models import Observation
from teams.models import OutgoingMail
from tests.bench import letters, measure, mornings, pages, playback, research, sprint
from tests.bench.seed import seed


@pytest.fixture
def seeded(db, monkeypatch):
    monkeypatch.setattr(sprint, "STORIES", 60)
    monkeypatch.setattr(sprint, "CARDS", 20)
    monkeypatch.setattr(research, "SESSIONS", 3)
    seeded = seed(400)
    research.seed(seeded)
    sprint.seed(seeded)
    playback.seed(seeded)
    return seeded


def test_the_order_is_that_of_the_scores_but_for_what_was_moved(seeded):
    unmoved = list(seeded.team.opportunities.ranked().filter(moved=False))

    assert unmoved == sorted(unmoved, key=lambda one: (-one.merit, one.created_at))
    assert seeded.team.opportunities.filter(moved=True).exists()


def test_what_was_written_is_whole(seeded):
    for one in seeded.team.opportunities.all()[::8]:
        one.full_clean(exclude=["must_do", "value", "size"])
    assert Opportunity.objects.count() == 440
    assert Order(programme_id=seeded.team.programme_id).items().count() > 100


def test_every_page_answers_and_changes_nothing(seeded):
    before = list(Opportunity.objects.order_by("pk").values_list("rank", "value", "version"))

    asked = [*pages.targets(seeded), *research.targets(seeded), *sprint.targets(seeded), *playback.targets(seeded)]
    efforts = {one.name: measure.effort(one, seeded.product_owner) for one in asked}

    assert efforts[playback.PLAYBACK].statements <= 17
    assert efforts[research.NOTE].rows and Observation.objects.count() == 3 * research.NOTES
    assert efforts[pages.MOVE].rows and efforts[pages.SCORE].rows and efforts[sprint.CARD].rows
    assert list(Opportunity.objects.order_by("pk").values_list("rank", "value", "version")) == before


def test_a_morning_is_queued_sent_and_measured(transactional_db, monkeypatch):
    monkeypatch.setenv("TEAMS", "3,6")
    monkeypatch.setattr(letters, "A_TURN", 12)
    monkeypatch.setattr(letters, "LETTERS", 24)
    said = []
    monkeypatch.setattr(mornings, "say", said.append)

    mornings.measure()

    assert [line.split()[:2] for line in said[1:3]] == [["3", "24"], ["6", "48"]]
    assert "a morning of 24 letters" in said[3] and "connections     2.00  at most 200: kept" in said[3]
    assert "the other 24 were sent" in said[4]
    assert OutgoingMail.objects.filter(state="sent").count() == 48
