"""A sprint of ten working days in a browser, across Easter and the change of the clocks, with scripts and without.

Whatever its pages say is added up again from the history that people read there.
"""

import datetime as dt
import re
from contextlib import contextmanager
from functools import partial
from operator import itemgetter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import expect

from tests.factories import TeamFactory, ready_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONDON = ZoneInfo("Europe/London")
HERE = "/teams/bereavement/sprints/1/"
# Good Friday is 26 March, the clocks go forward on the 28th, Easter Monday is the 29th.
DAYS = [dt.date(2027, 3, day) for day in (18, 19, 22, 23, 24, 25, 30, 31)] + [dt.date(2027, 4, 1), dt.date(2027, 4, 2)]
# By hand:     start  1   2   3   4   5   6   7   8   9  10
SCOPE = [14, 14, 14, 17, 17, 17, 17, 18, 13, 13, 13]
DONE = [0, 0, 3, 3, 3, 3, 3, 8, 8, 8, 11]
MOMENT = re.compile(r"\d+:\d+[ap]m on (?P<day>\d+ \w+ \d{4})")


@pytest.fixture
def team(db):
    return TeamFactory(name="Bereavement", slug="bereavement", prefix="BER")


@pytest.fixture
def stories(team, product_owner):
    with at("2027-03-17T10:00"):
        return [ready_story(team, product_owner.user, points=points) for points in (3, 5, 1, 5, 3)]


@contextmanager
def at(moment):
    with time_machine.travel(dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON)):
        yield


class Person:
    """Somebody in front of a browser, at whatever time the clock shows: sessions do not last from day to day."""

    def __init__(self, visit, client, scripts):
        self.client, self.page, self.scripts = client, visit(client), scripts
        [self.cookie] = self.page.context.cookies()

    @contextmanager
    def at(self, moment):
        with at(moment):
            self.client.cookies.clear()  # yesterday's session has ended
            self.client.force_login(self.client.user)
            session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
            self.page.context.add_cookies([self.cookie | {"value": session}])
            yield self
            self.page.goto("about:blank")  # a board that is left open asks for news at whatever time it then is

    def press(self, name):
        self.page.get_by_role("button", name=name).click()

    def moves(self, story, *columns):
        for column in columns:
            self.menu(story, column) if self.scripts else self.form(story, column)
            expect(self.page.locator("#said")).to_contain_text(f"{story.reference} moved to {column}")

    def menu(self, story, column):
        self.page.goto(HERE)
        self.page.locator(f"[data-card={story.reference}]").get_by_role("link", name="Move").click()
        self.page.get_by_role("dialog").get_by_role("button", name=column, exact=True).click()

    def form(self, story, column):
        self.page.goto(f"{HERE}cards/{story.reference}/move/")
        self.page.get_by_text(column, exact=True).click()
        self.press("Move it")

    def changes_scope(self, story, verb, why):
        self.page.goto(f"{HERE}plan/")
        side = self.page.locator("form.side").filter(has_text=f"{verb} the selected")
        side.get_by_label("Why does the scope change?").fill(why)
        self.press(f"{verb} {story.reference}")

    def resizes(self, story, points):
        self.page.goto(f"{story.get_absolute_url()}edit/")
        self.page.get_by_label("Size").select_option(str(points))
        self.press("Save")

    def accepts(self, story):
        self.page.goto("/teams/bereavement/sign-off/")
        self.page.get_by_label("The next three steps stand first").check()
        if not self.scripts:
            self.press("Save the ticks")
        self.page.get_by_text("1 of 1 ticked").wait_for()
        self.press("Accept")
        self.page.get_by_text(f"{story.reference} is now “Done”").wait_for()

    def stands_up(self, day):
        self.page.goto("/teams/bereavement/standup/")
        self.page.get_by_label("What are you going to do today?").fill(f"What is next on day {day}")
        self.page.get_by_text("Nothing is blocking me").click()
        self.press("Post stand-up")
        self.page.get_by_text("Your stand-up is posted").wait_for()


@pytest.fixture
def people(visit, scripts, product_owner, member):
    return Person(visit, product_owner, scripts), Person(visit, member, scripts)


def test_a_sprint_of_ten_days_is_lived_and_adds_up(people, stories, axe, visit):
    owner, worker = people
    plan(owner, stories)
    work(owner, worker, stories)
    with owner.at("2027-04-02T17:30"):
        owner.page.goto(HERE)
        expect(owner.page.locator("#head")).to_contain_text("Day 10 of 10")
        assert burndown_on(owner.page) == by_hand()
        close(owner, stories)
        adds_up(owner, axe)
    with owner.at("2027-05-20T10:00"):
        owner.resizes(stories[2], 8)  # it was not done, and counted 2 then
        owner.page.goto(HERE)
        assert burndown_on(owner.page) == by_hand()
        assert kept(owner.page) == {"Committed at the start": 14, "Scope at the end": 13, "Done": 11, "Not done": 2}
    assert visit.trouble == []


def plan(owner, stories):
    with owner.at("2027-03-17T15:00"):
        owner.page.goto("/teams/bereavement/sprints/new/")
        owner.page.get_by_label("Sprint goal").fill("People find their next three steps")
        owner.page.get_by_label("First day").fill("2027-03-18")
        owner.page.get_by_label("Last day").fill("2027-04-02")
        owner.press("Plan it")
        for story in stories[:4]:
            owner.page.get_by_label(f"Select {story.reference}").check()
        owner.press("Pull in the selected")
        expect(owner.page.locator(".kept")).to_contain_text("14 points")
        expect(owner.page.locator(".kept")).to_contain_text("20 person-days")  # of two people: Easter is none
    with owner.at("2027-03-18T09:30"):
        owner.page.goto(f"{HERE}start/")
        owner.press("Start the sprint")
        expect(owner.page.locator("#head")).to_contain_text("Day 1 of 10")


def work(owner, worker, stories):
    """Whoever reads SCOPE and DONE from left to right finds each of their changes here."""
    a, b, c, d, late = stories
    happens = [(f"{day}T09:35", worker, partial(worker.stands_up, number)) for number, day in enumerate(DAYS, 1)]
    happens += [
        ("2027-03-18T10:00", worker, partial(worker.moves, a, "In progress", "Ready for sign-off")),
        ("2027-03-19T23:50", owner, partial(owner.accepts, a)),  # day 2, in its last minutes
        ("2027-03-20T10:00", owner, partial(owner.changes_scope, late, "Pull in", "A carer asked for it")),  # Saturday
        ("2027-03-28T02:30", worker, partial(worker.moves, b, "Ready for sign-off")),  # of an hour left out: day 7
        ("2027-03-29T12:00", owner, partial(owner.accepts, b)),  # Easter Monday: day 7
        ("2027-03-29T12:30", owner, partial(owner.resizes, c, 2)),
        ("2027-03-31T11:00", owner, partial(owner.changes_scope, late, "Take out", "It can wait after all")),
        ("2027-03-31T11:30", owner, partial(owner.resizes, d, 3)),
        ("2027-04-01T23:50", worker, partial(worker.moves, d, "Ready for sign-off")),  # day 9
        ("2027-04-02T16:00", owner, partial(owner.accepts, d)),  # the last day
    ]
    for moment, person, act in sorted(happens, key=itemgetter(0)):
        with person.at(moment):
            act()


def close(owner, stories):
    owner.page.goto(f"{HERE}close/")
    owner.page.get_by_text("Partly met", exact=True).click()
    owner.page.get_by_label("Why, in a sentence").fill("The printed pack is still to come")
    owner.page.get_by_text("The story backlog", exact=True).click()  # only one is left
    owner.press("Close the sprint")
    expect(owner.page.locator(".verdict")).to_contain_text("Goal partly met")


def by_hand():
    return [(scope, done, scope - done) for scope, done in zip(SCOPE, DONE, strict=True)]


def burndown_on(page):
    page.locator("#burndown summary").click()
    rows = page.locator("#burndown tbody tr").all()
    return [tuple(int(cell.split()[0]) for cell in row.locator("td").all_inner_texts()[1:]) for row in rows]


def kept(page):
    pairs = zip(page.locator(".kept dt").all_inner_texts(), page.locator(".kept dd").all_inner_texts(), strict=True)
    return {name: int(words.split()[0]) for name, words in pairs}


def adds_up(owner, axe):
    """Every figure of the closed sprint from the lines of its history and nothing else."""
    page = owner.page
    axe(page)
    shown, sums = burndown_on(page), kept(page)
    caption = page.locator("#burndown figcaption").inner_text()
    rows = [row.locator("td, th").all_inner_texts() for row in page.locator("table[role=table] tbody tr").all()]
    page.get_by_role("link", name="How these figures came about").click()
    axe(page)
    lines = lines_on(page)

    sealed = [scope for _, what, scope, _ in lines if what == "Committed at the start"]
    days = [number_of(day) if what != "Committed at the start" else 0 for day, what, _, _ in lines]
    scope = [sum(line[2] for line, day in zip(lines, days, strict=True) if day <= upto) for upto in range(11)]
    done = [sum(line[3] for line, day in zip(lines, days, strict=True) if day <= upto) for upto in range(11)]
    assert shown == [(one, other, one - other) for one, other in zip(scope, done, strict=True)] == by_hand()
    assert sums == {
        "Committed at the start": sum(sealed),
        "Scope at the end": scope[-1],
        "Done": done[-1],
        "Not done": scope[-1] - done[-1],
    }
    assert f"{done[-1]} of {scope[-1]} points done" in caption
    assert sum(int(row[2].split()[-1]) for row in rows) == scope[-1]
    assert sum(int(row[2].split()[-1]) for row in rows if row[4].endswith("Done")) == done[-1]
    page.goto("/teams/bereavement/sprints/")
    axe(page)
    expect(page.locator("main")).to_contain_text(f"{done[-1]} points")


def lines_on(page):
    """(date, what, scope by, done by) of each line of the history."""
    found = []
    for row in page.locator("table.dense tbody tr").all():
        when, _, what, _, scope_by, done_by, *_ = row.locator("td, th").all_inner_texts()
        day = dt.datetime.strptime(MOMENT.fullmatch(when)["day"], "%d %B %Y").date()
        found.append((day, what, int(scope_by or 0), int(done_by or 0)))
    return found


def number_of(day):
    """The working day that somebody with a calendar in hand would count it for."""
    return 1 + next(number for number, one in enumerate(DAYS) if one >= day)
