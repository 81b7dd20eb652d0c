"""What a digest says (domain.md §4)."""

import datetime as dt
import re

import pytest

from backlog.models.story_states import StoryState
from sprints.digest import Digest
from sprints.digest_letter import write
from sprints.models import DigestRun
from sprints.morning import send_due
from sprints.situation import digest_of
from teams.writing import as_bytes
from tests.factories import MembershipFactory, owned_blocker, planned_sprint, raised_blocker, story_in
from tests.sprints.mornings import FRIDAY, MONDAY, TUESDAY, at, digests, during, raised


def says(team, day=MONDAY):
    return digest_of(team, day, at(day))


def headings(digest):
    return [(section.heading, [line.title for line in section.lines]) for section in digest.sections]


def text_of(digest, team):
    return write(digest, team).text


@pytest.fixture
def owner(delivery_manager):
    return delivery_manager.user


def test_sections_come_in_order_and_each_blocker_once(team, member, owner, service_lead):
    by = member.user
    raised(team, by, title="Other", owner=owner)
    escalated = raised(team, by, title="Asked for", owner=owner)
    risky = raised(team, by, title="Risky and asked for", owner=owner, risks_goal=True)
    raised(team, by, title="Nobody’s", risks_goal=True)
    gone = raised(team, by, title="Gone", owner=owner)
    with during(FRIDAY, 15):
        for one in (escalated, risky):
            one.escalate(service_lead.user, "Decide", MONDAY, by=owner)
        gone.resolve("They answered", by=owner)

    assert headings(says(team)) == [
        ("Needs an owner", ["Nobody’s"]),
        ("Risks the sprint goal", ["Risky and asked for"]),
        ("Escalated", ["Asked for"]),
        ("Other open blockers", ["Other"]),
        ("Resolved since the last digest", ["Gone"]),
    ]
    assert "Escalated to Service lead since 20 November 2026" in text_of(says(team), team)
    assert says(team).subject == "Housing: 4 blockers, 2 risk the sprint goal – Monday 23 November"


@pytest.mark.parametrize(
    ("blockers", "subject"),
    [
        ([{}], "Housing: 1 blocker – Monday 23 November"),
        ([{"risks_goal": True}, {}, {}], "Housing: 3 blockers, 1 risks the sprint goal – Monday 23 November"),
    ],
)
def test_the_subject_says_how_many(team, member, blockers, subject):
    for fields in blockers:
        raised(team, member.user, **fields)

    assert says(team).subject == subject


def test_ages_are_working_days(team, member, owner):
    for day, title in ((dt.date(2026, 11, 17), "Old"), (FRIDAY, "Friday"), (MONDAY, "Today")):
        with during(day, 7):
            owned_blocker(team, member.user, owner, title=title)
    team.close(dt.date(2026, 11, 19), dt.date(2026, 11, 19), "Away day", by=owner)

    [section] = says(team).sections
    assert [line.facts.split(".")[0] for line in section.lines] == [
        "Open for 3 working days", "Open for 1 working day", "New today",
    ]  # fmt: skip


def test_a_line_names_the_story_that_is_held_up(team, member, product_owner):
    with during(FRIDAY):
        story = story_in(StoryState.IN_PROGRESS, team, product_owner.user)
        raised_blocker(team, member.user, story=story)

    assert f"Open for 1 working day. Nobody owns it. Holds up {story.reference}\n" in text_of(says(team), team)


def test_new_and_resolved_are_counted_from_the_last_digest_not_from_yesterday(team, member, owner):
    first = raised(team, member.user, title="Before", owner=owner)
    with during(FRIDAY, 8):
        raised_early = owned_blocker(team, member.user, owner, title="Early")
    send_due(at(FRIDAY, 8, 40))
    with during(FRIDAY, 17):
        first.resolve("Done", by=owner)
        owned_blocker(team, member.user, owner, title="After")

    still, gone = says(team).sections
    assert [(line.title, line.is_new) for line in still.lines] == [("Early", False), ("After", True)]
    assert [line.title for line in gone.lines] == ["Before"]
    assert raised_early.is_open


def test_a_morning_without_a_digest_does_not_swallow_news(team, member, owner):
    """Since the last one that was sent: a skipped or missed one told nobody anything."""
    send_due(at(FRIDAY))
    blocker = raised(team, member.user, on=FRIDAY, owner=owner)
    DigestRun.objects.create(team=team, on=MONDAY, state="missed", why="Late", cut_off=at(MONDAY, 11), made_by="a" * 32)
    with during(MONDAY, 9):
        blocker.resolve("Done", by=owner)

    assert DigestRun.objects.on(FRIDAY).get().state == "skipped"
    assert [heading for heading, _ in headings(says(team, TUESDAY))] == ["Resolved since the last digest"]
    assert says(team, TUESDAY).subject == "Housing: no open blockers, 1 resolved – Tuesday 24 November"


def test_what_happens_while_it_is_made_is_for_the_next_one(team, member, owner):
    before = raised(team, member.user, title="Before", owner=owner)
    with during(MONDAY, 8, 31):
        before.resolve("Just now", by=owner)
        owned_blocker(team, member.user, owner, title="Later")

    assert headings(says(team)) == [("Other open blockers", ["Before"])]


def test_the_blocker_of_somebody_who_left_needs_an_owner(team, member, owner, administrator):
    leaver = MembershipFactory(team=team)
    raised(team, member.user, title="Left behind", owner=leaver.user)
    leaver.leave(by=administrator.user)

    assert headings(says(team)) == [("Needs an owner", ["Left behind"])]
    assert "Nobody owns it" in text_of(says(team), team)


def test_withdrawn_ones_are_not_spoken_of(team, member):
    blocker = raised(team, member.user)
    with during(FRIDAY, 16):
        blocker.withdraw(by=member.user)

    assert says(team).is_empty


def test_at_fifteen_it_stops_and_links_to_the_rest(team, member):
    for number in range(17):
        raised(team, member.user, title=f"Blocker {number}")

    digest = says(team)
    assert [len(section.lines) for section in digest.sections] == [15]
    assert "And 2 more: http://localhost:8000/teams/housing/blockers/\n" in text_of(digest, team)
    assert digest.subject.startswith("Housing: 17 blockers")


def test_the_sprint_comes_first(team, member, product_owner):
    raised(team, member.user)
    with during(dt.date(2026, 11, 16)):
        sprint = planned_sprint(
            team, product_owner.user, starts_on=dt.date(2026, 11, 16), goal="Know what to fix first"
        )
    type(sprint).objects.update(state="active", started_at=at(FRIDAY), started_by=member.user, sealed_goal="Know")

    text = text_of(says(team), team)
    assert text.startswith(
        "Housing, Monday 23 November 2026\n\nSprint 1 · day 6 of 10\nGoal: Know what to fix first\n\nNEEDS AN OWNER\n"
    )


def test_stories_waiting_for_sign_off_come_last(team, member, product_owner):
    raised(team, member.user)
    with during(FRIDAY):
        story = story_in(StoryState.SIGN_OFF, team, member.user, title="Log out button")

    digest = says(team)
    assert [(aside.heading, [line.title for line in aside.lines]) for aside in digest.asides] == [
        ("Waiting for sign-off", [f"{story.reference} Log out button"])
    ]
    text = text_of(digest, team)
    assert text.index("NEEDS AN OWNER") < text.index("WAITING FOR SIGN-OFF")


def test_sign_offs_alone_are_no_reason_for_a_letter(team, member):
    with during(FRIDAY):
        story_in(StoryState.SIGN_OFF, team, member.user)

    assert says(team).is_empty


def test_the_plain_text_has_everything_the_html_has(team, member, owner):
    raised(team, member.user, title="No figures for late offer letters & no <b>reply</b>", owner=owner)
    send_due(at(MONDAY))
    letter = digests()[0]

    words = re.sub(r"<[^>]+>", " ", letter.html.replace("&lt;", "(").replace("&gt;", ")").replace("&amp;", "&"))
    for piece in (
        "Other open blockers",
        "No figures for late offer letters &",
        "Owner: Delivery manager",
        "Unsubscribe",
    ):
        assert piece in words
        assert piece.upper() in letter.text.upper()
    links = [link for link in re.findall(r'href="([^"]+)"', letter.html)]
    assert links and all(link in letter.text for link in links)


def test_the_html_has_a_language_and_headings_and_nothing_that_calls_home(team, member):
    raised(team, member.user, title="<img src=https://evil.example/x>")
    send_due(at(MONDAY))
    html = digests()[0].html

    assert html.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert "<h1>" in html and "<h2>Needs an owner</h2>" in html
    assert not re.search(r"<(img|script|style|link|iframe|object|input)\b|<[^>]+\s(src|style|background)=", html)
    assert all(link.startswith("http://localhost:8000/") for link in re.findall(r'href="([^"]+)"', html))


def test_the_html_is_as_wide_as_the_phone_it_is_read_on(team, member):
    raised(team, member.user)
    send_due(at(MONDAY))

    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in digests()[0].html


def test_the_headings_on_the_wire(team, member, settings):
    settings.REPLY_TO_EMAIL = "help@ambleford.example"
    raised(team, member.user)
    send_due(at(MONDAY))

    head = as_bytes(digests()[0]).partition(b"\r\n\r\n")[0].decode()
    unfolded = re.sub(r"\r\n\s+", " ", head)
    assert "\r\nReply-To: help@ambleford.example" in unfolded
    assert "\r\nAuto-Submitted: auto-generated" in unfolded
    assert "\r\nList-Id: <housing.digest.localhost>" in unfolded
    assert "\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click" in unfolded
    assert re.search(r"\r\nList-Unsubscribe: +<http://localhost:8000/unsubscribe/[\w:-]+/>, <mailto:help@", unfolded)


def test_a_frozen_digest_thaws_to_the_same(team, member, owner):
    raised(team, member.user, owner=owner)
    digest = says(team)

    assert Digest.thawed(digest.frozen()) == digest


def test_a_name_that_tries_to_be_a_heading_stays_in_its_line(team, member):
    team.name = "Housing\r\nBcc: eve@evil.example"
    team.save(update_fields=["name"])
    raised(team, member.user)
    send_due(at(MONDAY))

    assert b"\nbcc" not in as_bytes(digests()[0]).partition(b"\r\n\r\n")[0].lower()
