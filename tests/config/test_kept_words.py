"""Words sent after a session ended come back in their form, to their writer alone (ui.md rule 7)."""

import time

import pytest
import time_machine
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backlog.models import Comment, Opportunity
from config.filling import fill
from tests.factories import PASSWORD, ready_opportunity

TITLE = 'Letters "frighten" <people> & come late'
TYPED = {"title": TITLE, "description": "Stop them.\nThen ask.", "earlier_participants": "7", "key": "mine"}


@pytest.fixture
def url(team):
    return f"/teams/{team.slug}/opportunities/add/"


@pytest.fixture
def writer(product_owner):
    """Signed in with a password, so that they can do it again, and seen on a page."""
    product_owner.user.set_password(PASSWORD)
    product_owner.user.save()
    product_owner.user.confirm_email()
    product_owner.force_login(product_owner.user)
    product_owner.get("/help/")
    return product_owner


def end_everywhere(client):
    client.user.end_sessions()


def lose_the_cookie(client):
    del client.cookies[house.SESSION_COOKIE_NAME]


def kept_in(response):
    return response.text.split('name="kept" value="')[1].split('"')[0]


def sign_in(client, user, kept, **more):
    return client.post("/account/login/", {"login": user.email, "password": PASSWORD, "kept": kept, **more})


@pytest.mark.parametrize("end", [end_everywhere, lose_the_cookie])
def test_the_form_comes_back_filled_and_nothing_is_saved(writer, url, end):
    end(writer)
    answer = writer.post(url, TYPED, headers={"Referer": f"http://testserver{url}?from=today"})
    assert "Your session has ended" in answer.text
    assert f'value="{url}?from=today"' in answer.text  # where to go on

    assert sign_in(writer, writer.user, kept_in(answer), next=url).url == url
    page = writer.get(url).text

    assert "is back in the form. It is not saved yet" in page
    assert 'value="Letters &quot;frighten&quot; &lt;people&gt; &amp; come late"' in page
    assert "\nStop them.\nThen ask.</textarea>" in page
    assert not Opportunity.objects.exists()


def test_after_an_hour_without_a_person_too(writer, url):
    with time_machine.travel(time.time() + 61 * 60):
        answer = writer.post(url, TYPED)
        sign_in(writer, writer.user, kept_in(answer))

        assert "Stop them." in writer.get(url).text


def test_it_stays_over_a_reload_until_it_is_sent(writer, url):
    end_everywhere(writer)
    sign_in(writer, writer.user, kept_in(writer.post(url, TYPED)))
    assert "Stop them." in writer.get(url).text
    assert "Stop them." in writer.get(url).text

    assert writer.post(url, TYPED).status_code == 302

    assert "Stop them." not in writer.get(url).text


def test_a_mistake_at_sign_in_costs_nothing(writer, url):
    end_everywhere(writer)
    kept = kept_in(writer.post(url, TYPED))

    mistaken = writer.post("/account/login/", {"login": writer.user.email, "password": "wrong", "kept": kept})

    assert mistaken.status_code == 422
    assert kept_in(mistaken) == kept


def test_another_person_gets_nothing_of_it(writer, delivery_manager, url):
    other = delivery_manager.user
    other.set_password(PASSWORD)
    other.save()
    other.confirm_email()
    end_everywhere(writer)
    kept = kept_in(writer.post(url, TYPED))

    sign_in(writer, other, kept)

    assert writer.get("/account/").status_code == 200
    assert "Stop them." not in writer.get(url).text
    assert "kept" not in writer.session


def test_the_value_cannot_be_read_and_is_worth_nothing_after_half_a_day(writer, url):
    end_everywhere(writer)
    kept = kept_in(writer.post(url, TYPED))
    assert "Stop" not in kept

    with time_machine.travel(time.time() + house.SESSION_COOKIE_AGE + 60):
        sign_in(writer, writer.user, kept)

        assert "Stop them." not in writer.get(url).text


@pytest.mark.parametrize("forged", ["", "x", "x" * 200_000, "gAAAAABrubbish"])
def test_a_forged_value_is_ignored(writer, url, forged):
    end_everywhere(writer)

    assert sign_in(writer, writer.user, forged).status_code == 302
    assert writer.get(url).status_code == 200


def test_passwords_tokens_and_files_are_never_carried(writer, team):
    end_everywhere(writer)
    secrets = {"password1": "my secret", "csrfmiddlewaretoken": "x" * 32, "code": "123456"}
    file = SimpleUploadedFile("a.csv", b"Title\nSecret\n")

    answer = writer.post(f"/teams/{team.slug}/import/", {**secrets, "file": file})

    assert answer.status_code == 302  # there was nothing else to carry


def test_too_much_is_not_carried(writer, url):
    end_everywhere(writer)

    assert writer.post(url, TYPED | {"description": "x" * 100_000}).status_code == 302


def test_who_signed_out_leaves_nothing_to_be_bound_to(writer, url):
    writer.post("/account/logout/")

    assert writer.post(url, TYPED).status_code == 302
    assert Client().post(url, TYPED).status_code == 302


def test_a_form_that_stands_on_another_page_is_filled_there(writer, team):
    """Among others to the same address: a reply to a comment is not a comment."""
    one = ready_opportunity(team, writer.user)
    Comment.objects.create(opportunity=one, author=writer.user, author_name="Sam", text="Why?")
    end_everywhere(writer)
    address = f"/opportunities/{one.reference}/"
    comment = {"text": "Ask them", "key": "k"}
    answer = writer.post(f"{address}comments/", comment, headers={"Referer": f"http://testserver{address}"})
    sign_in(writer, writer.user, kept_in(answer))

    page = writer.get(address).text

    assert page.count("Ask them") == 1
    assert page.index("Your reply") < page.index("\nAsk them</textarea>")


def test_where_the_form_is_gone_the_words_are_shown(writer, url, team):
    end_everywhere(writer)
    answer = writer.post(url, {**TYPED, "a field of yesterday": "kept <too>"})
    sign_in(writer, writer.user, kept_in(answer))

    page = writer.get(url).text

    assert "This is what you typed" in page
    assert "<pre>kept &lt;too&gt;</pre>" in page


def test_htmx_gets_the_sign_in_page_in_place_of_the_whole_page(writer, team):
    one = ready_opportunity(team, writer.user)
    end_everywhere(writer)
    listing = f"/teams/{team.slug}/opportunities/"
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{listing}?q=a"}
    score = f"/opportunities/{one.reference}/score/"
    answer = writer.post(score, {"value": "8", "size": "3", "version": "1"}, headers=headers)
    assert (answer.status_code, answer["HX-Retarget"]) == (200, "body")
    assert f'value="{listing}?q=a"' in answer.text

    sign_in(writer, writer.user, kept_in(answer))
    form = writer.get(score).text

    assert form.count("selected") == 2
    assert '<option value="8" selected>' in form


PAGE = """<form method="post" id="f"><input name="a" value="1" type="text">
<input type="hidden" name="version" value="9">
<input type="checkbox" name="c" value="x" checked><input type="checkbox" name="c" value="y">
<select name="s"><option value="">None</option><option value="2" selected>Two</option></select>
<input type="password" name="p" value=""></form><input type="radio" name="r" value="1" form="f">"""


def test_every_kind_of_control_says_what_was_answered():
    filled = fill(PAGE, "/x/", "/x/", {"a": ['"'], "version": ["3"], "c": ["y"], "s": [""], "p": ["no"], "r": ["1"]})

    assert '<input name="a" value="&quot;" type="text">' in filled
    assert 'name="version" value="3"' in filled  # so that what changed meanwhile is noticed
    assert '<input type="checkbox" name="c" value="x">' in filled
    assert '<input type="checkbox" name="c" value="y" checked>' in filled
    assert '<option value="" selected>None</option><option value="2">' in filled
    assert '<input type="password" name="p" value="">' in filled
    assert '<input type="radio" name="r" value="1" form="f" checked>' in filled


@pytest.mark.parametrize(("path", "names"), [("/y/", ["a"]), ("/x/", ["a", "b"])])
def test_another_form_is_left_as_it_is(path, names):
    assert fill(PAGE, path, "/x/", {name: ["1"] for name in names}) is None
