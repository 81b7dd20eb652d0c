"""The pages that change a journey."""

import re
import uuid

import pytest
from django.urls import reverse

from backlog.forms import BulkForm, OpportunityForm
from backlog.models import Channel, Journey, Opportunity, Stage, Touchpoint
from teams.models import Change
from tests.factories import ServiceFactory, ready_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def journey(team, product_owner):
    journey = Journey.objects.add(team, name="Being a tenant", by=product_owner.user)
    for name in ("Applying", "Signing up", "Moving in"):
        journey.add_stage(name, by=product_owner.user)
    return journey


@pytest.fixture
def stage(journey):
    return journey.stages.get(name="Signing up")


@pytest.fixture
def touchpoint(stage, product_owner):
    stage.add_touchpoint("Offer letter", by=product_owner.user)
    return stage.add_touchpoint("Appointment", by=product_owner.user)


def at(name, *things):
    """The address of a page about the last of `things`: journey, stage, touchpoint."""
    journey, *within = things
    return reverse(f"backlog:{name}", args=[journey.team.slug, journey.slug, *(thing.pk for thing in within)])


def order(rows):
    return list(rows.order_by("position").values_list("name", flat=True))


def said(client, response):
    page = client.get(response["Location"].partition("#")[0]).text
    return re.search(r'<div class="live" role="status"><p>(.*?)</p>', page)[1]


def history(journey):
    return Change.objects.about(journey).first().words


def test_a_journey_is_added_once_however_often_it_is_sent(team, member):
    sent = {"name": "Add", "kind": "to_be", "key": uuid.uuid4()}

    first, second = (member.post(reverse("backlog:add_journey", args=[team.slug]), sent) for _ in range(2))

    journey = team.journeys.get()
    assert (journey.name, journey.kind) == ("Add", Journey.Kind.TO_BE)
    assert first["Location"] == second["Location"] == at("journey_edit", journey)
    assert said(member, first) == "Add is added"
    assert "Add the first stage" in member.get(journey.get_absolute_url()).text
    assert history(journey) == "added the journey Add"


def test_a_journey_is_renamed_and_keeps_its_address(journey, member):
    response = member.post(at("journey_name", journey), {"name": "Renting", "kind": "as_is", "version": 1})

    journey.refresh_from_db()
    assert (journey.name, journey.slug) == ("Renting", "being-a-tenant")
    assert said(member, response) == "Being a tenant is now called Renting"
    assert history(journey) == "renamed the journey from “Being a tenant”"


def test_an_archived_journey_leaves_the_list_and_comes_back(team, journey, stage, member):
    opportunity = ready_opportunity(team, member.user, stage=stage)

    response = member.post(at("journey_archive", journey))
    assert said(member, response) == "Being a tenant is archived"
    assert not team.journeys.in_use().exists()
    assert "Signing up" in member.get(reverse("backlog:edit", args=[opportunity.reference])).text

    response = member.post(at("journey_archive", journey), {"restore": "yes"})
    assert said(member, response) == "Being a tenant is restored"
    assert team.journeys.in_use().get() == journey
    assert Opportunity.objects.get().stage == stage


def test_a_stage_is_added_at_the_end(journey, member):
    response = member.post(at("add_stage", journey), {"name": "Leaving"})

    assert order(journey.stages) == ["Applying", "Signing up", "Moving in", "Leaving"]
    assert said(member, response) == "Leaving is added"
    assert history(journey) == "added stage 4, Leaving"


def test_a_journey_has_room_for_twenty_stages(journey, member):
    for number in range(4, 21):
        journey.add_stage(f"Stage {number}", by=member.user)

    response = member.post(at("add_stage", journey), {"name": "One more"})

    assert response.status_code == 422
    assert "A journey has at most 20 stages" in response.text
    assert "One more" in response.text


def test_stages_of_two_journeys_are_told_apart(team, journey, stage, member):
    Journey.objects.filter(pk=journey.pk).update(name="As it is")
    alone = {str(label) for _, label in OpportunityForm(team=team).fields["stage"].choices}
    other = Journey.objects.create(team=team, name="To be", slug="to-be", kind=Journey.Kind.TO_BE)
    Stage.objects.create(journey=other, name=stage.name, position=1)

    both = {str(label) for _, label in OpportunityForm(team=team).fields["stage"].choices}

    assert stage.name in alone
    assert {f"{stage.name} (As it is)", f"{stage.name} (To be)"} <= both
    of_many = BulkForm(None, act="stage", team=team).fields["stage"]
    assert {of_many.label_from_instance(one) for one in of_many.queryset} < both


def test_a_stage_is_renamed(journey, stage, member):
    response = member.post(at("stage", journey, stage), {"name": "Signing", "version": stage.version})

    assert said(member, response) == "Signing up is now called Signing"
    assert history(journey) == "renamed the stage Signing up to Signing"


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("up", ["Signing up", "Applying", "Moving in"]),
        ("down", ["Applying", "Moving in", "Signing up"]),
        ("1", ["Signing up", "Applying", "Moving in"]),
        ("3", ["Applying", "Moving in", "Signing up"]),
    ],
)
def test_a_stage_moves_by_a_step_or_to_a_place(journey, stage, member, to, expected):
    response = member.post(at("move_stage", journey, stage), {"to": to})

    assert order(journey.stages) == expected
    place = expected.index("Signing up") + 1
    assert said(member, response) == f"Signing up is now number {place}, was 2"
    assert history(journey) == f"moved the stage Signing up to place {place}"


def test_the_page_before_a_removal_says_what_becomes_of_the_opportunities(team, journey, stage, touchpoint, member):
    lost = ready_opportunity(team, member.user, stage=stage)
    asked = member.get(at("remove_stage", journey, stage)).text
    assert "1 opportunity stands at this stage. It stays in the backlog, without a stage" in asked
    assert "2 touchpoints will be removed with it" in asked

    response = member.post(at("remove_stage", journey, stage))

    assert order(journey.stages) == ["Applying", "Moving in"]
    assert Opportunity.objects.get(pk=lost.pk).stage is None
    assert said(member, response) == "Signing up is removed. 1 opportunity now has no stage"


def test_what_somebody_else_removed_is_not_removed_twice(journey, stage, touchpoint, member):
    """Both had the page open; the slower one is told, whether it was a stage or a touchpoint."""
    by = member.user
    stage.remove_touchpoint(Touchpoint.objects.get(pk=touchpoint.pk), by=by)
    with pytest.raises(Exception, match="Somebody removed Appointment meanwhile"):
        stage.remove_touchpoint(touchpoint, by=by)

    assert member.post(at("remove_touchpoint", journey, stage, touchpoint)).status_code == 404
    assert order(stage.touchpoints) == ["Offer letter"]


def test_a_touchpoint_is_added_with_channel_and_services(team, journey, stage, member):
    repairs = ServiceFactory(programme=team.programme, name="Repairs")
    sent = {"name": "Phone call", "channel": "phone", "services": [repairs.pk], "key": uuid.uuid4()}

    first, _ = (member.post(at("add_touchpoint", journey, stage), sent) for _ in range(2))

    touchpoint = stage.touchpoints.get()
    assert (touchpoint.channel, list(touchpoint.services.all())) == (Channel.PHONE, [repairs])
    assert said(member, first) == "Phone call is added"
    page = member.get(at("journey_edit", journey)).text
    assert "Phone, Repairs" in page


def test_a_touchpoint_is_edited_and_keeps_an_archived_service(team, journey, stage, touchpoint, member):
    old = ServiceFactory(programme=team.programme, name="Lettings")
    touchpoint.services.add(old)
    old.archive(by=member.user)
    page = member.get(at("touchpoint", journey, stage, touchpoint)).text
    assert re.search(rf'value="{old.pk}"[^>]*checked', page)

    sent = {"name": "Visit", "channel": "face_to_face", "services": [old.pk], "version": 1}
    response = member.post(at("touchpoint", journey, stage, touchpoint), sent)

    touchpoint.refresh_from_db()
    assert (touchpoint.name, touchpoint.channel) == ("Visit", Channel.FACE_TO_FACE)
    assert list(touchpoint.services.all()) == [old]
    assert said(member, response) == "Appointment is now called Visit"


def test_a_touchpoint_moves_and_goes(journey, stage, touchpoint, member):
    response = member.post(at("move_touchpoint", journey, stage, touchpoint), {"to": "up"})
    assert said(member, response) == "Appointment is now number 1, was 2"
    assert order(stage.touchpoints) == ["Appointment", "Offer letter"]

    response = member.post(at("remove_touchpoint", journey, stage, touchpoint))
    assert said(member, response) == "Appointment is removed"
    assert list(stage.touchpoints.values_list("name", "position")) == [("Offer letter", 1)]


@pytest.mark.parametrize(
    ("page", "mistake"),
    [
        ("journey_name", "Enter the name of the journey"),
        ("add_stage", "Enter the name of the stage"),
        ("stage", "Enter the name of the stage"),
        ("move_stage", "Choose where to move it"),
        ("add_touchpoint", "Enter the name of the touchpoint"),
        ("touchpoint", "Enter the name of the touchpoint"),
        ("move_touchpoint", "Choose where to move it"),
    ],
)
def test_a_mistake_is_named(journey, stage, touchpoint, member, page, mistake):
    parts = {"journey_name": 1, "add_stage": 1, "touchpoint": 3, "move_touchpoint": 3}.get(page, 2)

    response = member.post(at(page, *[journey, stage, touchpoint][:parts]), {"version": 1})

    assert response.status_code == 422
    assert mistake in response.text


@pytest.mark.parametrize("to", ["0", "9", "-1", "sideways", "99999999999999999999"])
def test_there_is_no_such_place(journey, stage, member, to):
    assert member.post(at("move_stage", journey, stage), {"to": to}).status_code == 422
    assert order(journey.stages) == ["Applying", "Signing up", "Moving in"]


def test_two_texts_of_a_stage_are_shown_side_by_side(journey, stage, product_owner, member):
    product_owner.post(at("stage", journey, stage), {"name": "Theirs", "version": 1})

    response = member.post(at("stage", journey, stage), {"name": "Mine", "version": 1})

    assert response.status_code == 409
    assert 'value="Mine"' in response.text
    assert "<p>Theirs</p>" in response.text
    assert order(journey.stages) == ["Applying", "Theirs", "Moving in"]


def test_two_texts_of_a_touchpoint_name_the_services(team, journey, stage, touchpoint, product_owner, member):
    lettings, repairs = (ServiceFactory(programme=team.programme, name=name) for name in ("Lettings", "Repairs"))
    where, sent = at("touchpoint", journey, stage, touchpoint), {"name": "Appointment", "version": 1}
    product_owner.post(where, sent | {"channel": "phone", "services": [lettings.pk, repairs.pk]})

    response = member.post(where, sent | {"channel": "paper", "services": [repairs.pk]})

    assert response.status_code == 409
    assert re.findall(r"Saved now</p><p>(.*?)</p>", response.text) == ["Phone", "Lettings, Repairs"]
    assert set(touchpoint.services.all()) == {lettings, repairs}


PAGES = ["journey_edit", "journey_name", "add_stage", "stage", "move_stage", "remove_stage", "add_touchpoint"]
PAGES += ["touchpoint", "move_touchpoint", "remove_touchpoint"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("member", 200),
        ("researcher", 200),
        ("delivery_manager", 200),
        ("product_owner", 200),
        ("service_lead", 403),
        ("administrator", 403),
        ("outsider", 404),
    ],
)
def test_the_team_edits_and_nobody_else(request, journey, stage, touchpoint, who, status):
    client = request.getfixturevalue(who)
    for page in PAGES:
        parts = 1 if page in ("journey_edit", "journey_name", "add_stage") else 3 if page in PAGES[-3:] else 2
        assert client.get(at(page, *[journey, stage, touchpoint][:parts])).status_code == status, page
    assert client.post(at("journey_archive", journey)).status_code == (302 if status == 200 else status)


def test_a_stage_of_another_journey_is_not_found(team, journey, stage, touchpoint, member):
    other = Journey.objects.add(team, name="Repairs", by=member.user)
    elsewhere = other.add_stage("Reporting", by=member.user)

    for page in ("stage", "move_stage", "remove_stage", "add_touchpoint"):
        assert member.post(at(page, journey, elsewhere), {"name": "x", "to": "1"}).status_code == 404
    for page in ("touchpoint", "move_touchpoint", "remove_touchpoint"):
        assert member.post(at(page, other, elsewhere, touchpoint), {"name": "x", "to": "1"}).status_code == 404
    assert order(other.stages) == ["Reporting"]
    assert order(stage.touchpoints) == ["Offer letter", "Appointment"]


def test_the_page_costs_the_same_for_more_stages(journey, member, django_assert_max_num_queries):
    for stage in journey.stages.all():
        for number in range(5):
            stage.add_touchpoint(f"Touchpoint {number}", by=member.user)

    with django_assert_max_num_queries(8):
        member.get(at("journey_edit", journey))
