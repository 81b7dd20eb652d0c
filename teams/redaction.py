"""Taking somebody's words out of whatever kept them (domain.md §5): titles, comments, history, letters, undo, drafts.

Every text column of our own apps is gone through, those of models written tomorrow too; what may keep words for ever is
listed with a reason. Other programmes are left alone: nobody carries words there, and the same ones in the same order
are their own. So is what somebody or something is called, for whoever takes notes can type any name.
"""

from dataclasses import dataclass
from itertools import chain, islice

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast

from teams.carried import SHORTEST, Words, is_few
from teams.models import OutgoingMail, Team, Versioned
from teams.whose import rows_of, way_to

OURS = ["teams", "backlog", "sprints", "research", "config"]
AT_ONCE = 2000  # rows

KEEPS = {  # app.Model.field → why nobody's words are in it
    "research.Observation.text": "the row itself is deleted; other people may have said the same",
    "research.Observation.by_name": "the name of a colleague",
    "research.Observation.consent": "the same word in every row",
    "research.Session.code": "the code is what a tombstone keeps",
    "teams.User.name": "who somebody is, in every programme",
    "teams.User.password": "a hash",
    "teams.Submission.answer": "an address of ours",
    "teams.Session.session_data": "signed, and gone after half a day",
    "teams.Session.browser": "what a browser calls itself",
}
# What people, places and lists are called. As many words as a sentence has are looked for there too; a few are not.
NAMES = {"name", "organisation", "user_group", "groups", "who_name", "author_name", "by_name"}
NAMES |= {"shared_by_name", "erased_by"}


@dataclass(frozen=True)
class Place:
    """A row of a team in whose texts a few of somebody's words stand."""

    thing: models.Model
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


def take_out(sentences, instead, *, team, beyond=True):
    """Put `instead` wherever these stand: in the team's texts, and with `beyond` in all of its programme, for what was
    learned is read there. Call it last in the transaction that deletes their source."""
    words = Words(sentences)
    if not words:
        return
    _say_that_words_go("yes")  # rows that never change give way to this alone
    for model, fields in columns().items():
        own, others = rows_of(model, team)
        _rewrite(own, fields, words, lambda name, value: words.taken_out(value, instead, is_name=name in NAMES))
        if beyond:
            _rewrite(others, fields, words, lambda name, value: words.taken_out(value, instead, is_name=True))
    _say_that_words_go("no")


def take_out_of_letters(sentences, instead, *, team, guests=(), beyond=True):
    """Of those that say nothing of a team, such as news of an answer: to the team's people, and with `beyond` to all
    of its programme, among them the `guests`, the addresses of those who answer without an account."""
    words = Words(sentences)
    theirs = Q(user__memberships__team=team.pk)
    if beyond:
        theirs |= (
            Q(user__memberships__team__programme=team.programme_id)
            | Q(user__led_services__service__programme=team.programme_id)
            | Q(user__administered__programme=team.programme_id)
            | Q(user=None, to__in=guests)
        )
    letters = OutgoingMail.objects.filter(theirs, team=None, secret=False).distinct()
    _rewrite(letters, columns()[OutgoingMail], words, lambda name, value: words.taken_out(value, instead, is_name=True))


def places_of_few(sentences, *, team) -> list:
    """Where a few of these words stand within others in the team's texts: `take_out` leaves them, as anybody's."""
    words = Words(filter(is_few, sentences))
    found = []
    for model, fields in columns().items() if words else ():
        if way := way_to(Team, model):
            rows = model._base_manager.filter(**{way: team.pk})
            for keys in _that_may_hold(words, rows, fields):
                things = model._base_manager.filter(pk__in=keys).order_by("pk")
                found += [Place(one, texts) for one in things if (texts := _few_in(one, fields, words))]
    return found


def _few_in(thing, fields, words) -> list:
    texts = ((field.name in NAMES, getattr(thing, field.attname)) for field in fields)
    return [few for is_name, text in texts for few in words.few_in(text, is_name=is_name)]


def take_few_out(sentences, instead, *, team, keys):
    """Of those places the ones that a person has chosen, by their keys. Others are not touched."""
    words = Words(sentences)
    _say_that_words_go("yes")
    for model, fields in columns().items():
        chosen = [key.rpartition("-")[2] for key in keys if key.rpartition("-")[0] == model._meta.label_lower]
        if chosen and (way := way_to(Team, model)):
            rows = model._base_manager.filter(
                **{way: team.pk}, pk__in=[pk for pk in chosen if pk.isdecimal() and len(pk) < 19]
            )
            _rewrite(rows, fields, words, lambda name, value: words.taken_out(value, instead, few=True))
    _say_that_words_go("no")


def columns() -> dict:
    """Each of our models with the columns in which words may stand."""
    found = {}
    for model in _ours():
        fields = [field for field in model._meta.concrete_fields if _may_hold_words(model, field)]
        if fields:
            found[model] = fields
    return found


def _ours():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def _may_hold_words(model, field) -> bool:
    if f"{model._meta.label}.{field.name}" in KEEPS or isinstance(field, models.GeneratedField):
        return False
    if isinstance(field, ArrayField):
        return _is_free_text(field.base_field)
    return isinstance(field, models.JSONField) or _is_free_text(field)


def _is_free_text(field) -> bool:
    """An address is written to and compared, and nobody's sentence."""
    text = isinstance(field, models.CharField | models.TextField)
    text = text and not isinstance(field, models.SlugField | models.EmailField)
    return text and not field.choices and (field.max_length or 10_000) >= SHORTEST and not field.unique


def _rewrite(rows, fields, words, without):
    """Put what `without` leaves of each value in its place; it is given the name of the field too."""
    for keys in _that_may_hold(words, rows, fields):
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


def _that_may_hold(words, rows, fields):
    """The keys of rows to look at more closely, some at a time. All texts of a row come as one: there are very many."""
    texts = [Cast(field.attname, models.TextField()) for field in fields]
    together = Func(Value(" "), *texts, function="CONCAT_WS", output_field=models.TextField())
    found = rows.order_by().values_list("pk", together).iterator(chunk_size=AT_ONCE)
    keys = (pk for pk, text in found if words.may_stand_in(text))
    while some := list(islice(keys, AT_ONCE)):
        yield some


def _cut(field, value):
    return value[: field.max_length] if isinstance(value, str) and field.max_length else value


def _say_that_words_go(yes_or_no):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('throughline.takes_words_out', %s, true)", [yes_or_no])
