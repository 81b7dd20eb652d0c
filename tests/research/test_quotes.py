"""Quotes that may be read outside the team: with consent, marked by the researcher, never of a sensitive subject."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from research import evidence
from research.models import Consent, Scope
from tests.factories import ready_opportunity
from tests.research.making import a_finding, a_session, noted

pytestmark = pytest.mark.django_db
SAID = "I signed where they pointed"


@pytest.fixture
def quote(team, round_, by):
    session = a_session(round_, by, user_group="New tenant")
    (quote,) = noted(session, by, SAID)
    evidence.link(a_finding(round_, by, quote), ready_opportunity(team, by), by=by)
    return quote


def mark(client, quote, safe="yes"):
    url = reverse("research:share_observation", args=[quote.session.round.team.slug, quote.session_id, quote.pk])
    return client.post(url, {"safe": safe})


def seen_by(client, quote):
    opportunity = quote.findings.get().opportunities.get()
    return SAID in client.get(opportunity.get_absolute_url()).text


def test_a_quote_is_shown_by_user_group_once_it_is_marked(researcher, member, quote):
    assert not seen_by(member, quote)

    mark(researcher, quote)

    page = member.get(quote.findings.get().opportunities.get().get_absolute_url()).text
    assert f"“{SAID}”" in page and "New tenant" in page
    assert not re.search(r"\bP1\b", page), "as a word: two letters stand in one token of a hundred too"


def test_it_is_taken_back_and_when_it_is_rewritten_too(researcher, member, quote, by):
    mark(researcher, quote)
    mark(researcher, quote, safe="no")
    assert not seen_by(member, quote)

    mark(researcher, quote)
    quote.refresh_from_db()
    quote.edit(by=by, kind="said", text=SAID)
    assert not seen_by(member, quote)


def test_the_thread_shows_it_without_the_code_to_those_who_read_no_notes(researcher, member, quote):
    mark(researcher, quote)
    opportunity = quote.findings.get().opportunities.get()

    page = member.get(reverse("research:opportunity_thread", args=[opportunity.reference])).text

    assert SAID in page and "Safe to share" in page


def test_without_consent_to_be_quoted_it_cannot_be_marked(researcher, quote, by):
    today = timezone.localdate()
    quote.session.record_consent(Consent.GIVEN, by=by, on=today, how="signed", scopes=[Scope.NOTES])

    page = mark(researcher, quote)

    assert page.status_code == 422 and "has not agreed to be quoted" in page.text


def test_taking_back_the_scope_takes_back_the_mark(researcher, member, quote, by):
    mark(researcher, quote)
    today = timezone.localdate()
    for scopes in ([Scope.NOTES], [Scope.NOTES, Scope.QUOTES]):
        quote.session.refresh_from_db()
        quote.session.record_consent(Consent.GIVEN, by=by, on=today, how="signed", scopes=scopes)

    assert not seen_by(member, quote)


def test_of_a_sensitive_subject_nobody_is_quoted(researcher, member, quote, round_, by):
    mark(researcher, quote)
    round_.edit(by=by, sensitive=True)

    assert not seen_by(member, quote)
    assert "the subject of this round is sensitive" in mark(researcher, quote).text.lower()


def test_only_the_researcher_marks(product_owner, quote):
    assert mark(product_owner, quote).status_code == 403


# --- A group shares a code, and counts as many as came


def test_a_group_counts_as_many_as_came(team, round_, by, researcher):
    group = a_session(round_, by, people=5, user_group="New tenant", access_needs=["seeing"])
    one = a_session(round_, by)
    finding = a_finding(round_, by, *noted(group, by, "We all signed", "And nobody asked"), *noted(one, by, SAID))

    finding.refresh_from_db()
    assert finding.people == 6
    page = researcher.get(round_.get_absolute_url()).text
    assert "6 people so far: 5 with access needs" in page and "group of 5" in page


def test_more_came_than_were_planned(researcher, round_, by):
    group = a_session(round_, by, people=2)
    finding = a_finding(round_, by, *noted(group, by, SAID))
    group.refresh_from_db()
    url = reverse("research:edit_session", args=[round_.team.slug, group.pk])
    facts = {"starts_at": "27/3/2027 14:00", "how_met": "in_person", "version": group.version}

    assert researcher.post(url, facts | {"people": 4}).status_code == 302
    assert researcher.post(url, facts | {"people": 0, "version": group.version + 1}).status_code == 422

    finding.refresh_from_db()
    assert finding.people == 4
