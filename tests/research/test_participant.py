"""What is known of a participant: for the researcher, who has just proven who they are, and never without a trace."""

import time
from urllib.parse import quote

import pytest
from django.urls import reverse

from research import erasure
from research.models import Participant
from teams.models import Change
from tests.research.making import a_session

pytestmark = pytest.mark.django_db
ABOUT = {"user_group": "", "access_needs": ["seeing"], "age_band": "80"}


@pytest.fixture
def met(round_, by):
    return a_session(round_, by, consent=False, access_needs=["hearing"], age_band="65_79", assisted_digital=True)


@pytest.fixture
def address(met):
    return reverse("research:participant", args=[met.round.team.slug, met.pk])


@pytest.fixture
def with_a_password(researcher):
    researcher.user.set_password("correct horse battery staple")
    researcher.user.save()
    researcher.force_login(researcher.user)
    return researcher


def looks(session):
    return Change.objects.about(session).filter(words__startswith="looked at").count()


def test_p34_each_look_leaves_a_line_that_says_nothing_of_them(researcher, met, address):
    page = researcher.get(address)

    assert '<option value="65_79" selected>' in page.text
    assert looks(met) == 1
    line = Change.objects.about(met).first()
    assert (line.who, line.words, line.label) == (
        researcher.user,
        "looked at what is known of the participant",
        str(met),
    )


@pytest.mark.parametrize("url", ["session", "edit_session", "round"])
def test_no_other_page_says_it(researcher, met, url):
    place = met.round_id if url == "round" else met.pk
    page = researcher.get(reverse(f"research:{url}", args=[met.round.team.slug, place])).text

    assert "65 to 79" not in page and "65_79" not in page


def test_it_is_changed_there_and_two_people_do_not_overwrite_each_other(researcher, met, address):
    assert researcher.post(address, ABOUT | {"version": met.version}).status_code == 302
    late = researcher.post(address, ABOUT | {"age_band": "25_44", "version": met.version})

    somebody = Participant.objects.get()
    assert (somebody.access_needs, somebody.age_band, somebody.assisted_digital) == (["seeing"], "80", False)
    assert late.status_code == 409 and "80 or over" in late.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_p17_whoever_signed_in_a_while_ago_proves_themselves_first(with_a_password, met, address, method):
    sent = ABOUT | {"version": met.version} if method == "post" else {}
    answer = getattr(with_a_password, method)(address, sent, follow=True)

    assert answer.redirect_chain[-1][0] == f"/account/reauthenticate/?next={quote(address, safe='')}"
    assert Participant.objects.get().age_band == "65_79" and looks(met) == 0
    assert "account_reauthentication_state" not in with_a_password.session  # what was sent lies nowhere


def test_p17_whoever_has_just_proven_it_goes_on(with_a_password, met, address):
    with_a_password.post(f"/account/reauthenticate/?next={address}", {"password": "correct horse battery staple"})

    assert with_a_password.get(address).status_code == 200


def test_p17_proof_is_good_for_five_minutes(with_a_password, address):
    session = with_a_password.session
    for age, status in ((290, 200), (310, 302)):
        session["signed_in_at"] = time.time() - age
        session.save()

        assert with_a_password.get(address).status_code == status


def test_there_is_nothing_to_see_once_they_have_withdrawn(researcher, met, address, by):
    erasure.withdraw(met, by=by)

    assert researcher.get(address).status_code == 404
    assert (
        reverse("research:participant", args=[met.round.team.slug, met.pk])
        not in researcher.get(met.get_absolute_url()).text
    )


@pytest.mark.parametrize("person", ["product_owner", "delivery_manager", "member", "service_lead", "administrator"])
def test_nobody_else_sees_it(request, address, person):
    assert request.getfixturevalue(person).get(address).status_code == 403
