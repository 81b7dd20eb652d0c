import pytest
from django.utils import timezone

from backlog.models import ImportFile, ImportRow, Opportunity, Order
from teams.models import Change
from tests.factories import ThemeFactory, a_stage, make_opportunity, ranked_opportunity

from .importing import HEADINGS, after_work, applied, checked, undone

pytestmark = pytest.mark.django_db
THREE = (
    HEADINGS
    + "A1,Letters come late,Applying,Right first time,8,S,9,Seen in March\nA2,Nobody answers,,,?,,,\nA3,,,,,,,\n"
)


@pytest.fixture
def by(product_owner):
    return product_owner.user


@pytest.fixture
def stage(team):
    return a_stage(team)


@pytest.fixture
def theme(team):
    return ThemeFactory(programme=team.programme, name="Right first time")


def test_a_dry_run_writes_nothing_and_lists_each_bad_row(team, by, stage, theme):
    run = checked(team, by, THREE + "A1,Again,,,4,,many,\n")

    bad = dict(run.rows.filter(action="bad").values_list("number", "problem"))
    assert (run.counts["create"], run.counts["bad"], run.counts["rows"]) == (2, 2, 4)
    assert bad[4] == "Title is missing"
    assert "Value is “4”" in bad[5] and "Participants in earlier research is “many”" in bad[5]
    assert "Row 2 has the same reference" in bad[5]
    assert not Opportunity.objects.exists() and not Change.objects.exists()


def test_a_row_that_sums_up_the_others_is_no_opportunity(team, by, stage, theme):
    run = checked(team, by, "Title,Evidence\nLetters come late,4\nTotal costs are unknown,2\n Grand total: ,6\n")

    assert [*run.rows.filter(action="bad").values_list("number", "problem")] == [
        (4, "It sums up the others and is no opportunity")
    ]


def test_what_is_complete_becomes_ready_to_review_and_the_rest_new(team, by, stage, theme):
    run = applied(team, by, THREE)

    first, second = Opportunity.objects.order_by("number")
    assert (run.state, run.counts["created"]) == ("applied", 2)
    assert (first.reference, first.state, first.value, first.size, first.evidence) == ("HOU-1", "ready", 8, 2, 9)
    assert (first.stage, list(first.themes.all()), first.scored_by) == (stage, [theme], by)
    assert (second.reference, second.state, second.value, second.scored_by) == ("HOU-2", "new", None, None)
    assert Change.objects.about(first).get().words == "added it by importing backlog.csv"
    assert not ImportFile.objects.exists()


def test_the_numbers_of_an_import_and_of_other_work_never_meet(team, by):
    make_opportunity(team, by)
    applied(team, by, "Title\nOne\nTwo\n")

    assert make_opportunity(team, by).reference == "HOU-4"


def test_importing_again_updates_by_reference_and_never_duplicates(team, by, stage, theme):
    applied(team, by, THREE)
    again = applied(team, by, THREE)
    changed = applied(team, by, THREE.replace("Letters come late", "Letters come after the date"))

    assert (again.counts["create"], again.counts["update"], again.counts["unchanged"]) == (0, 0, 2)
    assert (changed.counts["updated"], Opportunity.objects.count()) == (1, 2)
    one = Opportunity.objects.get(source_key="A1")
    assert (one.title, one.version) == ("Letters come after the date", 2)
    assert Change.objects.about(one)[0].words == "changed by importing backlog.csv: title"


def test_our_own_reference_finds_its_opportunity_and_no_other_teams(team, by):
    mine = make_opportunity(team, by)
    run = applied(team, by, "Throughline reference,Title\nhou-1,New words\nBER-1,Foreign\n")

    mine.refresh_from_db()
    assert mine.title == "New words"
    assert run.rows.get(action="bad").problem == "BER-1 is not an opportunity of Housing"


def test_an_empty_cell_leaves_what_is_there(team, by, stage, theme):
    applied(team, by, THREE)
    applied(team, by, HEADINGS + "A1,New words,,,,,,\n")

    one = Opportunity.objects.get(source_key="A1")
    assert (one.title, one.stage, one.value, one.evidence_note) == ("New words", stage, 8, "Seen in March")


def test_what_somebody_changed_after_the_check_stays(team, by):
    applied(team, by, "Ref,Title\nA,One\nB,Two\n")
    run = checked(team, by, "Ref,Title\nA,First\nB,Second\n")
    Opportunity.objects.get(source_key="A").edit(by=by, title="Edited by hand")
    run.apply(by=by)
    after_work(run)

    assert set(Opportunity.objects.values_list("title", flat=True)) == {"Edited by hand", "Second"}
    assert (run.counts["updated"], run.counts["kept"]) == (1, 1)


def test_an_import_does_not_rescore_what_was_decided(team, by):
    one = ranked_opportunity(team, by, 5, 2, source_key="A")
    run = applied(team, by, "Ref,Value,Size,Title\nA,8,XS,Other words\n")

    one.refresh_from_db()
    assert (one.value, one.size, one.title) == (5, 2, "Other words")
    assert "so its value and size stayed as it was" in run.rows.get().warning


def test_more_evidence_moves_a_ranked_item_to_where_it_now_belongs(team, by):
    first = ranked_opportunity(team, by, 5, 2, earlier_participants=9)
    second = ranked_opportunity(team, by, 5, 2, source_key="B")
    applied(team, by, "Ref,Title,Participants\nB,Same score more people,20\n")

    assert list(Order.locked(team.programme_id).items()) == [second, first]


def test_names_that_are_not_known_are_left_out_or_created(team, by):
    text = "Title,Theme,Stage,Services\nOne,Tell us once,Moving in,Repairs; Lettings\n"
    run = checked(team, by, text)
    assert run.unknown["services"] == {"repairs": ["Repairs", 1], "lettings": ["Lettings", 1]}

    applied(team, by, text, themes={"tell us once": "create"}, stage={"moving in": "create"}, services={})

    one = Opportunity.objects.get()
    assert ([str(theme) for theme in one.themes.all()], str(one.stage)) == (["Tell us once"], "Moving in")
    assert not one.services.exists() and one.stage_position == 1


def test_a_comma_in_a_name_does_not_cut_it(team, by):
    ThemeFactory(programme=team.programme, name="One council, tell us once")
    ThemeFactory(programme=team.programme, name="Nobody left out")
    applied(
        team,
        by,
        'Title,Theme\nA,"One council, tell us once"\nB,"Nobody left out, One council; One council, tell us once"\n',
    )

    a, b = Opportunity.objects.order_by("number")
    assert [str(theme) for theme in a.themes.all()] == ["One council, tell us once"]
    assert b.themes.count() == 2


def test_titles_that_exist_are_pointed_out(team, by):
    make_opportunity(team, by, title="Letters come late")
    run = checked(team, by, "Title\nLETTERS come  late.\nNew\nnew\n")

    warnings = dict(run.rows.exclude(warning="").values_list("number", "warning"))
    assert warnings == {2: "HOU-1 has the same title", 4: "Row 3 has the same title"}


def test_undo_removes_what_is_new_and_puts_back_what_was_there(team, by, stage, theme):
    applied(team, by, THREE)
    before = list(Opportunity.objects.values())
    run = applied(
        team, by, THREE.replace("9,Seen", "12,Seen").replace("A2,Nobody", "A2,Nobody ever") + "A9,New one,,,,,,\n"
    )
    assert Opportunity.objects.count() == 3

    undone(run, by)

    after = list(Opportunity.objects.values())
    for old, new in zip(before, after, strict=True):
        assert {**new, "version": 0} == {**old, "version": 0}
    assert (run.state, run.counts["removed"], run.counts["restored"], run.counts["stayed"]) == ("undone", 1, 2, 0)


def test_undo_keeps_what_people_touched_and_says_why(team, by):
    run = applied(team, by, "Ref,Title\nA,One\nB,Two\nC,Three\n")
    a, b, _ = Opportunity.objects.order_by("number")
    a.edit(by=by, title="Edited")
    b.comments.create(author=by, author_name=by.name, text="Good")

    undone(run, by)

    assert set(Opportunity.objects.values_list("title", flat=True)) == {"Edited", "Two"}
    kept = dict(run.rows.exclude(kept="").values_list("number", "kept"))
    assert kept == {2: "Somebody has changed it since", 3: "Something else now belongs to it: comment"}
    assert (run.counts["removed"], run.counts["stayed"]) == (1, 2)


def test_undo_takes_away_the_names_it_brought_unless_they_are_used(team, by):
    text = "Title,Theme,Stage\nOne,Tell us once,Moving in\n"
    run = applied(team, by, text, themes={"tell us once": "create"}, stage={"moving in": "create"})
    make_opportunity(team, by, themes=team.programme.themes.all())

    undone(run, by)

    assert team.programme.themes.count() == 1
    assert not team.journeys.exists()


@pytest.mark.parametrize("work", ["check", "apply", "undo"])
def test_work_that_runs_twice_does_no_harm(team, by, work):
    from teams import jobs

    run = checked(team, by, "Ref,Title\nA,One\n")
    run.apply(by=by)
    after_work(run)
    if work == "undo":
        undone(run, by)
    job = run.job
    type(job).objects.filter(pk=job.pk).update(state="waiting", attempts=0)
    count = Opportunity.objects.count(), ImportRow.objects.count(), Change.objects.count()

    jobs.do_next()

    assert (Opportunity.objects.count(), ImportRow.objects.count(), Change.objects.count()) == count


def test_an_import_that_waits_while_the_team_is_archived_does_nothing(team, by):
    run = checked(team, by, "Title\nOne\n")
    run.apply(by=by)
    team.archived_at = timezone.now()
    team.save()

    after_work(run)

    assert "was archived before the import began" in run.job.problem
    assert not Opportunity.objects.exists()
