"""A question that is put into SQL once says the same as the queryset it comes from."""

import datetime as dt

import pytest
from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Left
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from teams.access import team_for, visible
from teams.models import Team, User
from teams.prepared import prepared

pytestmark = pytest.mark.django_db


@prepared
def people(initial: str, key: int):
    return User.objects.annotate(initial=Left("name", 1)).filter(initial=initial, pk__gte=key).order_by("pk")


def test_the_rows_are_those_of_its_values_each_time():
    first, second, other = (User.objects.create(name=name, email=f"{name}@x.example") for name in ["Aa", "Ab", "Ba"])

    assert people("A", first.pk) == [first, second]
    assert people("A", second.pk) == [second]
    assert people("B", 0) == [other] and people("nobody", 0) == []


def test_a_door_finds_what_its_queryset_finds(team, member):
    asked = visible(Team.objects.select_related("programme"), member.user, team="pk", programme="programme_id")

    (found,), expected = team_for(member.user.pk, team.slug), asked.get(slug=team.slug)

    assert (found, found.programme, found.roles) == (expected, expected.programme, expected.roles)
    assert found.__dict__.keys() == expected.__dict__.keys()


def test_words_are_values_and_never_sql(team, member):
    assert team_for(member.user.pk, f"{team.slug}' OR '1'='1") == []
    assert team_for(member.user.pk, "%s §Word 0 0") == []


def test_it_is_asked_anew_each_time():
    with CaptureQueriesContext(connection) as asked:
        people("A", 1)
        people("A", 1)

    assert len(asked) == 2


def test_tuples_and_what_is_read_with_them_come_too(team):
    names = prepared(lambda key: Team.objects.filter(pk=key).values_list("name", "programme__name", named=True))
    whole = prepared(lambda key: Team.objects.filter(pk=key).prefetch_related("memberships"))

    assert names(team.pk)[0].programme__name == team.programme.name
    assert whole(team.pk)[0]._prefetched_objects_cache.keys() == {"memberships"}


@pytest.mark.parametrize(
    "question",
    [
        lambda name: User.objects.filter(name__contains=name),
        lambda name: User.objects.all(),
        lambda name: User.objects.filter(name=name, joined_at__lt=timezone.now()),
        lambda name: User.objects.filter(name=name, joined_at__lt=dt.datetime(2026, 1, 1, tzinfo=dt.UTC)),
        lambda name: User.objects.filter(name=name) if "Word 0" in name else User.objects.filter(email=name),
        lambda name: User.objects.filter(name=name).annotate(upper=Value(name.upper())).filter(upper=F("name")),
    ],
)
def test_a_question_that_needs_more_than_its_values_is_refused(question):
    with pytest.raises(ValueError, match="hands on its values as they are"):
        prepared(question)("Bo")


def test_only_whole_numbers_and_words_are_left_open():
    with pytest.raises(TypeError, match="not None"):
        people("A", None)


@pytest.mark.django_db(transaction=True)
def test_a_lock_is_only_taken_in_a_transaction(team):
    held = prepared(lambda key: Team.objects.select_for_update().filter(pk=key))
    with pytest.raises(TransactionManagementError):
        held(team.pk)
