"""What a review session promises, whatever page drives it (domain.md §3)."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from backlog.models import Decision, Opportunity, ReviewItem, ReviewSession, State
from teams.models import Change, Conflict
from tests.factories import ThemeFactory, a_stage, ranked_opportunity, ready_opportunity

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + dt.timedelta(days=90)


@pytest.fixture
def owner(product_owner):
    return product_owner.user


@pytest.fixture
def theme(team):
    return ThemeFactory(programme=team.programme, name="Keep people informed")


@pytest.fixture
def session(team, owner):
    """Five opportunities, of which the room is at the first."""
    for number in range(5):
        ready_opportunity(team, owner, title=f"Tenants wait {number}")
    session = ReviewSession.objects.prepare(team, "Housing review", by=owner)
    session.start(by=owner)
    return session


def forward(theme, value=8, size=2):
    return Decision(State.TAKE_FORWARD, value=value, size=size, themes=(theme,))


def counts(session):
    found = ReviewSession.objects.with_counts().get(pk=session.pk)
    return found.reviewed, found.scope, found.left, found.skipped, found.elsewhere


def item_at(session, position):
    return session.items.for_page().get(position=position)


def test_the_scope_is_what_is_ready_in_journey_order_and_frozen(team, owner):
    last = a_stage(team)
    first = ready_opportunity(team, owner, stage=last)
    last.position = 9
    last.save()
    Opportunity.objects.filter(pk=first.pk).update(stage_position=9)
    second = ready_opportunity(team, owner, stage=last)
    Opportunity.objects.filter(pk=second.pk).update(stage_position=1)
    session = ReviewSession.objects.prepare(team, "Review", by=owner)

    ready_opportunity(team, owner, title="Came later")

    assert [item.opportunity for item in session.items.all()] == [second, first]


def test_nothing_ready_means_nothing_to_prepare(team, owner):
    with pytest.raises(ValidationError, match="Nothing is ready"):
        ReviewSession.objects.prepare(team, "Review", by=owner)


@pytest.mark.parametrize(
    ("decision", "state"),
    [
        (Decision(State.PARKED, reason="New bidding site due", until=SOON), State.PARKED),
        (Decision(State.WONT_DO, reason="A charity leads"), State.WONT_DO),
        (Decision(State.NEEDS_EVIDENCE, question="How many tenancies end?"), State.NEEDS_EVIDENCE),
    ],
)
def test_three_outcomes_need_no_score_and_count_as_reviewed(session, owner, decision, state):
    item_at(session, 1).decide(decision, by=owner)

    assert item_at(session, 1).opportunity.state == state
    assert counts(session) == (1, 5, 4, 0, 0)


def test_taking_forward_records_theme_value_and_size_at_once(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)

    taken = item_at(session, 1).opportunity
    assert (taken.state, taken.value, taken.size, [*taken.themes.all()]) == (State.TAKE_FORWARD, 8, 2, [theme])
    assert taken.rank
    assert session.here().position == 2


def test_merging_counts_as_reviewed(session, owner):
    target = item_at(session, 2).opportunity

    item_at(session, 1).decide(Decision(State.MERGED, target=target), by=owner)

    assert item_at(session, 1).opportunity.merged_into == target
    assert counts(session) == (1, 5, 4, 0, 0)


def test_without_theme_value_or_size_nothing_of_a_decision_is_kept(session, owner):
    with pytest.raises(ValidationError, match="choose a theme and a size"):
        item_at(session, 1).decide(Decision(State.TAKE_FORWARD, value=8), by=owner)

    assert item_at(session, 1).opportunity.value is None
    assert counts(session) == (0, 5, 5, 0, 0)


def test_skipping_does_not_count_and_skipped_items_come_back_at_the_end(session, owner):
    session.skip(by=owner)
    session.skip(by=owner)
    parked = Decision(State.PARKED, reason="Later", until=SOON)
    seen = []
    while item := session.here():
        seen.append(item.position)
        item.decide(parked, by=owner)
        session.refresh_from_db()
        if len(seen) == 1:
            assert counts(session) == (1, 5, 4, 2, 0)

    assert seen == [3, 4, 5, 1, 2]
    assert counts(session) == (5, 5, 0, 0, 0)


def test_pause_keeps_the_place_for_everyone_and_stops_the_clock(session, owner, theme):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        session.start(by=owner)
        clock.shift(dt.timedelta(minutes=20))
        item_at(session, 1).decide(forward(theme), by=owner)
        session.pause(by=owner)
        clock.shift(dt.timedelta(days=6))
        again = ReviewSession.objects.get(pk=session.pk)

        assert (again.minutes_used, again.current.position) == (20, 2)
        with pytest.raises(ValidationError, match="This review is paused"):
            again.here().decide(forward(theme), by=owner)
        again.start(by=owner)
        clock.shift(dt.timedelta(minutes=5))
        assert again.minutes_used == 25


def test_a_room_that_went_home_does_not_run_up_the_clock(session):
    session.refresh_from_db()

    with time_machine.travel(session.resumed_at + dt.timedelta(days=3), tick=False):
        assert session.minutes_used == 60


def test_a_stale_stamp_is_a_conflict_and_writes_nothing(session, owner, theme):
    mine, theirs = item_at(session, 1), item_at(session, 1)
    seen = mine.stamp
    theirs.decide(Decision(State.WONT_DO, reason="No"), by=owner)

    with pytest.raises(Conflict):
        mine.decide(forward(theme), by=owner, seen=seen)

    assert item_at(session, 1).opportunity.state == State.WONT_DO


def test_deciding_anew_undoes_the_first_decision_in_history(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)

    item_at(session, 1).decide(Decision(State.PARKED, value=8, size=2, reason="Later", until=SOON), by=owner)

    again = item_at(session, 1).opportunity
    words = [change.words for change in Change.objects.about(again)]
    assert again.state == State.PARKED
    assert words[:3] == ["parked it: Later", "undid “took it forward”", "took it forward"]
    assert counts(session) == (1, 5, 4, 0, 0)


def test_rescoring_what_was_taken_forward_keeps_its_decision_and_stays_undoable(session, owner, theme):
    item_at(session, 1).decide(forward(theme, 8, 2), by=owner)
    item_at(session, 1).decide(forward(theme, 3, 2), by=owner)
    scored = item_at(session, 1).opportunity
    assert (scored.state, scored.value) == (State.TAKE_FORWARD, 3)

    item_at(session, 1).undo(by=owner)

    back = item_at(session, 1).opportunity
    assert (back.state, back.value, back.size, back.themes.count()) == (State.READY, None, None, 0)
    assert session.here().position == 1
    assert counts(session) == (0, 5, 5, 0, 0)


def test_undoing_a_merge_gives_the_evidence_back(team, session, owner):
    item = item_at(session, 1)
    item.opportunity.edit(by=owner, earlier_participants=6)
    target = item_at(session, 2).opportunity
    item_at(session, 1).decide(Decision(State.MERGED, target=target), by=owner)

    item_at(session, 1).undo(by=owner)

    assert item_at(session, 1).opportunity.evidence == 6
    assert item_at(session, 2).opportunity.evidence == 0


def test_a_decision_cannot_be_undone_once_somebody_changed_the_opportunity(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)
    Opportunity.objects.get(pk=item_at(session, 1).opportunity_id).edit(by=owner, title="Reworded")

    with pytest.raises(ValidationError, match="has changed since it was decided"):
        item_at(session, 1).undo(by=owner)


def test_a_decision_cannot_be_undone_after_a_week(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)
    Change.objects.update(at=timezone.now() - dt.timedelta(days=8))

    with pytest.raises(ValidationError, match="a week has passed"):
        item_at(session, 1).undo(by=owner)


def test_what_was_decided_elsewhere_is_counted_apart_and_passed_by(session, owner, theme):
    item_at(session, 1).opportunity.park("Staffing review", SOON, by=owner)
    session.refresh_from_db()

    assert counts(session) == (0, 5, 4, 0, 1)
    assert session.here().position == 2
    with pytest.raises(ValidationError, match="outside this review"):
        item_at(session, 1).decide(forward(theme), by=owner)


def test_a_decision_undone_on_the_opportunitys_own_page_is_left_to_review_again(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)
    taken = item_at(session, 1).opportunity

    taken.undo(Change.objects.about(taken).first(), by=owner)

    assert counts(session) == (0, 5, 5, 0, 0)
    item_at(session, 1).decide(forward(theme), by=owner)
    assert counts(session) == (1, 5, 4, 0, 0)


def test_a_finished_session_keeps_its_figures(session, owner, theme):
    item_at(session, 1).decide(Decision(State.PARKED, reason="Later", until=SOON), by=owner)
    session.finish(by=owner)
    item_at(session, 1).opportunity.mark_ready(by=owner)
    item_at(session, 2).opportunity.refuse("No", by=owner)

    assert counts(session) == (1, 5, 4, 0, 0)
    with pytest.raises(ValidationError, match="is finished"):
        session.start(by=owner)


def test_finishing_drops_decisions_that_no_longer_stand(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)
    taken = item_at(session, 1).opportunity
    taken.undo(Change.objects.about(taken).first(), by=owner)

    session.finish(by=owner)

    assert counts(session) == (0, 5, 5, 0, 0)


def test_silent_scores_close_when_they_are_shown(session, owner, member):
    item = item_at(session, 1)
    item.score_silently(member.user, 5, 3)
    item.score_silently(member.user, 8, 3)
    item.reveal(by=owner)

    with pytest.raises(ValidationError, match="have been shown"):
        item.score_silently(member.user, 1, 1)

    assert [score.value for score in item.silent_scores.all()] == [8]


def test_a_draft_is_kept_until_the_item_is_decided(session, owner, theme):
    item_at(session, 1).skip(by=owner, draft={"value": "5"})
    assert item_at(session, 1).draft == {"value": "5"}

    item_at(session, 1).decide(forward(theme), by=owner)

    assert item_at(session, 1).draft is None


def test_every_step_leaves_a_line_of_history_in_order(session, owner, theme):
    item_at(session, 1).decide(forward(theme), by=owner)
    session.skip(by=owner)
    session.pause(by=owner)

    first = item_at(session, 1).opportunity.reference
    second = item_at(session, 2).opportunity.reference
    assert [change.words for change in Change.objects.about(session)] == [
        "paused",
        f"skipped {second}",
        f"recorded {first}: Take forward",
        "started",
        "prepared with 5 opportunities",
    ]


@pytest.mark.parametrize(
    ("who", "opens", "records"),
    [
        ("product_owner", True, True),
        ("delivery_manager", True, True),
        ("member", True, False),
        ("researcher", True, False),
        ("service_lead", False, False),
        ("administrator", False, False),
        ("outsider", False, False),
    ],
)
def test_a_session_opens_to_its_team(request, session, who, opens, records):
    user = request.getfixturevalue(who).user

    found = ReviewSession.objects.open_to(user).filter(pk=session.pk).first()

    assert bool(found) is opens
    assert bool(found and found.records) is records


def test_an_invited_service_lead_follows_until_they_lead_nothing(session, service_lead):
    session.attendees.add(service_lead.user)
    assert ReviewSession.objects.open_to(service_lead.user).get().records is False

    service_lead.user.led_services.all().delete()

    assert not ReviewSession.objects.open_to(service_lead.user).exists()


def test_a_session_over_two_teams_opens_to_those_in_both(team, session, member, product_owner):
    from tests.factories import MembershipFactory, TeamFactory

    other = TeamFactory(programme=team.programme)
    MembershipFactory(team=other, user=product_owner.user, role="member")
    session.teams.add(other)

    assert not ReviewSession.objects.open_to(member.user).exists()
    assert ReviewSession.objects.open_to(product_owner.user).get().records is False


def test_ranked_items_are_never_in_scope(team, owner):
    ranked_opportunity(team, owner)
    ready_opportunity(team, owner)

    session = ReviewSession.objects.prepare(team, "Review", by=owner)

    assert session.items.count() == 1
    assert ReviewItem.objects.get().opportunity.state == State.READY
