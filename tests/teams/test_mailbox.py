import pytest

from teams.mail import post, send_waiting
from teams.models import OutgoingMail

LINK = "http://localhost:8000/invitations/abc-123/"


@pytest.fixture
def letter(db):
    text = f"Dear Pat,\n\nfollow {LINK} to join.\n<script>alert(1)</script>"
    return post("invitation", to="pat@ambleford.example", subject="Join <us>", text=text, secret=True)


@pytest.fixture
def demo(settings):
    settings.DEMO = settings.MAIL_STAYS_HERE = True


@pytest.mark.django_db(transaction=True)
def test_in_the_demo_a_letter_stays_here_with_its_link(demo, letter, client):
    send_waiting()

    assert OutgoingMail.objects.get().state == "sent"
    page = client.get(f"/mail/{letter.pk}/").text
    assert f'<a href="{LINK}"' in page
    assert "<script>alert" not in page
    assert "Join &lt;us&gt;" in page


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ['"[\x0b}"@[::1]', '":=?utf-8?q?x?=[]\x0b"@[::1]'])
def test_a_letter_that_cannot_be_written_holds_up_none_behind_it(demo, address):
    for to in (address, "sam@ambleford.example"):
        post("playback code", to=to, subject="Your code", text="1234 5678", secret=True)

    send_waiting()

    odd, other = OutgoingMail.objects.order_by("pk")
    assert (odd.state, other.state) == ("failed", "sent") and "cannot be written" in odd.problem


def test_the_newest_letter_comes_first(demo, letter, client):
    newer = post("digest", to="sam@ambleford.example", subject="Today", text="Dear Sam")

    page = client.get("/mail/").text

    assert page.index(f"/mail/{newer.pk}/") < page.index(f"/mail/{letter.pk}/")


def test_an_empty_mailbox_says_how_to_fill_it(demo, db, client):
    assert "No letter yet" in client.get("/mail/").text


@pytest.mark.parametrize("number", [0, 2**63, 10**40])
def test_a_letter_that_is_not_there(demo, db, client, number):
    assert client.get(f"/mail/{number}/").status_code == 404


def test_outside_the_demo_there_is_no_mailbox(letter, product_owner, client):
    for who in (client, product_owner):
        assert who.get("/mail/").status_code == 404
        assert who.get(f"/mail/{letter.pk}/").status_code == 404


def test_a_page_of_letters_costs_one_query(demo, letter, client, django_assert_max_num_queries):
    for number in range(30):
        post("digest", to=f"p{number}@ambleford.example", subject="Today", text="Dear Sam")

    with django_assert_max_num_queries(3):
        client.get("/mail/")
