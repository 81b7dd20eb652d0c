import io

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Exists, OuterRef
from django.utils import timezone

from backlog.models import Opportunity, ReviewSession, State, Story
from config.management.commands import demo
from sprints.burndown import burndown
from sprints.models import Blocker, Sprint, StandupEntry
from sprints.models.steps import steps_of
from sprints.working_day import WorkingDays
from teams.models import Change, Team, User
from tests import factories

DEFAULT_ORDER = [17, 18, 14, 8, 9, 1, 23, 12, 3, 16, 4, 20, 2, 6, 19, 15, 5, 13]  # domain.md §6
BEREAVEMENT = ["done", "in_review", "done", "in_progress", "sign_off", "in_progress"]
BEREAVEMENT += ["ready", "done", "ready", "ready", "backlog", "backlog"]
DRIVER = ["done", "done", "done", "in_progress", "ready", "sign_off", "ready", "in_progress"]

CLOSED = [(0, "met", 9), (1, "met", 11), (2, "partly", 14), (6, "met", 13), (7, "not_met", 12), (8, "met", 15)]


def load():
    said = io.StringIO()
    call_command("demo", stdout=said)
    return said.getvalue()


def written():
    return [model.objects.count() for model in (Change, User, Opportunity, ReviewSession, Story)]


def last_stand_up():
    """Today, or the working day before where nobody works today."""
    days = WorkingDays("england-and-wales", ())
    return timezone.localdate() if days.is_one(timezone.localdate()) else days.before(timezone.localdate())


def housing(*states):
    return Opportunity.objects.filter(team__slug="housing", state__in=states)


def changed_before_it_was_added():
    earlier = Change.objects.filter(kind=OuterRef("kind"), thing_id=OuterRef("thing_id"), at__lt=OuterRef("at"))
    return Change.objects.filter(Exists(earlier), words="added it")


@pytest.mark.django_db
def test_the_demo_is_the_housing_review_at_item_25_of_52():
    """One long test, because what it arranges takes seconds."""
    said = load()

    ranked = Opportunity.objects.filter(team__slug="housing").ranked()
    assert [one.number for one in ranked] == DEFAULT_ORDER
    assert list(ranked) == list(housing(State.TAKE_FORWARD).in_score_order())

    states = [State.TAKE_FORWARD, State.PARKED, State.WONT_DO, State.MERGED, State.NEEDS_EVIDENCE, State.READY]
    assert [housing(state).count() for state in states] == [18, 2, 2, 1, 1, 28]
    assert not housing(State.READY).exclude(value=None, size=None).exists()
    assert {(one.parked_until - timezone.localdate()).days for one in housing(State.PARKED)} == {90}

    first, eleventh = (Opportunity.objects.get(reference=f"HOU-{number}") for number in (1, 11))
    assert (first.earlier_participants, first.sources()[0], first.evidence) == (4, 1, 11)
    assert (eleventh.earlier_participants, eleventh.evidence) == (6, 0)
    assert set(Opportunity.objects.exclude(must_do="").values_list("number", flat=True)) == {17, 29}

    review = ReviewSession.objects.get()
    assert (review.state, review.minutes_used) == (ReviewSession.State.PAUSED, 61)
    assert (review.items.count(), review.items.left().count()) == (52, 28)
    assert (review.here().position, review.here().opportunity.reference) == (25, "HOU-25")

    states = dict(Story.objects.order_by("pk").values_list("reference", "state"))
    assert [state for reference, state in states.items() if reference.startswith("BER")][:12] == BEREAVEMENT
    assert [state for reference, state in states.items() if reference.startswith("DRV")][:8] == DRIVER
    assert not [one for one in Story.objects.exclude(state="backlog") if one.missing()]
    assert Story.objects.get(reference="DRV-2").opportunity.reference == "DRV-1"

    left = {"bereavement": [29, 26, 29, 24], "view-my-driving-record": [23, 22, 20, 17], "housing": [12, 12, 12, 12]}
    for sprint in Sprint.objects.active():
        assert sprint.day_on(timezone.localdate()) == (4, 10)
        drawn = burndown(steps_of(sprint), sprint.working_days(), sprint.started_at, sprint.ends_on)
        assert [day.left for day in drawn[:4]] == left[sprint.team.slug], sprint.team
    kept = Sprint.objects.closed().order_by("team__name", "number")
    assert [(one.number, one.goal_result, one.points_done) for one in kept] == CLOSED

    assert Opportunity.objects.get(reference="DRV-1").state == State.IN_DELIVERY
    assert not Change.objects.filter(at__gt=timezone.now()).exists()
    assert Change.objects.filter(words="added it").exists() and not changed_before_it_was_added()
    ages = {one.title.split()[0]: one.age_on(last_stand_up()) for one in Blocker.objects.with_people()}
    assert ages == {"Two": 3, "No": 1, "Offline": 6, "Prototype": 0, "Test": 2, "Assisted-digital": 4}
    assert Blocker.objects.get(title__startswith="Offline").escalated_to.name == "Glyn Westerby"
    assert StandupEntry.objects.count() == 18
    assert {team.phase for team in Team.objects.all()} == {"discovery", "alpha", "private_beta"}
    part_time = [user.weekdays_in_words for user in User.objects.all() if len(user.works_on) < 5]
    assert part_time == ["Monday, Tuesday and Wednesday"]
    assert all(user.name in said for user in User.objects.all())

    before = written()
    load()
    assert written() == before


@pytest.mark.django_db
def test_a_database_in_use_is_left_alone(team):
    before = written()

    with pytest.raises(CommandError, match="holds a programme already"):
        load()

    assert written() == before


@pytest.mark.django_db
def test_somebody_of_the_same_name_is_not_the_demo():
    factories.UserFactory(name="Odette Marchbanks")

    assert not demo.is_loaded()
