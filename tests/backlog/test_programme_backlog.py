import csv
import io
import re

import openpyxl
import pytest
from django.urls import reverse

from backlog.models import Opportunity, Order
from teams.models import Change
from tests import factories
from tests.factories import ranked_opportunity, ready_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(team):
    return reverse("backlog:programme_backlog", args=[team.programme.slug])


@pytest.fixture
def other(team):
    return factories.TeamFactory(programme=team.programme, name="Bereavement")


def test_all_teams_stand_in_one_order(team, other, product_owner, url):
    by = product_owner.user
    last = ranked_opportunity(team, by, 2, 8, title="Comes last")
    first = ranked_opportunity(other, by, 8, 1, title="Comes first")
    ready_opportunity(team, by, title="Not taken forward")

    page = product_owner.get(url).text

    assert page.index(first.title) < page.index(last.title)
    assert "Not taken forward" not in page


def test_a_move_is_said_and_leads_back_to_this_list(team, other, product_owner, url):
    by = product_owner.user
    ranked_opportunity(other, by, 8, 1)
    mine = ranked_opportunity(team, by, 2, 8)

    move = reverse("backlog:move", args=[mine.reference]) + "?from=programme"
    response = product_owner.post(move, {"to": "top"})

    assert response.url.startswith(url)
    assert Opportunity.objects.ranked().first() == mine
    page = product_owner.get(response.url.partition("#")[0]).text
    assert "moved up 1 from score order" in page
    assert f"<b>{mine.reference}</b> moved" in page

    undo = re.search(r'action="([^"]+/undo/\?from=programme)"', page)[1]
    response = product_owner.post(undo)
    assert response.url.startswith(url)
    assert Opportunity.objects.ranked().last() == mine


def test_what_somebody_else_moved_is_not_said_to_be_mine(team, product_owner, member, url):
    ranked_opportunity(team, product_owner.user, 8, 1)
    mine = ranked_opportunity(team, product_owner.user, 2, 8)
    move = reverse("backlog:move", args=[mine.reference]) + "?from=programme"
    response = product_owner.post(move, {"to": "top"})

    assert "Undo" not in member.get(response.url.partition("#")[0]).text


@pytest.mark.parametrize("reader", ["product_owner", "service_lead"])
def test_the_programme_and_today_lead_here(request, team, reader, url):
    client = request.getfixturevalue(reader)

    assert f'href="{url}"' in client.get(team.programme.get_absolute_url()).text
    assert f'href="{url}"' in client.get("/").text


def test_an_administrator_is_not_led_here(team, administrator, url):
    assert f'href="{url}"' not in administrator.get(team.programme.get_absolute_url()).text


def test_only_own_teams_have_links_and_moves(team, other, product_owner, url):
    theirs = ranked_opportunity(other, product_owner.user)
    mine = ranked_opportunity(team, product_owner.user)

    page = product_owner.get(url).text

    assert mine.get_absolute_url() in page
    assert theirs.get_absolute_url() not in page


def test_a_service_lead_reads_it_without_links(team, product_owner, service_lead, url):
    one = ranked_opportunity(team, product_owner.user)

    page = service_lead.get(url)

    assert one.title in page.text
    assert one.get_absolute_url() not in page.text


@pytest.mark.parametrize("name", ["team", "theme", "service", "status"])
def test_each_filter_narrows_it(team, other, product_owner, url, name):
    by = product_owner.user
    service = factories.ServiceFactory(programme=team.programme)
    wanted = ranked_opportunity(team, by, title="Wanted", services=[service])
    ranked_opportunity(other, by, title="Left out").start_delivery(by=by)

    answer = {"team": team.pk, "theme": wanted.themes.get().pk, "service": service.pk, "status": "take_forward"}[name]
    page = product_owner.get(url, {name: answer}).text

    assert "Wanted" in page
    assert "Left out" not in page


def file_of(client, url, kind):
    path, _, query = url.partition("?")
    return b"".join(client.get(f"{path}export.{kind}?{query}").streaming_content)


def test_it_is_taken_away_as_it_is_filtered_and_in_its_order(team, other, product_owner, url):
    by = product_owner.user
    ranked_opportunity(team, by, 2, 8, title="Comes last")
    first = ranked_opportunity(other, by, 8, 1, title="=cmd|' /C calc'!A0")

    [_, *rows] = csv.reader(io.StringIO(file_of(product_owner, url, "csv").decode("utf-8-sig")))
    sheet = openpyxl.load_workbook(io.BytesIO(file_of(product_owner, f"{url}?team={other.pk}", "xlsx"))).active

    assert [row[:4] for row in rows] == [
        ["1", first.reference, "'=cmd|' /C calc'!A0", "Bereavement"],
        ["2", rows[1][1], "Comes last", "Housing"],
    ]
    assert [cell.value for cell in sheet[2]][:2] == [1, first.reference] and sheet.max_row == 2
    assert [change.words for change in Change.objects.order_by("pk")][-2:] == [
        "downloaded the programme backlog as CSV: 2 rows",
        "downloaded the programme backlog as Excel: 1 row",
    ]


def test_a_service_lead_takes_it_away_too(team, product_owner, service_lead, url):
    ranked_opportunity(team, product_owner.user, title="Comes late", description="Not for leads")

    page, file = service_lead.get(url).text, file_of(service_lead, url, "csv").decode()

    assert f"{url}export.csv" in page and f"{url}export.xlsx" in page
    assert "Comes late" in file and "Not for leads" not in file


@pytest.mark.parametrize("query", ["team=999999", "status=parked", "page=nonsense"])
def test_what_was_never_offered_is_refused(product_owner, url, query):
    assert product_owner.get(f"{url}?{query}").status_code == 400


def test_a_page_costs_the_same_for_more_rows(team, other, product_owner, url, django_assert_max_num_queries):
    items = [ranked_opportunity(place, product_owner.user) for place in (team, other) for _ in range(3)]
    Order.locked(team.programme_id).move([items[-1]], before=items[0], by=product_owner.user)

    with django_assert_max_num_queries(10):
        product_owner.get(url)


@pytest.mark.parametrize(("reader", "status"), [("member", 200), ("administrator", 403), ("outsider", 404)])
def test_who_may_read_it(request, reader, status, url):
    assert request.getfixturevalue(reader).get(url).status_code == status
