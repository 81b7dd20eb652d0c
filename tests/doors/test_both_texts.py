"""P21: whoever saves second takes back nothing that only the first has changed, at every form that two may open."""

from copy import deepcopy

import pytest
from django.db import transaction

from tests.doors.addresses import address, every_pattern
from tests.doors.forms import Forms, page_of

pytestmark = pytest.mark.django_db
HIDDEN = {"csrfmiddlewaretoken", "version", "key", "as_read", "checked"}
NEW_WORDS = "What somebody else wrote meanwhile"


def test_what_only_they_changed_is_taken_over(worlds_apart):
    mine, _, clients = worlds_apart
    taken_over = {}

    for role, form in forms_that_tell_what_was_read(mine, clients):
        with transaction.atomic():
            changed = change_one_field(clients[role], form)
            response = clients[role].post(form.to, form.fields)
            transaction.set_rollback(True)
        if not changed or response.status_code != 409:  # a form that adds something has nobody to be quicker than
            continue
        shown = next(one.fields for one in Forms(response.text, form.to).found if "as_read" in one.fields)
        differ = {name: shown[name].strip() for name in form.fields if shown[name].strip() != form.fields[name].strip()}
        taken_over[form.pattern] = "Saved now" not in response.text and without_what_is_hidden(differ) == changed

    assert not [pattern for pattern, is_right in taken_over.items() if not is_right]
    assert len(taken_over) > 15


def forms_that_tell_what_was_read(mine, clients):
    for pattern, _ in every_pattern():
        role, page = page_of(pattern, mine, clients)
        yield from ((role, form) for form in Forms(page, address(pattern, mine)).found if "as_read" in form.fields)


def change_one_field(client, form) -> dict:
    """The first that takes new words, as somebody saved it who was quicker: {its name: the words}."""
    for name in [one for one in without_what_is_hidden(form.fields) if one not in form.choices]:
        with transaction.atomic():
            response = client.post(form.to, deepcopy(form.fields) | {name: NEW_WORDS})
            transaction.set_rollback(response.status_code != 302)
        if response.status_code == 302:
            return {name: NEW_WORDS}
    return {}


def without_what_is_hidden(fields) -> dict:
    return {name: value for name, value in fields.items() if name not in HIDDEN}
