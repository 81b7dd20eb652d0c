from types import SimpleNamespace

import pytest
from django.urls import reverse

from backlog import journey_map
from backlog.models import Journey, Opportunity
from backlog.models.journey import UNPLACED
from tests.factories import ready_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(team, product_owner):
    journey = Journey.objects.add(team, name="Being a tenant", by=product_owner.user)
    for name in ("Applying", "Signing up", "Moving in"):
        journey.add_stage(name, by=product_owner.user)
    return journey


def names(journey):
    return list(journey.stages.values_list("name", "position"))


def placed(opportunity):
    return Opportunity.objects.values_list("stage_position", flat=True).get(pk=opportunity.pk)


def test_a_moved_stage_takes_its_opportunities_along(team, journey, product_owner):
    first, *_, last = journey.stages.all()
    at_first, at_last = (ready_opportunity(team, product_owner.user, stage=stage) for stage in (first, last))

    journey.move_stage(last, 1, by=product_owner.user)

    assert names(journey) == [("Moving in", 1), ("Applying", 2), ("Signing up", 3)]
    assert (placed(at_last), placed(at_first)) == (1, 2)


def test_a_removed_stage_leaves_its_opportunities_in_the_backlog(team, journey, product_owner):
    first, second, _ = journey.stages.all()
    lost, kept = (ready_opportunity(team, product_owner.user, stage=stage) for stage in (first, second))

    assert journey.remove_stage(first, by=product_owner.user) == 1

    assert names(journey) == [("Signing up", 1), ("Moving in", 2)]
    assert (placed(lost), placed(kept)) == (UNPLACED, 1)


def test_two_journeys_of_one_name_have_two_addresses(team, journey, product_owner):
    other = Journey.objects.add(team, name=journey.name, by=product_owner.user)

    assert (journey.slug, other.slug) == ("being-a-tenant", "being-a-tenant-2")


def test_touchpoints_keep_whole_places(journey, product_owner):
    stage = journey.stages.first()
    one, two, three = (stage.add_touchpoint(name, by=product_owner.user) for name in ("Form", "Phone", "Desk"))

    stage.move_touchpoint(three, 1, by=product_owner.user)
    stage.remove_touchpoint(one, by=product_owner.user)

    assert list(stage.touchpoints.values_list("name", "position")) == [("Desk", 1), ("Phone", 2)]


def test_the_map_shows_the_most_people_first(team, journey, product_owner):
    stage = journey.stages.first()
    for people in (3, 12):
        ready_opportunity(team, product_owner.user, stage=stage, title=f"Met by {people}", earlier_participants=people)

    page = product_owner.get(journey.get_absolute_url()).text

    assert page.index("Met by 12") < page.index("Met by 3")
    assert "It is lowest at stage 1, Applying." in page


@pytest.mark.parametrize(("reader", "status"), [("member", 200), ("service_lead", 403), ("outsider", 404)])
def test_only_the_team_sees_journeys(request, reader, status, team, journey):
    someone = request.getfixturevalue(reader)

    assert someone.get(journey.get_absolute_url()).status_code == status
    assert someone.get(reverse("backlog:journeys", args=[team.slug])).status_code == status


def test_the_map_costs_the_same_for_more_stages(team, journey, product_owner, django_assert_max_num_queries):
    for stage in journey.stages.all():
        stage.add_touchpoint("Phone", by=product_owner.user)
        ready_opportunity(team, product_owner.user, stage=stage)

    with django_assert_max_num_queries(11):
        product_owner.get(journey.get_absolute_url())


def test_the_line_goes_through_every_stage():
    columns = [journey_map.Column(SimpleNamespace(people=people), []) for people in (0, 10, 5)]
    points = journey_map.line(columns)

    assert [y for _, y in points] == [24, 114, 69]
    assert all(f"{x:g} {y:g}" in journey_map.curve(points) for x, y in points)


@pytest.mark.parametrize(("people", "level"), [(0, 1), (4, 1), (5, 2), (6, 2), (7, 3), (9, 3), (10, 4)])
def test_heat_grows_with_people(people, level):
    assert journey_map.heat(people) == level
