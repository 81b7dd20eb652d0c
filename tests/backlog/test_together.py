"""Many people at once, in real threads on a real database (P21, P22, P23). `make soak` does ten thousand of each."""

import random
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Lock

import pytest
from django.db import connection

from backlog.models import Opportunity, Order
from teams.models import Conflict
from tests.factories import ranked_opportunity
from tests.people import signed_in
from tests.soak import SOAK

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, PRESSES = 16, 50
EDITS, MOVES = (625, 625) if SOAK else (63, 19)  # by each client


def all_at_once(people, work):
    """work(n) in one thread each, begun together; their answers. Each thread closes its connection."""
    barrier = Barrier(people)

    def one(number):
        try:
            barrier.wait()
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


@pytest.fixture
def desks(product_owner):
    """The product owner at sixteen computers."""
    return [signed_in(product_owner.user) for _ in range(CLIENTS)]


def by_form(client, opportunity, tag):
    """Read the page for editing, append the tag to the description, send the form; whether it was saved."""
    address = f"/opportunities/{opportunity.reference}/edit/"
    page = client.get(address).text
    facts = {
        "title": "Letters arrive late",
        "description": re.search(r'<textarea name="description"[^>]*>([^<]*)<', page)[1].strip() + tag,
        "earlier_participants": 0,
        "version": re.search(r'name="version" value="(\d+)"', page)[1],
    }
    status = client.post(address, facts).status_code
    assert status in (302, 409)
    return status == 302


def by_verb(client, opportunity, tag):
    """The same without the page around it, so that a thousand take seconds."""
    read = Opportunity.objects.get(pk=opportunity.pk)
    try:
        read.edit(by=client.user, description=read.description + tag)
    except Conflict:
        return False
    return True


def append_tags(desks, opportunity, edit, turns):
    """Each desk appends its own tags to the description. Returns those that were saved and those refused."""

    def work(number):
        tags = [f"[{number}.{turn}]" for turn in range(turns)]
        return [(tag, edit(desks[number], opportunity, tag)) for tag in tags]

    answers = sum(all_at_once(len(desks), work), [])
    return [tag for tag, saved in answers if saved], [tag for tag, saved in answers if not saved]


@pytest.mark.parametrize(("edit", "turns"), [(by_form, 5), (by_verb, EDITS)])
def test_no_saved_edit_is_overwritten(desks, team, product_owner, edit, turns):
    opportunity = ranked_opportunity(team, product_owner.user)

    saved, refused = append_tags(desks, opportunity, edit, turns)

    opportunity.refresh_from_db()
    assert len(saved) + len(refused) == CLIENTS * turns and saved and refused
    assert sorted(re.findall(r"\[.+?\]", opportunity.description)) == sorted(saved)


def test_without_the_version_check_edits_are_lost(desks, team, product_owner, monkeypatch):
    """The control: what the test above looks for does happen when nothing prevents it."""
    opportunity = ranked_opportunity(team, product_owner.user)
    checked = Opportunity.change

    def unchecked(self, *args, **kwargs):
        self.version = Opportunity.objects.values_list("version", flat=True).get(pk=self.pk)
        return checked(self, *args, **kwargs)

    monkeypatch.setattr(Opportunity, "change", unchecked)
    all_have_read, one_at_a_time = Barrier(CLIENTS), Lock()

    def after_all_have_read(client, opportunity, tag):
        read = Opportunity.objects.get(pk=opportunity.pk)
        all_have_read.wait()
        with one_at_a_time:
            read.edit(by=client.user, description=read.description + tag)
        return True

    saved, _ = append_tags(desks, opportunity, after_all_have_read, 1)

    opportunity.refresh_from_db()
    assert [tag for tag in saved if tag not in opportunity.description]


def test_the_order_is_that_of_the_moves_one_after_another(desks, team, product_owner, monkeypatch):
    items = [ranked_opportunity(team, product_owner.user, title=f"Tenants wait {n}") for n in range(20)]
    begun = list(Opportunity.objects.ranked().values_list("pk", flat=True))
    log = note_moves(monkeypatch)

    def work(number):
        dice, answers = random.Random(number), []
        for _ in range(MOVES):
            one, other = dice.sample(items, 2)
            ways = ["top", "bottom", "up", "down"]
            to = dice.choice([{"to": way} for way in ways] + [{"to": "before", "other": other.reference}] * 4)
            answers.append(desks[number].post(f"/opportunities/{one.reference}/move/", to).status_code)
        return answers

    answers = sum(all_at_once(CLIENTS, work), [])

    assert set(answers) == {302} and len(log) == CLIENTS * MOVES
    ended = Opportunity.objects.ranked()
    assert list(ended.values_list("pk", flat=True)) == replay(begun, log)
    assert len(set(ended.values_list("rank", flat=True))) == len(items)


def note_moves(monkeypatch):
    """{version of the order: (what moved, before what)}, noted as each move is made."""
    log, move = {}, Order.move

    def noted(order, moving, *, before=None, by):
        change = move(order, moving, before=before, by=by)
        log[order.version] = ([one.pk for one in moving], before and before.pk)
        return change

    monkeypatch.setattr(Order, "move", noted)
    return log


def replay(order, log):
    for _, (moving, before) in sorted(log.items()):
        order = [pk for pk in order if pk not in moving]
        at = order.index(before) if before else len(order)
        order[at:at] = moving
    return order


def test_a_form_sent_fifty_times_makes_one_opportunity(product_owner, team):
    desks = [signed_in(product_owner.user) for _ in range(PRESSES)]
    form = {
        "title": "Offer letters arrive after the date to reply",
        "earlier_participants": 0,
        "key": str(uuid.uuid4()),
    }

    answers = all_at_once(PRESSES, lambda n: desks[n].post(f"/teams/{team.slug}/opportunities/add/", form))

    made = Opportunity.objects.get()
    assert {(answer.status_code, answer.get("Location")) for answer in answers} == {(302, made.get_absolute_url())}
    assert len(answers) == PRESSES
