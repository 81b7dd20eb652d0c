"""Another team's things do not exist (P2): the same bytes as for what was never there, and nothing written."""

import re

import pytest

from backlog.models import Opportunity
from teams import prepared
from tests.doors.addresses import METHODS, address, every_pattern
from tests.doors.test_roles import answer
from tests.doors.world import CANARY

pytestmark = pytest.mark.django_db
NAMED = [
    pattern
    for pattern, view in every_pattern()
    if re.search(r"<(team|slug:team|programme|slug:programme|reference|slug:reference)>", pattern)
]
MAY_MOST = ["product_owner", "delivery_manager", "researcher", "administrator"]  # between them, everything
INSIDE = [pattern for pattern in NAMED if re.search(r"<int:\w+>", pattern)]


def body(response):
    """What the reader sees, without the token that differs in every answer."""
    return re.sub(rb'(X-CSRFToken": "|csrfmiddlewaretoken" value=")\w+', b"", response.content)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("pattern", NAMED)
def test_a_foreign_thing_and_a_missing_one_look_the_same(worlds_apart, pattern, method):
    mine, theirs, clients = worlds_apart
    owner, there = clients["product_owner"], address(pattern, theirs)
    nowhere = there.replace(theirs.team.slug, "nowhere").replace("THE-", "XYZ-").replace("theirs", "nowhere")

    foreign, missing = answer(owner, method, there), answer(owner, method, nowhere)

    assert foreign.status_code == missing.status_code
    assert foreign.status_code == 404 or (method, foreign.status_code) in {("GET", 405), ("POST", 405)}
    assert body(foreign) == body(missing)


@pytest.mark.parametrize("pattern", INSIDE)
def test_a_foreign_thing_is_not_found_through_my_own_team(worlds_apart, pattern):
    mine, theirs, clients = worlds_apart
    where = address(pattern, theirs).replace("/theirs/", "/mine/")

    for method in METHODS:
        answers = [answer(clients[role], method, where) for role in MAY_MOST]
        assert {404, 405} & {one.status_code for one in answers} and not any(one.status_code < 400 for one in answers)
        assert not any(CANARY in one.text for one in answers)


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in every_pattern() if "<" not in pattern])
def test_no_page_of_mine_says_a_word_of_theirs(worlds_apart, pattern):
    _, _, clients = worlds_apart

    response = answer(clients["product_owner"], "GET", f"/{pattern}?q={CANARY}offer")

    assert CANARY.lower() not in re.sub(f"{CANARY}offer", "", response.content.decode(errors="replace")).lower()


def test_with_the_guard_taken_out_the_foreign_thing_is_found(worlds_apart, monkeypatch):
    mine, theirs, clients = worlds_apart
    me, them = (world.people["product_owner"].pk for world in (mine, theirs))
    real = prepared._Prepared.rows

    def as_if_it_were_them(question, values):
        who, *rest = values
        return real(question, (them, *rest) if rest and who == me else values)

    monkeypatch.setattr(prepared._Prepared, "rows", as_if_it_were_them)

    assert answer(clients["product_owner"], "GET", theirs.opportunity.get_absolute_url()).status_code == 200


def test_a_form_field_naming_a_foreign_thing_changes_nothing(worlds_apart):
    mine, theirs, clients = worlds_apart
    owner, before = clients["product_owner"], Opportunity.objects.get(pk=theirs.opportunity.pk).version

    foreign = theirs.opportunity.reference
    moved = owner.post(f"{mine.opportunity.get_absolute_url()}move/", {"to": "before", "other": foreign})
    bulk = owner.post(f"/teams/{mine.team.slug}/opportunities/bulk/", {"act": "top", "go": "yes", "pick": foreign})

    assert moved.status_code == 422
    assert CANARY not in moved.text + bulk.text
    assert Opportunity.objects.get(pk=theirs.opportunity.pk).version == before
