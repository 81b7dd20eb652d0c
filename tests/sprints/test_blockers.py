"""The pages of blockers: the ledger, one blocker, what is escalated to me."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from sprints.models import Blocker, BlockerLimits
from teams.models import Change, Conflict
from tests.factories import MembershipFactory, owned_blocker, raised_blocker

pytestmark = pytest.mark.django_db
LEDGER = "/teams/housing/blockers/"


def at(verb, blocker):
    return f"{blocker.get_absolute_url()}{verb}/"


def older(blocker, days):
    then = timezone.now() - dt.timedelta(days)
    Blocker.objects.filter(pk=blocker.pk).update(raised_at=then, raised_on=then.date(), last_update_at=then)
    return blocker


@pytest.fixture
def asked(team, member, service_lead):
    """A blocker that waits for the service lead's answer."""
    blocker = owned_blocker(team, member.user, title="No figures for late letters")
    blocker.escalate(service_lead.user, "Release last year’s dates", timezone.localdate(), by=member.user)
    return blocker


def test_the_ledger_is_empty_and_says_what_it_is_for(team, member):
    page = member.get(LEDGER).text

    assert "Nothing is in the way." in page
    assert "Raise a blocker" in page


def test_the_ledger_shows_each_with_owner_age_and_next_step(team, member):
    old = older(owned_blocker(team, member.user, title="Rota team", risks_goal=True, waiting_on="Rota office"), 7)
    old.refresh_from_db()
    raised_blocker(team, member.user, title="No figures")

    page = member.get(LEDGER).text

    assert page.index("Needs an owner") < page.index("No figures") < page.index("Risks the sprint goal")
    assert re.search(rf"<b>{old.age_on(timezone.localdate())}</b>\s+working days", page)
    assert "Escalation due" in page and "Is this still blocked?" in page and "Rota office" in page
    assert "Somebody takes it" in page


def test_the_ledger_asks_as_often_however_many_there_are(team, member, at_most):
    for _ in range(12):
        owned_blocker(team, MembershipFactory(team=team).user)

    with at_most(9):
        member.get(LEDGER)


def test_filters_keep_to_what_is_mine_and_of_a_kind(team, member, researcher):
    owned_blocker(team, member.user, title="Mine", category="decision")
    owned_blocker(team, researcher.user, title="Theirs", category="supplier")

    assert "Theirs" not in member.get(LEDGER, {"whose": "mine"}).text
    assert "Mine" not in member.get(LEDGER, {"kind": "supplier"}).text
    assert "Mine" in member.get(LEDGER, {"kind": "nonsense"}).text


def test_one_that_is_raised_twice_by_the_same_form_is_one(team, member):
    sent = {"title": "No test data", "impact": "stops", "category": "access", "key": uuid.uuid4()}

    first, second = (member.post(f"{LEDGER}raise/", sent) for _ in range(2))

    blocker = team.blockers.get()
    assert first["Location"] == second["Location"] == blocker.get_absolute_url()
    assert (blocker.title, blocker.category, blocker.raised_by) == ("No test data", "access", member.user)


def test_a_blocker_without_a_title_is_asked_for_one_and_keeps_the_rest(team, member):
    response = member.post(f"{LEDGER}raise/", {"needed": "Two hours", "impact": "stops", "category": "other"})

    assert response.status_code == 422
    assert "Say what is in the way" in response.text and "Two hours" in response.text
    assert not team.blockers.exists()


def test_what_looks_like_a_person_is_saved_only_when_somebody_says_so(team, member):
    sent = {"title": "Call Mrs Jones back", "impact": "stops", "category": "other"}

    asked = member.post(f"{LEDGER}raise/", sent)
    assert asked.status_code == 422 and "This looks like a name (“Mrs Jones”)" in asked.text
    assert not team.blockers.exists()
    member.post(f"{LEDGER}raise/", sent | {"as_it_is": "on"})

    assert team.blockers.get().title == "Call Mrs Jones back"


def test_one_press_owns_it_and_comes_back_to_its_place_in_the_ledger(team, member, researcher):
    blocker = raised_blocker(team, researcher.user)

    response = member.post(at("take", blocker), {"from": "ledger"})

    blocker.refresh_from_db()
    assert blocker.owner == member.user
    assert response["Location"] == f"{LEDGER}#blocker-{blocker.number}"
    assert "You own it now" in member.get(LEDGER).text


def test_the_second_to_take_it_is_told_who_owns_it(team, member, researcher):
    blocker = owned_blocker(team, researcher.user)

    response = member.post(at("take", blocker))

    assert response.status_code == 422
    assert "User researcher owns it already" in response.text


def test_it_is_resolved_with_how_and_stays_in_the_ledger(team, member):
    blocker = owned_blocker(team, member.user)
    assert member.post(at("resolve", blocker), {"how": " "}).status_code == 422

    member.post(at("resolve", blocker), {"how": "They released both", "from": "ledger"})

    blocker.refresh_from_db()
    assert (blocker.state, blocker.how) == ("resolved", "They released both")
    assert "They released both" in member.get(LEDGER).text
    assert Change.objects.about(blocker).first().words == "resolved it: They released both"


def test_it_is_escalated_from_its_form(team, delivery_manager, member, service_lead):
    blocker = owned_blocker(team, member.user)
    facts = {"to": service_lead.user.pk, "ask": "Decide", "answer_by": timezone.localdate().isoformat()}

    response = delivery_manager.post(at("escalate", blocker), facts)

    blocker.refresh_from_db()
    assert response.status_code == 302
    assert (blocker.state, blocker.escalated_to, blocker.ask) == ("escalated", service_lead.user, "Decide")


@pytest.mark.parametrize(
    "change", [{"to": 99999999}, {"to": "x"}, {"answer_by": "2020-01-01"}, {"answer_by": "soon"}, {"ask": ""}]
)
def test_an_escalation_that_lacks_something_changes_nothing(team, member, service_lead, change):
    blocker = owned_blocker(team, member.user)
    facts = {"to": service_lead.user.pk, "ask": "Decide", "answer_by": timezone.localdate().isoformat()} | change

    assert member.post(at("escalate", blocker), facts).status_code == 422

    blocker.refresh_from_db()
    assert blocker.state == "owned"


def test_both_texts_are_shown_when_somebody_saved_first(team, member, product_owner):
    blocker = owned_blocker(team, member.user, title="Rota team")
    blocker.edit(by=product_owner.user, title="Rota office")

    facts = {"title": "Rota people", "impact": "stops", "category": "other", "version": blocker.version - 2}
    response = member.post(at("edit", blocker), facts)

    assert response.status_code == 409
    assert "Rota people" in response.text and "Rota office" in response.text
    blocker.refresh_from_db()
    assert blocker.title == "Rota office"


@pytest.fixture
def too_late(monkeypatch):
    """Whatever is resolved has just been changed."""

    def resolve(blocker, **_):
        raise Conflict

    monkeypatch.setattr(Blocker, "resolve", resolve)


def test_a_service_lead_who_comes_too_late_reads_nothing_of_the_history(asked, service_lead, too_late):
    asked.edit(by=asked.raised_by, title="Rota office, see Mrs Hallowby")

    response = service_lead.post(at("resolve", asked), {"how": "They released both"})

    assert response.status_code == 409 and "They released both" in response.text
    assert asked.raised_by.name not in response.text


def test_how_it_was_resolved_is_not_lost_when_it_came_too_late(team, member, too_late):
    blocker = owned_blocker(team, member.user)

    response = member.post(at("resolve", blocker), {"how": "They released both"})

    assert response.status_code == 409
    assert "The blocker was changed meanwhile" in response.text and "They released both" in response.text


def test_before_it_is_withdrawn_for_good_somebody_is_asked(team, member):
    blocker = Blocker.objects.add(team, by=member.user, title="No figures")
    key = re.search('name="key" value="([^"]+)"', page := member.get(at("withdraw", blocker)).text)[1]
    assert "cannot be brought back" in page
    assert Blocker.objects.get().state == "raised"

    response = member.post(at("withdraw", blocker), {"key": key}, follow=True)

    assert "The blocker is withdrawn" in response.text
    assert Blocker.objects.get().state == "withdrawn"


def test_an_update_is_said_once_and_counts_as_news(team, member):
    blocker = older(owned_blocker(team, member.user), 10)
    sent = {"text": "Rang the office again", "key": uuid.uuid4()}

    for _ in range(2):
        member.post(at("say", blocker), sent)

    blocker.refresh_from_db()
    assert [update.text for update in blocker.updates.all()] == ["Rang the office again"]
    assert blocker.quiet_on(timezone.localdate()) == 0


# --- Whom it is escalated to


def test_a_lead_sees_what_is_escalated_to_them_and_nothing_else(team, member, asked, service_lead):
    other = owned_blocker(team, member.user, title="Private matter")

    page = service_lead.get("/blockers/").text

    assert "Release last year’s dates" in page and "Private matter" not in page
    assert service_lead.get(asked.get_absolute_url()).status_code == 200
    assert service_lead.get(other.get_absolute_url()).status_code == 403
    assert service_lead.get(LEDGER).status_code == 403
    assert service_lead.get(f"{LEDGER}999/").status_code == 403


def test_a_lead_reads_no_history_and_nothing_said_before_they_were_asked(team, member, service_lead):
    blocker = owned_blocker(team, member.user)
    blocker.say("The rota office is hopeless", by=member.user)
    blocker.escalate(service_lead.user, "Decide", timezone.localdate(), by=member.user)
    blocker.say("We need it for Thursday", by=member.user)

    page = service_lead.get(blocker.get_absolute_url()).text

    assert "We need it for Thursday" in page
    assert "hopeless" not in page and "took it" not in page


@pytest.mark.parametrize(
    ("verb", "words", "state"),
    [("resolve", {"how": "Released"}, "resolved"), ("hand-back", {"answer": "Ask legal"}, "owned")],
)
def test_a_lead_resolves_it_or_hands_it_back(asked, service_lead, verb, words, state):
    response = service_lead.post(at(verb, asked), words)

    asked.refresh_from_db()
    assert asked.state == state
    assert response["Location"] == "/blockers/"


def test_whom_to_ask_is_named_with_what_they_lead(team, member, service_lead):
    blocker = owned_blocker(team, member.user)

    page = member.get(at("escalate", blocker)).text

    assert f"{service_lead.user.name}, {service_lead.user.led_services.get().service.name}</option>" in page
    assert f"{member.user.name}</option>" in page


def test_handed_back_it_is_the_teams_alone_again(asked, service_lead):
    asked.hand_back("Ask legal", by=service_lead.user)

    late = service_lead.get(asked.get_absolute_url())
    assert late.status_code == 403 and "What you handed back" in late.text
    assert "What you handed back" in service_lead.get(f"{LEDGER}99/").text  # what does not exist looks the same
    assert "Nobody is waiting for you." in service_lead.get("/blockers/").text


@pytest.mark.parametrize("verb", ["edit", "take", "assign", "escalate", "withdraw", "reopen", "still"])
def test_a_lead_does_nothing_else_with_it(asked, service_lead, verb):
    assert service_lead.post(at(verb, asked)).status_code == 403


def test_an_outsider_learns_nothing(asked, outsider):
    assert outsider.get(asked.get_absolute_url()).status_code == 404
    assert outsider.post(at("resolve", asked), {"how": "x"}).status_code == 404


def test_an_archived_team_keeps_its_blockers_as_they_are(team, asked, service_lead, member, product_owner):
    team.archive(by=product_owner.user)

    assert member.get(asked.get_absolute_url()).status_code == 200
    assert service_lead.post(at("resolve", asked), {"how": "x"}).status_code == 403
    assert member.post(at("resolve", asked), {"how": "x"}).status_code == 403


# --- Limits and reports


def test_a_team_chooses_when_it_is_reminded(team, delivery_manager):
    form = delivery_manager.get(f"{LEDGER}limits/").text
    assert not BlockerLimits.objects.exists() and 'value="5"' in form

    facts = {"ageing": 1, "escalate": 3, "escalate_goal": 1, "quiet": 2, "version": 1}
    response = delivery_manager.post(f"{LEDGER}limits/", facts)

    assert response.status_code == 302
    assert "Ageing at 1; escalation due at 3" in delivery_manager.get(LEDGER).text


@pytest.mark.parametrize("days", ["0", "61", "x", "9" * 30])
def test_limits_are_days_within_reason(team, delivery_manager, days):
    facts = {"ageing": days, "escalate": 3, "escalate_goal": 1, "quiet": 2, "version": 1}

    assert delivery_manager.post(f"{LEDGER}limits/", facts).status_code == 422


def test_the_report_adds_up_days_lost_by_whom_we_wait_on(team, member):
    older(owned_blocker(team, member.user, waiting_on="Rota office"), 7)
    done = older(owned_blocker(team, member.user, waiting_on="rota  office", category="decision"), 7)
    done.refresh_from_db()
    done.resolve("Released", by=member.user)

    page = member.get(f"{LEDGER}report/").text

    lost = 2 * done.age_on(timezone.localdate())
    assert re.search(rf"Rota office</th>.*?</span>{lost}</td>.*?</span>2</td>.*?</span>1</td>", page, re.DOTALL)
    assert "Decision" in page and member.user.name not in page.partition("<main")[2]


def test_the_programme_sees_figures_of_all_teams_and_words_of_none(team, member):
    other = MembershipFactory(team__programme=team.programme, team__name="Bereavement")
    owned_blocker(other.team, other.user, title="Private matter", waiting_on="Design team")
    address = reverse("sprints:programme_blockers", args=[team.programme.slug])

    page = member.get(address).text

    assert "Design team" in page and "Bereavement" in page and "Private matter" not in page


@pytest.mark.parametrize(("reader", "status"), [("service_lead", 403), ("administrator", 403), ("outsider", 404)])
def test_the_programmes_report_is_for_its_teams(request, team, reader, status):
    address = reverse("sprints:programme_blockers", args=[team.programme.slug])

    assert request.getfixturevalue(reader).get(address).status_code == status
