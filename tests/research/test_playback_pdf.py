"""An edition as a PDF: tagged, in its language, with a title, and only for who may read the edition."""

import re
import zlib

import pytest
import weasyprint

from research import erasure, playback_pdf
from research.models import Outcome, Part, Printed, Result
from teams import jobs
from teams.models import Job
from tests.factories import service_lead_of, shared_playback
from tests.people import signed_in

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


def inside(pdf) -> bytes:
    """Its objects, unpacked."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return pdf + b"\n".join(zlib.decompress(one) for one in packed if one[:1] == b"x")


def test_it_is_tagged_and_says_its_language_and_title(shared):
    response = taken(signed_in(shared.reviewers.get().user), shared)
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
