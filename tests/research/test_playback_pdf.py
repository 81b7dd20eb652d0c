"""An edition as a PDF: tagged, in its language, with a title, and only for who may read the edition."""

import html
import re

import pytest
import weasyprint

from research import erasure, playback_pdf
from research.models import Outcome, Part, Printed, Result
from teams import jobs
from teams.models import Job
from tests.factories import service_lead_of, shared_playback
from tests.people import signed_in
from tests.research.pdf import Pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(team, product_owner):
    return shared_playback(team, product_owner.user)


def where(playback, number=1):
    return f"{playback.get_absolute_url()}editions/{number}/pdf/"


def taken(client, playback, number=1):
    """Asked for, set by a worker, and taken away."""
    client.post(where(playback, number))
    jobs.do_waiting()
    return client.get(where(playback, number))


@pytest.fixture
def read(shared, product_owner):
    shared.add_item(Part.OUTPUT, by=product_owner.user, headline="The guide", link="https://guide.example/")
    shared.share(by=product_owner.user)
    response = taken(product_owner, shared, 2)
    assert response["Content-Type"] == "application/pdf" and "attachment" in response["Content-Disposition"]
    return Pdf(response.content)


def test_it_says_its_language_and_shows_its_title(read, shared):
    (catalog,) = read.of("Catalog")

    for mark in ["/Lang (en-GB)", "/MarkInfo <</Marked true>>", "/DisplayDocTitle true"]:
        assert mark in catalog
    assert any(f"/Title ({shared.title}, edition 2)" in one for one in read.objects.values())


def test_its_structure_is_that_of_the_page(read):
    """One heading of the first level, none skipped, each item a part of its own; nothing that would need an alternative
    text or a header cell."""
    tags = read.tags()
    levels = [int(tag[1]) for tag in tags if tag[0] == "H"]

    assert set(tags) == {"Document", "Sect", "Art", "H1", "H2", "H3", "P", "Span", "Link"}
    assert levels == [1, 2, 2, 3, 3, 3, 2, 3, 2] and tags.count("Art") == 4 and tags.count("Sect") == 2


def plain(words):
    return re.sub(r"\s+", "", words)


def test_it_is_read_in_the_order_of_the_page_and_nothing_is_left_out(read, shared):
    body = playback_pdf.source(shared.editions.get(number=2)).partition("<body>")[2]

    assert plain("".join(read.read_aloud())) == plain(html.unescape(re.sub(r"<[^>]+>", "", body)))


def test_page_numbers_and_the_running_title_are_not_read_aloud(read, shared):
    assert read.artifacts() == [shared.title, "1 of 1"] and "1 of 1" not in "".join(read.read_aloud())
    for page in read.of("Page"):
        assert all(mark == "Artifact" or number is not None for mark, number, _ in read.written(page))


def test_of_many_pages_each_is_numbered_beside_what_is_read(product_owner, shared):
    for number in range(40):
        shared.add_item(Part.OUTPUT, by=product_owner.user, headline=f"The guide, part {number}", words="A step. " * 60)
    shared.share(by=product_owner.user)

    read = Pdf(taken(product_owner, shared, 2).content)

    pages = len(read.of("Page"))
    assert pages > 4 and read.artifacts()[1::2] == [f"{one} of {pages}" for one in range(1, pages + 1)]
    said = "".join(read.read_aloud())
    assert [said.index(f"The guide, part {one}") for one in (0, 9, 39)] == sorted(
        said.index(f"The guide, part {one}") for one in (0, 9, 39)
    )


def test_its_structure_knows_the_place_of_all_that_is_read(read):
    """From the page to the structure as well: that is how a reader finds its place when a page is turned."""
    (tree,) = [one for one in read.objects.values() if one.startswith("<</Nums ")]
    places = re.search(r"\[0 \[(.*?)\]", tree)[1]
    numbers = [number for page in read.of("Page") for _, number, _ in read.written(page) if number is not None]

    assert len(re.findall(r"\d+ 0 R|null", places)) >= max(numbers) + 1
    assert places.count("null") == len(read.artifacts())


def test_it_says_that_it_is_made_to_be_read_by_all(read):
    (about,) = [one for one in read.streams.values() if "<x:xmpmeta" in one]

    assert "pdfuaid" in about and re.search(r"part[^>]*>1<|part=.1.", about)


def test_its_bookmarks_are_its_headings(read, shared):
    titles = [(depth, title) for depth, title in read.bookmarks() if depth != 3]

    assert titles == [
        (1, shared.title),
        (2, "What we did"),
        (2, "What could be better"),
        (2, "What we made"),
        (2, "What happens next"),
    ]
    assert (3, "The guide") in read.bookmarks()


def test_it_is_walked_through_by_keyboard_and_read_aloud(read):
    """Tabs follow the structure, links say where they lead, and glyphs can be read as letters."""
    assert read.of("Page") and all("/Tabs /S" in page for page in read.of("Page"))
    (link,) = read.of("Annot")
    assert "/Contents (https://guide.example/)" in link and "/StructParent " in link
    fonts = [one for one in read.of("Font") if "/Subtype /Type0" in one]
    assert fonts and all("/ToUnicode " in one for one in fonts)


def test_an_edition_that_was_never_shared_is_not_found(shared, product_owner):
    assert product_owner.get(where(shared, 2)).status_code == 404
    assert product_owner.get(where(shared, 99999)).status_code == 404


def test_who_is_not_asked_gets_none(shared, team, outsider):
    assert signed_in(service_lead_of(team)).get(where(shared)).status_code == 404
    assert outsider.get(where(shared)).status_code == 404


def test_the_page_offers_it_where_it_can_be_made(shared, product_owner, monkeypatch):
    assert where(shared) in product_owner.get(shared.get_absolute_url()).text

    monkeypatch.setattr(playback_pdf, "is_possible", lambda: False)

    assert where(shared) not in product_owner.get(shared.get_absolute_url()).text
    assert product_owner.get(where(shared)).status_code == 404


def test_whoever_asks_waits_for_one_worker_and_is_told(shared, product_owner, htmx):
    polling = htmx | {"HTTP_X_POLLING": "true"}
    assert "Make the PDF" in product_owner.get(where(shared)).text and not Job.objects.exists()
    for _ in range(3):
        assert "It takes a few seconds" in product_owner.post(where(shared), follow=True).text
    assert 'hx-trigger="every 2s"' in product_owner.get(where(shared), **polling).text

    assert Job.objects.count() == 1 and jobs.do_next()
    ready = product_owner.get(where(shared), **polling)

    assert ready.status_code == 286 and "The PDF is ready" in ready.text and "hx-get" not in ready.text
    assert product_owner.get(where(shared)).content.startswith(b"%PDF")


def test_it_is_made_again_once_it_would_say_something_else(shared, product_owner):
    first = taken(product_owner, shared).content
    assert taken(product_owner, shared).content == first and Job.objects.count() == 1

    settled = [Outcome(item=one, result=Result.AGREED) for one in shared.items.all()]
    shared.close(settled, by=product_owner.user)

    assert "Make the PDF" in product_owner.get(where(shared)).text
    assert taken(product_owner, shared).content != first and Job.objects.count() == 2


def test_what_cannot_be_made_is_tried_again_only_when_asked(shared, product_owner, monkeypatch, htmx):
    monkeypatch.setattr(playback_pdf, "as_pdf", lambda words: 1 / 0)
    product_owner.post(where(shared))
    jobs.do_waiting()

    assert "could not be made" in product_owner.get(where(shared), **htmx).text and Job.objects.count() == 1
    assert "It takes a few seconds" in product_owner.post(where(shared), follow=True).text
    assert Job.objects.count() == 2


def test_none_is_kept_when_a_participant_takes_back_what_they_said(shared, product_owner):
    taken(product_owner, shared)

    erasure.take_out(["I sleep in the kitchen since the ceiling came down"], "[removed]", shared.team)

    assert not Printed.objects.exists()


def test_what_was_being_made_meanwhile_is_not_kept_either(shared, product_owner, monkeypatch):
    def as_pdf(words):
        erasure.take_out(["I sleep in the kitchen since the ceiling came down"], "[removed]", shared.team)
        return b"%PDF with the quote"

    monkeypatch.setattr(playback_pdf, "as_pdf", as_pdf)
    product_owner.post(where(shared))

    assert jobs.do_next()
    assert not Printed.objects.exists()


def test_nothing_is_fetched_for_it(shared, product_owner, monkeypatch):
    asked = []
    monkeypatch.setattr(weasyprint.urls, "urlopen", lambda *given, **more: asked.append(given), raising=False)
    shared.add_item(Part.OUTPUT, by=product_owner.user, headline="<img src='https://evil.example/x.png'>")
    shared.share(by=product_owner.user)

    assert taken(product_owner, shared, 2).content.startswith(b"%PDF") and not asked
