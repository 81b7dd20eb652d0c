"""Every page of the product in the demo, each once for a person who may see it: wide, in the dark, and narrow."""

import csv
import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from django.urls import resolve, reverse

from research.models import PlaybackItem, PlaybackState
from sprints.models import Blocker
from teams.models import User
from tests.doors.test_roles import TABLE
from tests.people import signed_in

from .conftest import RULES

REVIEW = "/teams/bereavement/reviews/new/"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = {  # where each begins, and which pages have links for them that others do not see
    "imani@ambleford.example": (["/", "/search/?q=repairs", "/mail/", "/stories/BER-11/split/", REVIEW], ""),
    "sunita@ambleford.example": (["/", "/teams/bereavement/research/", "/teams/housing/research/"], "research"),
    "corin@ambleford.example": (["/", "/teams/housing/"], "^$|^teams/<team>/$|settings|people|digest|blockers|standup"),
    "odette@ambleford.example": (["/", "/setup/next/"], "^$|^setup|^programmes|^teams/<team>/$|settings|people"),
    "glyn@ambleford.example": (["/"], "^$|^blockers|hand-back"),
}
LISTEN = """addEventListener("securitypolicyviolation",
    (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`))"""
NARROW = ["target-size", "scrollable-region-focusable", "label", "link-name", "button-name"]  # what a width may change
MORE_OF_THE_SAME = [["tbody tr:nth-child(n+5)"], [".history > li:nth-child(n+4)"], [".stages > li:nth-child(n+3)"]]
NO_PAGE = re.compile(r"\.csv|\.xlsx|^health/|/news/$|/preview/$|/alike/$|/row/$|^account/logout|/pdf/$|/text/$")
# Whoever follows links does not come by: walked by journeys of their own.
ONLY_SOMETIMES = re.compile(
    r"^\^?account/|^invitations/|^p/|^unsubscribe/|^setup/$|import/<int:pk>/|/would/$|/editions/|/erase/$|<int:finding>/split"
)


@pytest.fixture
def page(browser, live_server, settings):
    """A page that writes down in `page.trouble` what goes wrong on it."""
    settings.DEMO = True
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.trouble = []
    page.on("console", lambda said: page.trouble.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: page.trouble.append(str(error)))
    yield page
    context.close()


def test_every_page_that_a_link_leads_to(page, live_server, settings):
    """Each pattern once, at the first address that a link names; and no page that no link leads to."""
    call_command("demo", verbosity=0)
    more = {"imani@ambleford.example": [all_answers()], "corin@ambleford.example": [raised_blocker()]}
    seen, found = set(), []

    for email, (begin, follow) in PEOPLE.items():
        session = signed_in(User.objects.get(email=email)).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        found += walk(page, [*begin, *more.get(email, [])], re.compile(follow), seen)

    assert not found, "\n".join(found)
    assert pages_of_the_table() - seen == set()


def all_answers():
    """A link leads there only from an item with more answers than its page shows."""
    item = PlaybackItem.objects.filter(playback__state=PlaybackState.SHARED).select_related("playback__team").first()
    return reverse("playbacks:answers", args=[item.playback.team.slug, item.playback_id, item.pk])


def raised_blocker():
    """What leads to withdrawing one; the first in the ledger has an owner."""
    return Blocker.objects.get(team__slug="housing", state="raised").get_absolute_url() + "withdraw/"


def walk(page, waiting, follow, seen):
    """Follow the links of one person; look closely at what nobody has seen, and at their own first page."""
    opened = set()
    while waiting:
        address = waiting.pop(0)
        pattern = resolve(urlsplit(address).path).route
        if pattern in opened or NO_PAGE.search(pattern) or (pattern in seen and not follow.search(pattern)):
            continue
        opened.add(pattern)
        waiting += links(page, address)
        if pattern not in seen or pattern == "":
            seen.add(pattern)
            yield from (f"{address} {problem}" for problem in problems(page))


def links(page, address):
    """Open it; the addresses of this site that it links to."""
    page.trouble.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(address, wait_until="load")
    if answer.status >= 400:
        page.trouble.append(str(answer.status))
    ours = "all => all.filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"
    return page.eval_on_selector_all("a[href]", ours)


def problems(page):
    """Of the page that is open: wide, in the dark, where only the colours differ, and narrow."""
    page.evaluate(AXE_SCRIPT)
    found = axe(page, "wide", {"type": "tag", "values": RULES})
    page.emulate_media(color_scheme="dark")
    found += axe(page, "dark", {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 320, "height": 900})
    found += axe(page, "narrow", {"type": "rule", "values": NARROW})
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("narrow: scrolls sideways")
    return found + page.trouble


def axe(page, way, only):
    asked = [{"exclude": MORE_OF_THE_SAME}, {"runOnly": only, "resultTypes": ["violations"]}]
    answer = page.evaluate("(asked) => axe.run(...asked).then((answer) => answer.violations)", asked)
    return [f"{way}: {one['id']}, {one['nodes'][0]['html'][:200]}" for one in answer]


def pages_of_the_table():
    """What somebody may open, by url_roles.csv."""
    with TABLE.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] == "GET" and "200" in row.values()]
    patterns = {row["pattern"] for row in rows}
    return {one for one in patterns if not NO_PAGE.search(one) and not ONLY_SOMETIMES.search(one)}
