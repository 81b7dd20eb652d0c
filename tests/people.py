"""The team and its people, each signed in: product_owner, delivery_manager, researcher, member, service_lead,
administrator, outsider. A fixture is a Django test client that knows its `user`."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from teams.permissions import Role

from . import factories


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def team(db):
    return factories.TeamFactory(name="Housing", slug="housing", prefix="HOU")


def in_the_team(role):
    @pytest.fixture
    def someone(team):
        return signed_in(factories.MembershipFactory(team=team, role=role, user__name=role.label).user)

    return someone


product_owner = in_the_team(Role.PRODUCT_OWNER)
delivery_manager = in_the_team(Role.DELIVERY_MANAGER)
researcher = in_the_team(Role.RESEARCHER)
member = in_the_team(Role.MEMBER)


@pytest.fixture
def service_lead(team):
    service = factories.ServiceFactory(programme=team.programme, name="Repairs")
    return signed_in(factories.ServiceLeadFactory(service=service, user__name="Service lead").user)


@pytest.fixture
def administrator(team):
    return signed_in(factories.ProgrammeAdminFactory(programme=team.programme, user__name="Administrator").user)


@pytest.fixture
def outsider(db):
    """In another team of another programme."""
    return signed_in(factories.MembershipFactory(role=Role.PRODUCT_OWNER, user__name="Outsider").user)


@pytest.fixture
def htmx():
    return {"headers": {"HX-Request": "true"}}


@pytest.fixture
def at_most():
    """`with at_most(8):` fails when more statements are sent; what opens and closes a transaction is not counted."""

    @contextmanager
    def count(most):
        with CaptureQueriesContext(connection) as captured:
            yield
        asked = [one["sql"] for one in captured if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
        assert len(asked) <= most, "\n".join(asked)

    return count
