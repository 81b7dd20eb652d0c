"""The pages of an import, as people walk through them."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from backlog.models import ImportFile, ImportRow, ImportRun, Opportunity
from tests.factories import ProgrammeAdminFactory, ThemeFactory

from .importing import after_work, applied, checked, undone
from .test_import_table import HOSTILE

pytestmark = pytest.mark.django_db
URL = "/teams/housing/import/"
TEXT = "Ref,Title,Theme\nA,Letters come late,Tell us once\nB,,\n"


def upload(client, content, name="backlog.csv", **more):
    return client.post(URL, {"file": SimpleUploadedFile(name, content), "pasted": "", **more})


def columns(client, run, **chosen):
    return client.post(f"{URL}{run.pk}/columns/", chosen)


def test_from_a_file_to_opportunities_and_back(product_owner, team):
    response = upload(product_owner, TEXT.encode())
    run = ImportRun.objects.get()
    assert product_owner.get(response.url, follow=True).redirect_chain[-1][0] == f"{URL}{run.pk}/columns/"

    page = product_owner.get(f"{URL}{run.pk}/columns/").text
    assert "Title (“Letters come late”)" in page

    response = columns(product_owner, run, source_key="0", title="1", themes="2")
    assert response.url == f"{URL}{run.pk}/"
    assert "Waiting to begin" in product_owner.get(response.url).text

    after_work(run)
    page = product_owner.get(f"{URL}{run.pk}/").text
    assert "Title is missing" in page and "Tell us once" in page and not Opportunity.objects.exists()

    product_owner.post(f"{URL}{run.pk}/apply/")
    after_work(run)
    page = product_owner.get(f"{URL}{run.pk}/").text
    assert "1 opportunity is new" in page and "Undo this import" in page

    assert "It brought 1 new opportunity" in product_owner.get(f"{URL}{run.pk}/undo/").text
    product_owner.post(f"{URL}{run.pk}/undo/")
    after_work(run)
    assert "1 opportunity was removed" in product_owner.get(f"{URL}{run.pk}/").text
    assert not Opportunity.objects.exists()


def test_pasted_rows_are_a_file_too(product_owner, team):
    product_owner.post(URL, {"pasted": "Title\tSize\r\nOne\tM\r\n"})

    run = ImportRun.objects.get()
    assert (run.name, run.columns, run.mapping) == ("Pasted rows", ["Title", "Size"], {"title": 0, "size": 1})


def test_sending_the_form_twice_takes_the_file_once(product_owner, team):
    key = "5f4dcc3b-5aa7-45d6-9d83-27deb882cf99"
    first, second = (upload(product_owner, TEXT.encode(), key=key) for _ in range(2))

    assert first.url == second.url
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("case", HOSTILE)
def test_p16_what_cannot_be_read_is_answered_with_422_and_kept_nowhere(product_owner, team, case):
    make, sentence = HOSTILE[case]
    response = upload(product_owner, make())

    assert response.status_code == 422
    assert sentence in response.text or "larger than 5 MB" in response.text
    assert response.text.count("There is a problem") == 1 and "[&#39;" not in response.text
    assert not ImportRun.objects.exists() and not ImportFile.objects.exists()


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({}, "Choose a file, or paste rows"),
        ({"pasted": "   "}, "Choose a file, or paste rows"),
        ({"pasted": "Title\n"}, "no rows under them"),
        ({"pasted": "x" * 2_000_001}, "too much to paste"),
    ],
)
def test_a_form_without_a_table_says_what_is_missing(product_owner, team, answers, sentence):
    response = product_owner.post(URL, answers)

    assert response.status_code == 422 and sentence in response.text


def test_a_file_name_is_only_a_name(product_owner, team):
    upload(product_owner, TEXT.encode(), name="..\\..\\etc/pa‮ss <b>.csv")

    assert ImportRun.objects.get().name == "pass <b>.csv"
    assert "pass &lt;b&gt;.csv" in product_owner.get(URL).text


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"source_key": "0"}, "Choose the column that holds the title"),
        ({"title": "0", "source_key": "0"}, "cannot come from the same column"),
        ({"title": "99"}, "Choose a column of the file"),
        ({"title": "x\0"}, "Choose a column of the file"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_asked_again(product_owner, team, chosen, sentence):
    upload(product_owner, TEXT.encode())
    response = columns(product_owner, ImportRun.objects.get(), **chosen)

    assert response.status_code in (400, 422)
    assert sentence in response.text or response.status_code == 400
    assert ImportRun.objects.get().state == "uploaded"


def test_only_the_product_owner_imports_values(product_owner, delivery_manager, team):
    upload(delivery_manager, b"Title,Value\nOne,8\n")
    run = ImportRun.objects.get()
    columns(delivery_manager, run, title="0", value="1")
    after_work(run)

    assert run.mapping == {"title": 0}
    assert "Value is set by the product owner" in delivery_manager.get(f"{URL}{run.pk}/columns/").text


def test_names_can_be_left_out_replaced_or_created_by_those_who_may(product_owner, team):
    theme = ThemeFactory(programme=team.programme, name="One council")
    run = checked(team, product_owner.user, "Title,Theme,Stage\nOne,Tell us once,Moving in\n")
    page = product_owner.get(f"{URL}{run.pk}/").text
    assert "Create the stage" in page and "Create the theme" not in page

    forged = product_owner.post(f"{URL}{run.pk}/names/", {"themes-0": "create", "stage-0": "create"})
    assert forged.status_code == 422

    product_owner.post(f"{URL}{run.pk}/names/", {"themes-0": str(theme.pk), "stage-0": "create"})
    after_work(run)
    product_owner.post(f"{URL}{run.pk}/apply/")
    after_work(run)

    one = Opportunity.objects.get()
    assert ([*one.themes.all()], one.stage.name) == ([theme], "Moving in")


def test_importing_with_names_just_chosen_checks_and_shows_them_first(product_owner, team):
    run = checked(team, product_owner.user, "Title,Stage\nOne,Moving in\n")

    answer = product_owner.post(f"{URL}{run.pk}/apply/", {"stage-0": "create"}, follow=True)
    after_work(run)
    assert "this is what the import would do now" in answer.text
    assert (run.state, Opportunity.objects.exists()) == ("checked", False)

    product_owner.post(f"{URL}{run.pk}/apply/", {"stage-0": "create"})
    after_work(run)
    assert Opportunity.objects.get().stage.name == "Moving in"


def test_all_names_that_somebody_may_create_are_created_at_once(product_owner, team):
    run = checked(team, product_owner.user, "Title,Stage,Theme\nOne,Moving in,Us\nTwo,Paying,Them\n")
    answers = {name: "leave" for name in ("stage-0", "stage-1", "themes-0", "themes-1")}
    page = product_owner.get(f"{URL}{run.pk}/").text

    product_owner.post(f"{URL}{run.pk}/names/", answers | {"create_all": "yes"})
    after_work(run)

    assert "Create the 2 that you may" in page
    assert set(run.choices["stage"].values()) == {"create"}
    assert set(run.choices["themes"].values()) == {"leave"}


def test_an_administrator_of_the_team_creates_themes_and_others_do_not_apply_them(
    product_owner, delivery_manager, team
):
    ProgrammeAdminFactory(programme=team.programme, user=product_owner.user)
    run = checked(team, product_owner.user, "Title,Theme\nOne,Tell us once\n")
    product_owner.post(f"{URL}{run.pk}/names/", {"themes-0": "create"})
    after_work(run)

    assert delivery_manager.post(f"{URL}{run.pk}/apply/").status_code == 403
    product_owner.post(f"{URL}{run.pk}/apply/")
    after_work(run)
    assert team.programme.themes.get().name == "Tell us once"


def test_the_bar_moves_by_itself_and_the_page_comes_when_the_work_is_done(product_owner, team, htmx):
    upload(product_owner, TEXT.encode())
    run = ImportRun.objects.get()
    columns(product_owner, run, title="1")

    bar = product_owner.get(f"{URL}{run.pk}/", **htmx)
    after_work(run)
    done = product_owner.get(f"{URL}{run.pk}/", **htmx)

    assert bar.text.lstrip().startswith('<div id="import-progress"') and "<progress" in bar.text
    assert done["HX-Refresh"] == "true"


def test_applying_twice_imports_once(product_owner, team):
    run = checked(team, product_owner.user, TEXT)
    first = product_owner.post(f"{URL}{run.pk}/apply/")
    second = product_owner.post(f"{URL}{run.pk}/apply/")
    after_work(run)

    assert (first.status_code, second.status_code) == (302, 302)
    assert Opportunity.objects.count() == 1


def test_what_failed_on_our_side_can_be_tried_again(product_owner, team, monkeypatch):
    run = checked(team, product_owner.user, TEXT)
    monkeypatch.setattr("backlog.imports.applying.Applied.update", lambda self: 1 / 0)
    product_owner.post(f"{URL}{run.pk}/apply/")
    after_work(run)
    assert "Something went wrong on our side" in product_owner.get(f"{URL}{run.pk}/").text
    assert not Opportunity.objects.exists()

    monkeypatch.undo()
    product_owner.post(f"{URL}{run.pk}/apply/")
    after_work(run)

    assert Opportunity.objects.get().reference == "HOU-1"


def test_bad_rows_come_back_as_csv_with_the_reason(product_owner, team):
    run = checked(team, product_owner.user, "Ref,Title,Value\nA,=1+1,4\nB,Fine,8\n")
    response = product_owner.get(f"{URL}{run.pk}/left-out.csv")

    lines = b"".join(response).decode("utf-8-sig").split("\r\n")
    assert lines[0] == "Row,What is wrong,Ref,Title,Value"
    assert lines[1] == '2,"Value is “4”; use 1, 2, 3, 5 or 8, or ? when it is not known",A,\'=1+1,4'


@pytest.mark.parametrize(
    "query", ["", "?show=create", "?show=warnings&after=0", "?show=bad&after=9", "?show=x&after=٣"]
)
def test_the_rows_of_a_run_take_as_many_queries_for_many_as_for_few(
    product_owner, team, query, django_assert_max_num_queries
):
    run = checked(team, product_owner.user, "Title,Value\n" + "".join(f"T{n},{n % 9}\n" for n in range(300)))

    with django_assert_max_num_queries(14):
        response = product_owner.get(f"{URL}{run.pk}/{query}")

    assert response.status_code == 200


@pytest.mark.parametrize(
    ("reader", "status"), [("member", 403), ("researcher", 403), ("service_lead", 403), ("outsider", 404)]
)
@pytest.mark.parametrize("address", ["", "{}/", "{}/columns/", "{}/undo/", "{}/left-out.csv"])
def test_only_product_owner_and_delivery_manager_import(request, team, product_owner, reader, status, address):
    run = applied(team, product_owner.user, "Title\nOne\n")

    assert request.getfixturevalue(reader).get(URL + address.format(run.pk)).status_code == status


def test_a_run_of_another_team_does_not_exist_here(product_owner, outsider, team):
    other = outsider.user.memberships.get().team
    run = checked(other, outsider.user, "Title\nOne\n")

    for address in ("", "columns/", "undo/", "left-out.csv"):
        assert product_owner.get(f"{URL}{run.pk}/{address}").status_code == 404
    assert product_owner.post(f"{URL}{run.pk}/apply/").status_code == 404


def test_an_import_can_be_undone_for_seven_days_and_then_its_rows_go(product_owner, team):
    run = applied(team, product_owner.user, "Title\nOne\n")
    ImportRun.objects.update(applied_at=timezone.now() - dt.timedelta(days=8))

    ImportRun.objects.forget_old()

    assert product_owner.post(f"{URL}{run.pk}/undo/").status_code == 403
    assert not ImportRow.objects.exists() and ImportRun.objects.count() == 1


def test_what_was_never_applied_goes_after_seven_days(product_owner, team):
    checked(team, product_owner.user, "Title\nOne\n")
    kept = undone(applied(team, product_owner.user, "Title\nTwo\n"), product_owner.user)
    ImportRun.objects.update(created_at=timezone.now() - dt.timedelta(days=8))

    ImportRun.objects.forget_old()

    assert [*ImportRun.objects.all()] == [kept]
