"""Who is in a team and a programme, and how that changes. Each change leaves a line that names who made it (P34)."""

import pytest

from teams.models import Change, Invitation, Membership, ProgrammeAdmin, ServiceLead
from teams.permissions import Role
from tests.factories import MembershipFactory, ProgrammeAdminFactory, ServiceFactory, ServiceLeadFactory, TeamFactory


def words():
    return [change.words for change in Change.objects.order_by("pk")]


@pytest.fixture
def someone(team):
    return MembershipFactory(team=team, user__name="Tomos Vaughan")


def test_a_role_changes_and_history_says_from_what(administrator, team, someone):
    hostile = {"team": "999", "user": "1", "left_at": "2020-01-01"}
    answers = {"role": "researcher", "discipline": "research", "version": someone.version}

    administrator.post(f"/teams/{team.slug}/people/{someone.pk}/", answers | hostile)

    before, someone = someone, Membership.objects.get(pk=someone.pk)
    assert (someone.role, someone.discipline) == ("researcher", "research")
    assert (someone.team, someone.user, someone.left_at) == (team, before.user, None)
    assert words() == ["changed Tomos Vaughan from Team member to User researcher and from Other to User research"]
    assert Change.objects.get().who == administrator.user


def test_two_who_change_one_person_at_once_see_both_answers(administrator, team, someone):
    url = f"/teams/{team.slug}/people/{someone.pk}/"
    read = {"version": someone.version, "discipline": "other"}
    administrator.post(url, read | {"role": "researcher"})

    refused = administrator.post(url, read | {"role": "product_owner"})

    assert refused.status_code == 409
    assert "This was changed meanwhile" in refused.text and "User researcher" in refused.text
    assert Membership.objects.get(pk=someone.pk).role == Role.RESEARCHER


def test_who_is_removed_sees_nothing_more_and_keeps_their_name(administrator, member, team):
    place = member.user.memberships.get()
    team.record("changed the name", by=member.user)

    administrator.post(f"/teams/{team.slug}/people/{place.pk}/remove/")

    assert member.get(f"/teams/{team.slug}/").status_code == 404
    assert "Team member" in administrator.get(f"/teams/{team.slug}/history/").text
    assert words()[-1] == "removed Team member (team member) from the team"


@pytest.mark.parametrize("step", ["remove/", ""])
def test_the_last_product_owner_hands_over_or_says_that_nobody_does(administrator, product_owner, team, someone, step):
    owner = product_owner.user.memberships.get()
    url = f"/teams/{team.slug}/people/{owner.pk}/{step}"
    answers = {"role": "member", "discipline": "other", "version": owner.version}

    refused = administrator.post(url, answers)
    administrator.post(url, answers | {"successor": someone.pk})

    assert refused.status_code == 422
    assert "is the only product owner" in refused.text
    assert Membership.objects.product_owners().get() == someone
    assert words()[0] == "made Tomos Vaughan product owner after Product owner (was team member)"


def test_a_team_may_go_on_without_a_product_owner(administrator, product_owner, someone, team):
    owner = product_owner.user.memberships.get()

    administrator.post(f"/teams/{team.slug}/people/{owner.pk}/remove/", {"without_owner": "on"})

    assert not Membership.objects.product_owners().exists()
    assert "No product owner" in administrator.get(f"/teams/{team.slug}/people/").text


def test_nobody_from_another_team_takes_over(administrator, product_owner, team):
    stranger = MembershipFactory()
    owner = product_owner.user.memberships.get()

    answer = administrator.post(f"/teams/{team.slug}/people/{owner.pk}/remove/", {"successor": stranger.pk})

    assert answer.status_code == 422
    stranger.refresh_from_db()
    assert stranger.role == Role.MEMBER


def test_another_team_s_people_are_out_of_reach(administrator, team):
    stranger = MembershipFactory(team=TeamFactory(programme=team.programme))

    for step in ("", "remove/"):
        assert administrator.post(f"/teams/{team.slug}/people/{stranger.pk}/{step}").status_code == 404


def test_a_programme_keeps_its_last_administrator(administrator, team):
    own = administrator.user.administered.get()
    url = f"/programmes/{team.programme.slug}/people/admins/{own.pk}/remove/"

    page = administrator.post(url, follow=True)

    assert "is the only administrator" in page.text
    assert ProgrammeAdmin.objects.get() == own

    other = ProgrammeAdminFactory(programme=team.programme)
    assert administrator.post(url).url == "/"
    assert ProgrammeAdmin.objects.get() == other


def test_a_service_lead_is_removed_by_name(administrator, team):
    lead = ServiceLeadFactory(service=ServiceFactory(programme=team.programme, name="Repairs"), user__name="Desmond")

    administrator.post(f"/programmes/{team.programme.slug}/people/leads/{lead.pk}/remove/")

    assert not ServiceLead.objects.exists()
    assert words() == ["removed Desmond as service lead of Repairs"]


def test_leads_of_another_programme_are_out_of_reach(administrator, team):
    lead = ServiceLeadFactory(service=ServiceFactory())

    url = f"/programmes/{team.programme.slug}/people/leads/{lead.pk}/remove/"

    assert administrator.post(url).status_code == 404


def test_somebody_is_invited_sent_again_and_taken_back(administrator, team):
    answers = {"name": "Wren", "email": "wren@ambleford.example", "role": "member", "discipline": "content_design"}

    page = administrator.post(f"/teams/{team.slug}/people/invite/", answers, follow=True)
    invitation = Invitation.objects.get()
    again = administrator.post(f"/teams/{team.slug}/invitations/{invitation.pk}/send-again/", follow=True)
    gone = administrator.post(f"/teams/{team.slug}/invitations/{invitation.pk}/take-back/", follow=True)

    assert "wren@ambleford.example" in page.text
    assert "A new letter is on its way" in again.text
    assert "is taken back" in gone.text
    assert "wren@ambleford.example" not in gone.text


def test_a_service_lead_needs_a_service(administrator, team):
    service = ServiceFactory(programme=team.programme)
    url = f"/programmes/{team.programme.slug}/people/invite/"
    answers = {"name": "Farida", "email": "farida@ambleford.example", "role": "service_lead"}

    assert "Choose the service they lead" in administrator.post(url, answers).text
    elsewhere = administrator.post(url, answers | {"service": ServiceFactory().pk})
    assert elsewhere.status_code == 422
    assert administrator.post(url, answers | {"service": service.pk}).status_code == 302
    assert Invitation.objects.get().service == service
