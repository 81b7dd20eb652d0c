"""Twice as much research asks the database no more often, on every page that lists any of it."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backlog.models import Journey
from research import evidence, merging, spawn
from research.models import Finding, FindingState
from research.views import analysis, findings
from tests.factories import ready_opportunity
from tests.research.making import a_finding, a_round, a_session, noted

pytestmark = pytest.mark.django_db
NEXT = re.compile(r'<a href="([^"]+)" rel="next">Next findings</a>')


@pytest.fixture
def stage(team):
    journey = Journey.objects.create(team=team, name="Being a tenant", slug="being-a-tenant")
    return journey.stages.create(name="Signing up", position=1)


@pytest.fixture
def opportunity(team, by):
    return ready_opportunity(team, by)


@pytest.fixture
def grow(team, round_, by, stage, opportunity):
    """One of everything more: a round, a session, notes, findings, what came of them, and what was merged."""
    first = a_finding(round_, by)

    def more(number):
        a_round(team, by)
        one, other, third = noted(a_session(round_, by), by, "First thing", f"Second {number}", "Third thing")
        finding = a_finding(round_, by, one, other, stage=stage)
        finding.agree(by=by)
        a_finding(round_, by, third).agree(by=by)  # nothing came of it
        evidence.link(finding, opportunity, by=by)
        evidence.group(first, [other], by=by)
        spawn.from_finding(finding, "story", f"Story {number}", by=by)
        spawn.from_observation(one, "bug", f"Bug {number}", by=by)
        merging.merge(a_finding(round_, by, other), Finding.objects.get(pk=first.pk), by=by)
        return first

    return more


def pages(finding, opportunity):
    team, round_ = finding.team, finding.round
    session = round_.sessions.first()
    yield from (reverse(f"research:{name}", args=[team.slug]) for name in ("rounds", "findings", "gaps"))
    yield from (reverse(f"research:{name}", args=[team.slug, round_.pk]) for name in ("round", "analysis"))
    yield from (reverse(f"research:{name}", args=[team.slug, session.pk]) for name in ("session", "withdraw"))
    yield from (reverse(f"research:{name}", args=[team.slug, finding.pk]) for name in ("finding", "split_finding"))
    yield reverse("research:opportunity_thread", args=[opportunity.reference])
    yield reverse("research:programme_findings", args=[team.programme.slug])
    yield reverse("research:findings", args=[team.slug]) + "?q=agreement"
    yield "/teams/housing/journeys/being-a-tenant/"
    yield opportunity.get_absolute_url()


def counts(client, addresses):
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, address
        yield address, len(asked)


def test_every_page_asks_as_often_for_twice_as_much(researcher, opportunity, grow):
    for number in range(2):
        first = grow(number)
    addresses = list(pages(first, opportunity))
    before = dict(counts(researcher, addresses))
    for number in range(2, 4):
        grow(number)

    assert dict(counts(researcher, addresses)) == before


@pytest.fixture
def five(round_, by, stage, monkeypatch):
    """Findings of as many statements, agreed one after the other, two to a page."""
    monkeypatch.setattr(findings, "MOST", 2)
    return [
        Finding.objects.create(
            team=round_.team, round=round_, created_by=by, statement=f"Learned {number}", people=number % 3,
            state=FindingState.AGREED, agreed_by=by, agreed_at=timezone.now(), stage=stage if number else None,
        )
        for number in range(5)
    ]  # fmt: skip


def learned(page):
    return [int(number) for number in re.findall(r"Learned (\d)", page.text)]


@pytest.mark.parametrize(("name", "order"), [("findings", [2, 1, 4, 0, 3]), ("programme_findings", [4, 3, 2, 1, 0])])
def test_every_finding_is_reached_page_by_page(member, five, team, name, order):
    place = team.slug if name == "findings" else team.programme.slug
    address, seen = reverse(f"research:{name}", args=[place]), []
    while address:
        page = member.get(address)
        seen += learned(page)
        more = NEXT.search(page.text)
        address = more and unescape(more[1])

    assert seen == order


def test_every_note_is_reached_page_by_page_one_session_after_the_other(researcher, round_, by, monkeypatch):
    monkeypatch.setattr(analysis, "PAGE", 2)
    one, other = a_session(round_, by), a_session(round_, by)
    for number, session in enumerate([one, other, one, other, one]):
        noted(session, by, f"Noted {number}")
    address, seen = reverse("research:analysis", args=[round_.team.slug, round_.pk]), []

    while address:
        page = researcher.get(address).text
        seen += re.findall(r'id="words-\d+">“Noted (\d)”', page)
        more = re.search(r'<a\s+href="([^"]+)" rel="next">Next notes</a>', page)
        address = more and unescape(more[1])

    assert seen == ["0", "2", "4", "1", "3"]


@pytest.mark.parametrize("after", ["0", "x", "9" * 30, "²", ""])
def test_a_page_after_nothing_is_the_first(member, five, team, after):
    page = member.get(reverse("research:findings", args=[team.slug]), {"after": after})

    assert learned(page) == [2, 1]


def test_a_full_stage_of_the_map_leads_on_to_all_of_it(member, five, team, stage, monkeypatch):
    monkeypatch.setattr("research.thread.MOST_PAINS", 3)
    everything = f"/teams/housing/research/findings/?kind=pain_point&amp;stage={stage.pk}"

    page = member.get("/teams/housing/journeys/being-a-tenant/").text

    assert "All 4 pain points at Signing up" in page and everything in page
    assert "Learned 3" not in page
    assert learned(member.get(unescape(everything))) == [2, 1]
