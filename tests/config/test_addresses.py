"""Templates put addresses together themselves; they are those that Django would give."""

import pytest
from django.urls import NoReverseMatch, reverse

from config.jinja import url


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("backlog:opportunity", ["HOU-17"]),
        ("research:finding", ["housing", 3]),
        ("research:finding", ["housing", "3"]),
        ("research:spawn_from_observation", ["housing", 12, 3, "story"]),
        ("research:programme_findings", ["a_slug {0} with % all"]),
    ],
)
def test_an_address_is_as_django_gives_it(name, args):
    for _ in range(2):  # put together, and then remembered
        assert url(name, *args) == reverse(name, args=args)


@pytest.mark.parametrize("args", [["housing", -3], ["housing", "three"], ["housing"], [None, ""]])
def test_there_is_no_address_of_what_cannot_be(args):
    with pytest.raises(NoReverseMatch):
        url("research:finding", *args)
