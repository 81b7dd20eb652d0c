"""Taking somebody's words out of whatever kept them (domain.md §5): titles, comments, history, letters, undo, drafts.

Every text column of our own apps is gone through, those of models written tomorrow too; what may keep words for ever is
listed with a reason. Other programmes are left alone: nobody carries words there, and the same ones in the same order
are their own. So is what somebody or something is called, for whoever takes notes can type any name.
"""

from dataclasses import dataclass
from itertools import chain

from django.db import connection, models
from django.db.models import F, Q

from teams import seen
from teams.carried import Words, is_few
from teams.models import OutgoingMail, Team, Versioned
from teams.seen import Seen
from teams.texts import columns
from teams.whose import rows_of, way_to

# What people, places and lists are called. As many words as a sentence has are looked for there too; a few are not.
NAMES = {"name", "organisation", "user_group", "groups", "who_name", "author_name", "by_name"}
NAMES |= {"shared_by_name", "erased_by"}


@dataclass(frozen=True)
class Place:
    """A row of a team in whose texts a few of somebody's words stand."""

    thing: models.Model
    team: Team
    texts: list

    @property
    def key(self):
        return f"{self.thing._meta.label_lower}-{self.thing.pk}"

    @property
    def home(self):
        """What has a page of its own: the thing, or what it belongs to."""
        keys = [field.name for field in self.thing._meta.concrete_fields if field.many_to_one or field.one_to_one]
        near = chain([self.thing], (getattr(self.thing, name) for name in keys))
        return next((one for one in near if hasattr(one, "get_absolute_url") and not isinstance(one, Team)), None)


def look(sentences, *, team, guests=(), beyond=True) -> Seen:
    """Where the two below would have to look. Call it before anything is locked: it takes seconds beside many texts."""
    words, places = Words(sentences), [(_letters(team, guests, beyond), columns()[OutgoingMail])]
    for model, fields in columns().items():
        places += [(rows, fields) for rows, _ in _rows(model, team, beyond)]
    return seen.look(sentences, words, places if words else [])


def take_out(sentences, instead, *, team, beyond=True, found=None):
    """Put `instead` wherever these stand: in the team's texts, and with `beyond` in all of its programme, for what was
    learned is read there. Call it last in the transaction that deletes their source. `found` is where `look` has seen
    them."""
    words = Words(sentences)
    if not words:
        return
    _say_that_words_go("yes")  # rows that never change give way to this alone
    for model, fields in columns().items():
        narrowed = _narrowing(model, sentences, found)
        for rows, only_names in _rows(model, team, beyond):
            _rewrite(rows.filter(narrowed), fields, words, _without(words, instead, only_names))
    _say_that_words_go("no")


def take_out_of_letters(sentences, instead, *, team, guests=(), beyond=True, found=None):
    """Of those that say nothing of a team, such as news of an answer: to the team's people, and with `beyond` to all
    of its programme, among them the `guests`, the addresses of those who answer without an account."""
    words = Words(sentences)
    letters = _letters(team, guests, beyond).filter(_narrowing(OutgoingMail, sentences, found))
    _rewrite(letters, columns()[OutgoingMail], words, _without(words, instead, True))


def _rows(model, team, beyond):
    """(rows, whether they only name things, so that to be all of a text proves nothing): the team's and the others."""
    own, others = rows_of(model, team)
    return [(own, False), (others, True)] if beyond else [(own, False)]


def _letters(team, guests, beyond):
    theirs = Q(user__memberships__team=team.pk)
    if beyond:
        theirs |= (
            Q(user__memberships__team__programme=team.programme_id)
            | Q(user__led_services__service__programme=team.programme_id)
            | Q(user__administered__programme=team.programme_id)
            | Q(user=None, to__in=guests)
        )
    return OutgoingMail.objects.filter(theirs, team=None, secret=False).distinct()


def _narrowing(model, sentences, found) -> Q:
    """To where they were seen. What was said since nobody has looked for, so for that all is read."""
    return Q(pk__in=found.keys_now(model)) if found and found.holds_for(sentences) else Q()


def _without(words, instead, only_names):
    return lambda name, value: words.taken_out(value, instead, is_name=only_names or name in NAMES)


def places_of_few(sentences, *, teams) -> list:
    """Where a few of these words stand within others in texts of these teams: `take_out` leaves them, as anybody's."""
    words, teams = Words(filter(is_few, sentences)), {team.pk: team for team in teams}
    found = []
    for model, fields in columns().items() if words else ():
        if way := way_to(Team, model):
            rows = model._base_manager.filter(**{f"{way}__in": list(teams)})
            for keys in seen.that_may_hold(words, rows, fields):
                things = model._base_manager.filter(pk__in=keys).annotate(whose=F(way)).order_by("pk")
                held = ((one, _few_in(one, fields, words)) for one in things)
                found += [Place(one, teams[one.whose], texts) for one, texts in held if texts]
    return found


def _few_in(thing, fields, words) -> list:
    texts = ((field.name in NAMES, getattr(thing, field.attname)) for field in fields)
    return [few for is_name, text in texts for few in words.few_in(text, is_name=is_name)]


def take_few_out(sentences, instead, *, teams, keys) -> list:
    """Of those places the ones that a person has chosen, by their keys. Others are not touched; returns which were of
    these teams."""
    words, taken = Words(sentences), []
    _say_that_words_go("yes")
    for model, fields in columns().items():
        label = model._meta.label_lower
        chosen = [key.rpartition("-")[2] for key in keys if key.rpartition("-")[0] == label]
        chosen = [pk for pk in chosen if pk.isdecimal() and len(pk) < 19]
        if chosen and (way := way_to(Team, model)):
            rows = model._base_manager.filter(**{f"{way}__in": teams}, pk__in=chosen)
            taken += [f"{label}-{pk}" for pk in rows.order_by("pk").values_list("pk", flat=True)]
            _rewrite(rows, fields, words, lambda name, value: words.taken_out(value, instead, few=True))
    _say_that_words_go("no")
    return taken


def _rewrite(rows, fields, words, without):
    """Put what `without` leaves of each value in its place; it is given the name of the field too."""
    for keys in seen.that_may_hold(words, rows, fields):
        found = rows.model._base_manager.filter(pk__in=keys)
        for pk, *values in found.values_list("pk", *(field.attname for field in fields)):
            changes = {
                field.attname: _cut(field, new)
                for field, old in zip(fields, values, strict=True)
                if (new := without(field.name, old)) != old
            }
            if changes and issubclass(rows.model, Versioned):
                changes["version"] = F("version") + 1  # a form that was open before must not bring them back
            if changes:
                rows.model._base_manager.filter(pk=pk).update(**changes)


def _cut(field, value):
    return value[: field.max_length] if isinstance(value, str) and field.max_length else value


def _say_that_words_go(yes_or_no):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('throughline.takes_words_out', %s, true)", [yes_or_no])
