import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from teams.models import Change
from tests.factories import TeamFactory, ranked_opportunity, ready_opportunity


@pytest.fixture
def two(team, product_owner):
    kept = ranked_opportunity(team, product_owner.user, earlier_participants=5)
    return kept, ready_opportunity(team, product_owner.user, earlier_participants=6)


def test_evidence_moves_and_the_merged_one_counts_nobody(two, product_owner):
    kept, gone = two
    gone.merge_into(kept, by=product_owner.user)

    kept.refresh_from_db()
    assert (kept.evidence, kept.people_taken_in, kept.sources()[0]) == (11, 6, 0)
    assert (gone.evidence, gone.earlier_participants, gone.sources()[0]) == (0, 6, 0)


def test_the_merged_one_sends_readers_to_where_its_evidence_went(two, product_owner):
    kept, gone = two
    gone.merge_into(kept, by=product_owner.user)

    page = product_owner.get(gone.get_absolute_url()).text

    assert "now counts its evidence" in " ".join(page.split()) and "Nobody yet" not in page


def test_undo_gives_the_evidence_back(two, product_owner):
    kept, gone = two
    gone.merge_into(kept, by=product_owner.user)

    gone.undo(Change.objects.about(gone).first(), by=product_owner.user)

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.evidence, gone.evidence) == (5, 6)
    assert gone.state == "ready"


def test_what_took_evidence_in_does_not_let_go_of_it_alone(two, product_owner):
    kept, gone = two
    gone.merge_into(kept, by=product_owner.user)
    took_in = Change.objects.about(kept).first()

    response = product_owner.post(f"/teams/{kept.team.slug}/changes/{took_in.pk}/undo/")

    kept.refresh_from_db()
    assert response.status_code == 404 and kept.evidence == 11


def test_a_merge_is_not_undone_once_its_evidence_went_on(two, product_owner, team):
    last, first = two
    between = ready_opportunity(team, product_owner.user, earlier_participants=1)
    first.merge_into(between, by=product_owner.user)
    between.refresh_from_db()
    between.merge_into(last, by=product_owner.user)

    response = product_owner.post(f"/teams/{team.slug}/changes/{Change.objects.about(first).first().pk}/undo/")

    last.refresh_from_db()
    assert response.status_code == 409 and "was itself merged into" in response.text
    assert last.evidence == 12


def test_correcting_the_earlier_figure_keeps_what_was_taken_in(two, product_owner):
    kept, gone = two
    gone.merge_into(kept, by=product_owner.user)
    kept.refresh_from_db()

    kept.edit(by=product_owner.user, earlier_participants=7)

    assert (kept.evidence, kept.sources()[0]) == (13, 0)


def test_nothing_is_merged_into_what_is_itself_merged(two, product_owner, team):
    kept, gone = two
    gone.merge_into(kept, by=product_owner.user)
    third = ready_opportunity(team, product_owner.user)

    with pytest.raises(ValidationError, match="itself merged"):
        third.merge_into(gone, by=product_owner.user)


def test_nothing_is_merged_into_what_an_archived_team_has(two, product_owner, team):
    there = ready_opportunity(TeamFactory(programme=team.programme), product_owner.user)
    there.team.archived_at = timezone.now()
    there.team.save()

    with pytest.raises(ValidationError, match="which is archived"):
        two[1].merge_into(there, by=product_owner.user)


def test_a_thing_is_not_merged_into_itself(two, product_owner):
    with pytest.raises(ValidationError, match="another opportunity"):
        two[1].merge_into(two[1], by=product_owner.user)
