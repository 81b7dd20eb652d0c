"""What a playback's page shows of one edition: its items by part, who said what, and what became of it.

Everything is read in as many statements for sixty items as for one.
"""

from collections import Counter
from dataclasses import dataclass, field

from research import playback_talk as talk
from research.models import EditionItem, Outcome, Part
from research.response_forms import AnswerForm, ReplyForm


@dataclass
class Entry:
    """One item of the page. `said` are the latest few of all that are counted in `tally`."""

    item: EditionItem
    said: list
    outcome: Outcome | None
    tally: Counter = field(default_factory=Counter)
    proposed: list = ()
    form: AnswerForm | None = None

    @property
    def mine(self):
        return next((one for one in self.said if one.is_mine), None)

    @property
    def others(self):
        return [one for one in self.said if not one.is_mine]

    @property
    def is_more(self):
        """Whether more was said than stands here."""
        return self.tally.total() > len(self.said)


def reading(playback, edition, user, *, also=None):
    """The context of the reading page. `also` is the key of a reviewer whose answers stand there among the few."""
    me = playback.reviewers.current().filter(user=user).first()
    sources = ["item__opportunity", "item__story", "item__finding__team"] if playback.works else ["item"]
    entries = _entries(playback, edition.items.select_related(*sources), talk.few(playback, me, also))
    tally, proposed = talk.tally(playback), talk.proposed(playback) if playback.works else {}
    for entry in entries:
        entry.tally = tally.get(entry.item.item_id, Counter())
        entry.proposed = proposed.get(entry.item.item_id, [])
    return _page(playback, edition, entries, me)


def printing(playback, edition):
    """The same without what anybody answered, to be taken away."""
    return _page(playback, edition, _entries(playback, edition.items.all(), {}), None)


def previewing(playback, edition, items):
    """The same of what is not frozen yet."""
    return _page(playback, edition, [Entry(item, [], None) for item in items], None)


def reading_through_link(link):
    """The newest edition for somebody without an account: of what is said, only what they and the team said."""
    playback = link.playback
    edition = playback.current_edition()
    said = talk.only(playback, link.reviewer) if link.reviewer else {}
    entries = _entries(playback, edition.items.select_related("item"), said)
    return _page(playback, edition, entries, link.reviewer) | {"is_link": True}


def _page(playback, edition, entries, me):
    is_newest = edition.number == playback.edition
    may_answer = bool(me and is_newest and playback.is_shared)
    for entry in entries:
        if may_answer:
            entry.form = answer_form(entry)
    return {
        "playback": playback,
        "team": playback.team,
        "tab": "playbacks",
        "edition": edition,
        "parts": _by_part(entries),
        "entries": entries,
        "total": len(entries),
        "results": Counter(one.outcome.get_result_display() for one in entries if one.outcome).most_common(),
        "answered": sum(1 for one in entries if one.mine),
        "me": me,
        "may_answer": may_answer,
        "is_newest": is_newest,
    }


def answer_form(entry, data=None):
    """The form under one item, filled with what was answered before."""
    mine = entry.mine.response if entry.mine else None
    initial = {"answer": mine.answer, "comment": mine.comment, "value": mine.value} if mine else {}
    return AnswerForm(data, part=entry.item.part, initial=initial, auto_id=f"item-{entry.item.item_id}-%s")


def reply_form(said, item, data=None):
    return ReplyForm(data, auto_id=f"item-{item.item_id}-{said.reviewer.pk}-%s")


def _entries(playback, items, said):
    outcomes = Outcome.objects.filter(item__playback=playback).select_related("opportunity", "story")
    settled = {one.item_id: one for one in outcomes}
    return [Entry(item, said.get(item.item_id, []), settled.get(item.item_id)) for item in items]


def _by_part(entries):
    parts = [(part, [one for one in entries if one.item.part == part]) for part in Part]
    return [(part, some) for part, some in parts if some]
