"""An edition as a PDF: tagged, in its language, with a title, and only for who may read the edition."""

import re
import zlib

import pytest
import weasyprint

from research import playback_pdf
from research.models import Part
from tests.factories import service_lead_of, shared_playback
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(team, product_owner):
    return shared_playback(team, product_owner.user)


def where(playback, number=1):
    return f"{playback.get_absolute_url()}editions/{number}/pdf/"


def inside(pdf) -> bytes:
    """Its objects, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"\n".join(zlib.decompress(one) for one in packed if one[:1] == b"x")


def test_it_is_tagged_and_says_its_language_and_title(shared):
    response = signed_in(shared.reviewers.get().user).get(where(shared))
    objects = inside(response.content)

    assert response["Content-Type"] == "application/pdf" and "attachment" in response["Content-Disposition"]
    for mark in [b"/StructTreeRoot", b"/Marked true", b"/Lang (en-GB)", b"/S /H1", b"/S /H3", b"/DisplayDocTitle true"]:
        assert mark in objects
    assert b"pdfuaid" in objects


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


def test_one_person_cannot_keep_the_processor_busy(shared, product_owner, monkeypatch):
    monkeypatch.setattr(playback_pdf, "as_pdf", lambda context: b"%PDF")

    answers = [product_owner.get(where(shared)).status_code for _ in range(6)]

    assert answers == [200] * 5 + [429]


def test_nothing_is_fetched_for_it(shared, product_owner, monkeypatch):
    asked = []
    monkeypatch.setattr(weasyprint.urls, "urlopen", lambda *given, **more: asked.append(given), raising=False)
    shared.add_item(Part.OUTPUT, by=product_owner.user, headline="<img src='https://evil.example/x.png'>")
    shared.share(by=product_owner.user)

    assert product_owner.get(where(shared, 2)).status_code == 200 and not asked
