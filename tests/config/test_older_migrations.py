"""What older migrations did with the rows they found; `make soak` alone takes the tables back as far."""

import datetime as dt

import pytest

from research.models import Answer, Response, Reviewer, ShareLink, Use
from tests.config.migrating import contents, migrate

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_came_through_a_link_goes_with_what_let_them_in(rows):
    """Before, every reviewer had an account: taken back, it takes guests along and nobody else."""
    before = contents()
    link = ShareLink.objects.first()
    guest = Reviewer.objects.let_in(link, "jo@repairs.gov.uk")
    item, owner = link.playback.items.get(), link.created_by
    Response.objects.answer(guest, item, Answer.QUESTION, "Since when?")
    guest.replies.create(playback=link.playback, item=item, author=owner, author_name=owner.name, text="Since April")
    guest.replies.create(playback=link.playback, item=item, author_name=guest.email, text="Thank you")
    for what in (Use.CONFIRMED, Use.ANSWERED, Use.REPLIED):
        link.uses.create(what=what, reviewer=guest)

    migrate("research", "0004_editions_stay_as_they_are")

    left = {place: found for place, found in contents().items() if place in before}
    assert before["research_reviewer", "id"][0] and left.items() <= before.items()


def test_uses_of_one_hour_become_one_that_says_how_often(rows):
    link, at = ShareLink.objects.first(), dt.datetime(2026, 11, 20, 9, 5, tzinfo=dt.UTC)
    for hour in range(3):
        link.uses.create(at=at, hour=at + dt.timedelta(hours=hour))

    migrate("research", "0009_pdfs_of_editions")
    migrate()

    assert link.uses.values_list("times", "hour", "at").get() == (3, at.replace(minute=0), at)
