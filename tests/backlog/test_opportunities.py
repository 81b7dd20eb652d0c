import pytest

from backlog.models import Comment
from teams.models import Change
from tests.factories import make_opportunity, ranked_opportunity, ready_opportunity


@pytest.fixture
def url(team):
    return f"/teams/{team.slug}/opportunities/"


def references(response):
    return [line.split('"')[1] for line in response.text.split("data-row=")[1:] for line in ["x" + line]]


def test_what_is_ranked_comes_first_then_the_journey(product_owner, team, url):
    by = product_owner.user
    low = ranked_opportunity(team, by, 2, 5)
    waiting = ready_opportunity(team, by)
    high = ranked_opportunity(team, by, 8, 1)

    response = product_owner.get(url)

    assert references(response) == [high.reference, low.reference, waiting.reference]


def test_an_empty_list_says_what_it_is_for(product_owner, url):
    assert "Add the first one" in product_owner.get(url).text


def test_pages_hold_fifty_and_lead_on_and_back(product_owner, team, url):
    made = [make_opportunity(team, product_owner.user, title=f"Number {n}").reference for n in range(120)]

    seen, address = [], url
    pages = []
    while address:
        response = product_owner.get(address)
        pages.append(address)
        seen += references(response)
        address = link(response, "next")
    back = references(product_owner.get(link(product_owner.get(pages[-1]), "prev")))

    assert seen == made
    assert back == made[50:100]


def link(response, rel):
    before, _, _ = response.text.partition(f'" rel="{rel}"')
    return before.rpartition('href="')[2].replace("&amp;", "&") if before != response.text else None


@pytest.mark.parametrize("cursor", ["nonsense", "%00", "WyJ4Il0:1abc", "a" * 3000])
def test_a_bad_link_into_the_list_is_explained(product_owner, url, cursor):
    response = product_owner.get(f"{url}?page={cursor}")

    assert response.status_code == 400
    assert "<h1>" in response.text


def test_the_page_of_a_row_can_be_opened(product_owner, team, url):
    made = [make_opportunity(team, product_owner.user, title=f"Number {n}").reference for n in range(90)]

    response = product_owner.get(f"{url}?at={made[70]}")

    assert references(response)[0] == made[67]
    assert "68 to 90" in response.text


@pytest.mark.parametrize(
    ("query", "found"), [("q=boiler", 1), ("q=BOI-1", 0), ("scored=no", 2), ("must=yes", 1), ("status=parked", 0)]
)
def test_the_list_can_be_narrowed(product_owner, team, url, query, found):
    by = product_owner.user
    ready_opportunity(team, by, title="Boilers fail in the first week", must_do="safety", must_do_reason="Gas")
    ready_opportunity(team, by)

    assert len(references(product_owner.get(f"{url}?{query}"))) == found


def test_another_teams_theme_is_no_filter(product_owner, url):
    assert product_owner.get(f"{url}?theme=999999").status_code == 400


@pytest.mark.parametrize(("reader", "status"), [("service_lead", 403), ("administrator", 403), ("outsider", 404)])
def test_only_the_team_reads_the_list(request, reader, status, url):
    assert request.getfixturevalue(reader).get(url).status_code == status


@pytest.mark.parametrize("many", [3, 40])
def test_the_list_costs_the_same_for_many_rows(product_owner, team, url, many, at_most):
    for _ in range(many):
        ranked_opportunity(team, product_owner.user)

    with at_most(7):
        product_owner.get(url)


@pytest.mark.parametrize("many", [1, 20])
def test_a_page_costs_the_same_for_much_that_was_said(product_owner, team, many, at_most):
    one = ranked_opportunity(team, product_owner.user, earlier_participants=3)
    for n in range(many):
        Comment.objects.say(one, f"We heard it again, {n}", by=product_owner.user)

    with at_most(8):
        assert product_owner.get(one.get_absolute_url()).text.count("We heard it again") == many


@pytest.mark.parametrize("view", ["", "scored=no", "scored=no&sort=value", "sort=value"])
def test_whatever_the_order_no_row_is_left_out_between_pages(product_owner, team, url, view):
    by, stages = product_owner.user, team.journeys.create(name="Moving in", slug="moving-in").stages
    stages = [stages.create(name=f"Stage {n}", position=n) for n in (1, 2)]
    made = {make_opportunity(team, by, stage=stages[n % 2], title=f"Number {n}").reference for n in range(70)}

    response = product_owner.get(f"{url}?{view}")
    seen = references(response) + references(product_owner.get(link(response, "next")))

    assert len(seen) == 70 and set(seen) == made


@pytest.mark.parametrize(
    ("typed", "warned"), [("Letters with offers arrive too late", True), ("Nobody answers a letter about damp", False)]
)
def test_a_title_that_shares_half_its_words_with_another_is_a_warning(team, member, typed, warned):
    make_opportunity(team, member.user, title="Offer letters arrive after the date to reply")

    response = member.get("/teams/housing/opportunities/alike/", {"title": typed})

    assert ("There is something like it already" in response.text) == warned


@pytest.mark.parametrize("people", ["-1", "100001", "2147483648", "9" * 20])
def test_a_number_of_people_that_nobody_counted_is_asked_for_again(team, member, people):
    answers = {"title": "Offer letters arrive late", "earlier_participants": people}

    response = member.post("/teams/housing/opportunities/add/", answers)

    assert response.status_code == 422 and "Participants in earlier research must be" in response.text
    assert not team.opportunities.exists()


@pytest.mark.parametrize("day", ["1/1/0001", "31/12/9999"])
def test_nothing_is_parked_beyond_what_a_calendar_reckons(product_owner, team, day):
    one = ready_opportunity(team, product_owner.user)
    answers = {"outcome": "parked", "reason": "Later", "until": day, "version": one.version}

    response = product_owner.post(f"{one.get_absolute_url()}outcome/", answers)

    assert response.status_code == 422 and "between 2000 and 2099" in response.text


def test_a_reason_that_came_too_late_is_not_lost(product_owner, team):
    one = ready_opportunity(team, product_owner.user)
    seen = one.version
    one.edit(by=product_owner.user, title="Nobody answers")

    answers = {"outcome": "parked", "reason": "The centre is closing", "until": "27 3 2099", "version": seen}
    response = product_owner.post(f"{one.get_absolute_url()}outcome/", answers)

    assert response.status_code == 409
    assert "HOU-1 was changed meanwhile" in response.text
    assert all(words in response.text for words in ("Park</p>", "The centre is closing", "27 3 2099"))


def test_undoing_an_edit_puts_its_themes_and_services_back(product_owner, team):
    theme, by = team.programme.themes.create(name="Letters"), product_owner.user
    one = ready_opportunity(team, by, themes=[theme])
    service = team.programme.services.create(name="Repairs")
    one.edit(by=by, title="Nobody answers", themes=[], services=[service])

    product_owner.post(f"/teams/{team.slug}/changes/{Change.objects.about(one).first().pk}/undo/")

    assert list(one.themes.all()) == [theme] and not one.services.exists()


@pytest.mark.parametrize(("make", "offered"), [(ready_opportunity, True), (ranked_opportunity, False)])
def test_deciding_leads_to_the_score_that_is_missing(make, offered, product_owner, team):
    one = make(team, product_owner.user)

    page = product_owner.get(f"{one.get_absolute_url()}outcome/").text

    assert (f'href="{one.get_absolute_url()}score/"' in page) is offered
