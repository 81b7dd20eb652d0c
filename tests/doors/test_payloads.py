"""Stored text never runs (P14): a world whose names, titles and comments are scripts, on every page that shows them."""

from html.parser import HTMLParser

import pytest

from tests.doors.addresses import address, every_pattern
from tests.doors.test_roles import answer
from tests.doors.world import _client, build

pytestmark = pytest.mark.django_db
PAGES = [pattern for pattern, _ in every_pattern() if "<" in pattern] + ["", "search/?q=Offer", "account/"]
PAYLOADS = [  # eight ways out of where words stand, two at a time: names are short
    """"'><svg onload=a()><b hx-get=/x>""",
    "</textarea><script>a()</script><!--",
    "</title><img src=x onerror=a()>",
    """javascript:a()//"><i data-hx-on>""",
]


class Running(HTMLParser):
    """What of a page would run, ask or lead somewhere because somebody wrote it, and what is only words."""

    def __init__(self, page):
        super().__init__()
        self.found, self.words = [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        own = dict(attributes)
        runs = [name for name in own if name.startswith(("on", "data-hx", "hx-on"))]
        leads = [own.get(name) or "" for name in ("href", "src", "action", "formaction")]
        if runs or own.get("hx-get") == "/x" or any(where.startswith("javascript:") for where in leads):
            self.found.append((tag, attributes))
        if tag == "script" and "src" not in own and own.get("type") != "application/json":
            self.found.append((tag, attributes))
        if own.get("srcdoc") == "x":
            self.found.append((tag, attributes))

    def handle_comment(self, words):
        self.found.append(("comment", words))

    def handle_data(self, words):
        self.words += words


def test_the_eye_sees_what_runs():
    assert all(Running(f'<p title="{payload}">{payload}').found for payload in PAYLOADS)
    assert Running('<a href="javascript:a()">').found


@pytest.mark.parametrize("payload", PAYLOADS)
def test_p14_what_people_wrote_is_words_and_nothing_else(db, payload):
    world = build("evil", "EVI", payload)
    owner, administrator = (_client(world.people[role]) for role in ("product_owner", "administrator"))
    shown, found = 0, []

    for pattern in PAGES:
        where = address(pattern, world)
        response = answer(owner, "GET", where)
        if response.status_code != 200:
            response = answer(administrator, "GET", where)
        if response.get("Content-Type", "").startswith("text/html"):
            page = Running(response.text)
            found += [(where, *one) for one in page.found]
            shown += payload in page.words

    assert not found
    assert shown > 40  # so that it was there to be seen
