from types import SimpleNamespace

import pytest
from django.urls import reverse

from backlog import quadrants
from tests.factories import ranked_opportunity, ready_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(team):
    return reverse("backlog:matrix", args=[team.slug])


def test_each_opportunity_of_the_backlog_is_a_dot_and_a_line_of_its_quadrant(team, product_owner, url):
    one = ranked_opportunity(team, product_owner.user, 8, 1, title="Keys go missing")
    unscored = ready_opportunity(team, product_owner.user, title="Not scored yet")

    page = product_owner.get(url).text

    assert page.count(f'href="{one.get_absolute_url()}"') == 2
    assert "Of 1, 1 is a quick win." in page
    assert unscored.title not in page


def test_a_must_do_stands_out_however_many_people_told_of_it(team, product_owner, url):
    for people in (0, 9):
        ranked_opportunity(
            team, product_owner.user, 8, 1, must_do="safety", must_do_reason="Gas", earlier_participants=people
        )
    ranked_opportunity(team, product_owner.user, 8, 1)

    page = product_owner.get(url).text

    assert page.count('class="ring"') == 2 and "Double ring: must do" in " ".join(page.split())


def test_everything_open_and_scored_can_be_shown(team, product_owner, url):
    one = ready_opportunity(team, product_owner.user, title="Scored and not decided")
    one.set_score(3, 8, by=product_owner.user)

    assert one.title not in product_owner.get(url).text
    assert one.title in product_owner.get(url + "?show=scored").text


def test_a_view_that_was_never_offered_is_refused(product_owner, url):
    assert product_owner.get(url + "?show=nothing").status_code == 400


def test_nothing_scored_teaches_what_the_chart_is_for(product_owner, url):
    assert "Score opportunities in the list" in product_owner.get(url).text


def test_the_page_costs_the_same_for_more_dots(team, product_owner, url, django_assert_max_num_queries):
    for value in (1, 2, 3, 5, 8):
        ranked_opportunity(team, product_owner.user, value, 3)

    with django_assert_max_num_queries(8):
        product_owner.get(url)


@pytest.mark.parametrize(("reader", "status"), [("member", 200), ("service_lead", 403), ("outsider", 404)])
def test_only_the_team_sees_it(request, reader, status, url):
    assert request.getfixturevalue(reader).get(url).status_code == status


def cell(count, value=5, size=2):
    return [SimpleNamespace(value=value, size=size, number=number) for number in range(count)]


@pytest.mark.parametrize("count", range(1, quadrants.MOST_IN_A_CELL + 1))
def test_no_dot_hides_another_or_leaves_its_cell(count):
    dots = quadrants.fan_out(cell(count))
    x, y = quadrants.middle(5, 2)

    places = [(dot.x, dot.y) for dot in dots]
    apart = [abs(a - c) + abs(b - d) for i, (a, b) in enumerate(places) for c, d in places[:i]]
    assert all(distance >= 2 * quadrants.RADIUS for distance in apart)
    assert all(abs(dot.x - x) + quadrants.RADIUS <= quadrants.CELL_WIDTH / 2 for dot in dots)
    assert all(abs(dot.y - y) + quadrants.RADIUS <= quadrants.CELL_HEIGHT / 2 for dot in dots)


def test_a_crowd_becomes_one_bubble_with_its_number():
    dots, bubbles = quadrants.marks(cell(10), {(5, 2): 500})

    assert dots == []
    assert [(one.count, one.quadrant.key) for one in bubbles] == [(500, "quick-win")]
