"""The first start without demo data: the first administrator, programme and team."""

import hashlib
import hmac
import secrets

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from teams.models import Attempts, Change, Membership, Programme, ProgrammeAdmin, Team, User

KEY = "first-start-code"
WORDS_AGE = 24 * 60 * 60


def is_due() -> bool:
    return not User.objects.exists()


def new_code() -> str:
    """For whoever can read what the start prints. A new one ends the old one; only its hash is kept."""
    code = "-".join(secrets.token_hex(2) for _ in range(4))
    cache.set(KEY, _digest(code), WORDS_AGE)
    return code


def check_code(code: str):
    """Raises ValidationError unless it is the one that was printed last."""
    if not Attempts.spend(KEY):
        raise ValidationError("Too many tries. Wait 15 minutes")
    if not hmac.compare_digest(cache.get(KEY, ""), _digest(code)):
        raise ValidationError("This is not the code that was printed last")


@transaction.atomic
def begin(*, name, email, password, organisation, programme, team, prefix, role=""):
    """Make the first of everything and return the administrator. Raises ValidationError by field."""
    if not is_due():
        raise ValidationError("Somebody has set this up already")
    user = User.objects.create_user(email, name)
    place = Programme(name=programme, slug=slugify(programme)[:50] or "programme", organisation=organisation)
    first = Team(programme=place, name=team, slug=slugify(team)[:60] or "team", prefix=prefix)
    for thing, field in [(place, "programme"), (first, None)]:
        _check(thing, field)
        thing.save()
    ProgrammeAdmin.objects.create(programme=place, user=user)
    if role:
        Membership.objects.create(team=first, user=user, role=role)
    try:
        user.choose_password(password)
    except ValidationError as problem:
        raise ValidationError({"password": problem.messages}) from problem
    user.confirm_email()
    Change.objects.record(place, "set up the programme", by=user, programme=place)
    Change.objects.record(first, "made the team", by=user, team=first)
    return user


def _check(thing, field):
    try:
        thing.full_clean(exclude=["programme"])
    except ValidationError as problem:
        known = {"name": field or "team", "slug": field or "team"}
        errors = {known.get(name, name): words for name, words in problem.message_dict.items()}
        raise ValidationError(errors) from problem


def _digest(code):
    return hashlib.sha256(code.strip().lower().encode()).hexdigest()
