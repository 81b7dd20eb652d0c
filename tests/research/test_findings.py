"""From notes to findings, and from findings to work that keeps its source."""

import uuid

import pytest
from django.urls import reverse

from backlog.models import Journey, Kind, Opportunity, Stage, Story
from research import evidence, spawn
from research.finding_forms import FindingForm
from research.models import Finding, FindingState, Reading
from tests.factories import JourneyFactory, StageFactory, TeamFactory, make_story, ready_opportunity
from tests.research.making import a_finding, a_round, a_session, noted

pytestmark = pytest.mark.django_db
SAID = "I signed where they pointed"


@pytest.fixture
def notes(session, by):
    return noted(session, by, SAID, "Kept the agreement in a drawer")


@pytest.fixture
def finding(round_, notes, by):
    return a_finding(round_, by, *notes)


def address(name, finding, *more):
    return reverse(f"research:{name}", args=[finding.team.slug, finding.pk, *more])


def test_selected_notes_become_a_finding_and_sending_twice_makes_one(product_owner, round_, notes):
    answers = {"pick": [one.pk for one in notes], "statement": "Nobody explains it", "key": str(uuid.uuid4())}
    for _ in range(2):
        page = product_owner.post(reverse("research:group", args=[round_.team.slug, round_.pk]), answers, follow=True)

    finding = Finding.objects.get()
    assert (finding.people, finding.observations.count(), finding.state) == (1, 2, FindingState.DRAFT)
    assert "“Nobody explains it” rests on 1 person now" in page.text


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"statement": "Nobody explains it"}, "Select at least one observation"),
        ({"pick": "own"}, "Choose a finding, or say in one sentence what a new one is"),
        ({"pick": "own", "statement": "Ring 07700 900123"}, "This looks like a phone number"),
    ],
)
def test_a_mistake_keeps_the_selection(product_owner, round_, notes, answers, sentence):
    if "pick" in answers:
        answers = answers | {"pick": notes[0].pk}

    response = product_owner.post(reverse("research:group", args=[round_.team.slug, round_.pk]), answers)

    assert response.status_code == 422 and sentence in response.text
    assert ("checked>" in response.text) is ("pick" in answers)


def test_notes_of_another_round_are_not_to_be_had(product_owner, team, by, round_):
    other = noted(a_session(a_round(team, by, name="Other"), by), by, SAID)
    answers = {"pick": other[0].pk, "statement": "Nobody explains it"}

    response = product_owner.post(reverse("research:group", args=[team.slug, round_.pk]), answers)

    assert response.status_code == 422 and not Finding.objects.exists()


def test_notes_are_filtered(researcher, round_, notes, by):
    noted(a_session(round_, by), by, "Two buses away", kind="context")
    url = reverse("research:analysis", args=[round_.team.slug, round_.pk])

    assert "Two buses away" not in researcher.get(f"{url}?kind=said").text
    assert SAID not in researcher.get(f"{url}?q=buses").text
    assert SAID in researcher.get(f"{url}?kind=nonsense&session=999999999999999999999&show=x").text


def test_analysis_asks_no_more_for_many_notes(researcher, round_, by, at_most):
    for _ in range(3):
        a_finding(round_, by, *noted(a_session(round_, by), by, *[f"Line {n} of what was seen" for n in range(40)]))

    with at_most(16):
        page = researcher.get(reverse("research:analysis", args=[round_.team.slug, round_.pk]))
    assert page.text.count('name="pick"') == 100 and "Next notes" in page.text


def test_who_reads_all_notes_is_written_down(product_owner, round_, notes):
    product_owner.get(reverse("research:analysis", args=[round_.team.slug, round_.pk]))

    assert Reading.objects.get().round == round_


@pytest.mark.parametrize(("person", "status"), [("researcher", 302), ("product_owner", 302), ("member", 403)])
def test_who_agrees(request, finding, person, status):
    someone = request.getfixturevalue(person)

    assert someone.post(address("finding_state", finding), {"to": "agreed"}).status_code == status

    finding.refresh_from_db()
    assert finding.is_agreed is (status == 302)


def test_new_words_have_to_be_agreed_again(member, finding, by):
    finding.agree(by=by)
    answers = {"statement": "They sign unread", "kind": "pain_point", "version": finding.version}

    member.post(address("edit_finding", finding), answers)

    finding.refresh_from_db()
    assert (finding.statement, finding.state) == ("They sign unread", FindingState.DRAFT)


def test_two_who_edit_at_once_see_both_texts(member, finding):
    answers = {"kind": "need", "version": finding.version}
    member.post(address("edit_finding", finding), answers | {"statement": "Their words"})

    response = member.post(address("edit_finding", finding), answers | {"statement": "My words"})

    assert response.status_code == 409 and "Their words" in response.text and "My words" in response.text


def test_a_member_reads_the_finding_and_not_the_notes(member, product_owner, finding):
    assert SAID not in member.get(finding.get_absolute_url()).text
    assert SAID in product_owner.get(finding.get_absolute_url()).text


def test_it_is_split_and_merged_on_pages(product_owner, finding, notes):
    product_owner.post(address("split_finding", finding), {"pick": notes[1].pk, "statement": "It is put away unread"})
    new = Finding.objects.get(statement="It is put away unread")
    page = product_owner.post(address("merge_finding", new), {"into": finding.pk}, follow=True)

    new.refresh_from_db()
    assert "Merged. It rests on 1 person now" in page.text
    assert new.superseded_by == finding and finding.observations.count() == 2


def test_notes_are_taken_out_and_their_people_with_them(product_owner, finding):
    first, second = finding.observations.all()

    for note in (first, second, second):  # a double click
        page = product_owner.post(address("ungroup_note", finding, note.pk), follow=True)

    finding.refresh_from_db()
    assert finding.people == 0
    assert page.text.count("took 1 observation out of it") == 2


def test_only_who_reads_notes_takes_them_out(member, finding):
    note = finding.observations.first()

    assert member.post(address("ungroup_note", finding, note.pk)).status_code == 403
    assert finding.observations.contains(note)


@pytest.mark.parametrize(
    ("what", "model", "kind"),
    [("story", Story, Kind.USER_STORY), ("bug", Story, Kind.BUG), ("opportunity", Opportunity, None)],
)
def test_a_finding_becomes_work_in_two_clicks(member, finding, what, model, kind):
    url = address("spawn_from_finding", finding, what)
    page = member.get(url)
    assert f'value="{finding.statement}"' in page.text

    answers = {"title": finding.statement, "key": str(uuid.uuid4())}
    for _ in range(2):
        shown = member.post(url, answers, follow=True)

    made = model.objects.get()
    assert made.title == finding.statement and made in [*finding.stories.all(), *finding.opportunities.all()]
    assert "Came from:" in shown.text and kind in (None, getattr(made, "kind", None))


def test_an_opportunity_from_a_finding_counts_its_people_and_can_be_reviewed(member, by, finding):
    made = spawn.from_finding(finding, "opportunity", "Agreements nobody understands", by=by)

    made.refresh_from_db()
    assert made.evidence == 1


def test_an_observation_becomes_a_story_that_outlives_it(researcher, session, notes, by):
    url = reverse("research:spawn_from_observation", args=[session.round.team.slug, session.pk, notes[0].pk, "story"])
    researcher.post(url, {"title": "Explain the agreement before it is signed"})
    story = Story.objects.get()
    notes[0].remove(by=by)

    page = researcher.get(reverse("backlog:story", args=[story.reference])).text

    assert "Came from:" in page and session.round.name in page and session.code in page


def test_only_who_reads_the_notes_spawns_from_them(member, session, notes):
    url = reverse("research:spawn_from_observation", args=[session.round.team.slug, session.pk, notes[0].pk, "story"])

    assert member.post(url, {"title": "Explain it"}).status_code == 403


def test_it_is_linked_by_reference_within_the_programme_only(member, outsider, finding, by):
    mine = ready_opportunity(finding.team, by)
    theirs = ready_opportunity(outsider.user.memberships.get().team, outsider.user)

    refused = member.post(address("link_finding", finding), {"reference": theirs.reference})
    member.post(address("link_finding", finding), {"reference": mine.reference.lower()})

    assert refused.status_code == 422 and "There is no opportunity or story" in refused.text
    assert list(finding.opportunities.all()) == [mine]


def test_removing_a_link_counts_again(member, finding, by):
    opportunity = ready_opportunity(finding.team, by)
    evidence.link(finding, opportunity, by=by)

    member.post(address("unlink_finding", finding, opportunity.reference))

    opportunity.refresh_from_db()
    assert opportunity.evidence == 0 and not finding.opportunities.exists()


# --- The thread and the gaps


def test_the_thread_is_followed_from_either_end(product_owner, finding, by):
    opportunity = ready_opportunity(finding.team, by)
    evidence.link(finding, opportunity, by=by)
    story = make_story(finding.team, by, opportunity=opportunity)

    for url in (
        reverse("research:opportunity_thread", args=[opportunity.reference]),
        reverse("research:story_thread", args=[story.reference]),
    ):
        page = product_owner.get(url).text
        assert all(words in page for words in (SAID, finding.statement, opportunity.title, story.title))


def test_the_thread_shows_a_member_no_raw_words(member, finding, by):
    opportunity = ready_opportunity(finding.team, by)
    evidence.link(finding, opportunity, by=by)

    page = member.get(reverse("research:opportunity_thread", args=[opportunity.reference])).text

    assert finding.statement in page and SAID not in page


def test_the_thread_counts_people_of_earlier_research_too(product_owner, finding, by):
    opportunity = ready_opportunity(
        finding.team, by, earlier_participants=5, earlier_reference="Sign-up observation, 2025"
    )
    url = reverse("research:opportunity_thread", args=[opportunity.reference])
    assert "5 people in earlier" in product_owner.get(url).text

    evidence.link(finding, opportunity, by=by)

    page = " ".join(product_owner.get(url).text.split())
    assert SAID in page and "And 5 people in earlier research: Sign-up observation, 2025." in page


def test_whoever_splits_a_finding_sees_whose_words_they_part(researcher, finding):
    page = " ".join(
        researcher.get(reverse("research:split_finding", args=[finding.team.slug, finding.pk])).text.split()
    )

    assert "P1 said</span><label" in page and f"“{SAID}”</label>" in page


def test_gaps_name_findings_that_nothing_came_of(member, finding, by):
    url = reverse("research:gaps", args=[finding.team.slug])
    finding.agree(by=by)
    assert finding.statement in member.get(url).text

    evidence.link_story(finding, make_story(finding.team, by), by=by)

    assert finding.statement not in member.get(url).text


def test_the_programme_finds_what_is_agreed_and_nothing_else(member, outsider, finding, by):
    url = reverse("research:programme_findings", args=[finding.team.programme.slug])
    assert finding.statement not in member.get(url).text

    finding.agree(by=by)

    assert finding.statement in member.get(f"{url}?q=agreement").text
    assert finding.statement not in member.get(f"{url}?q=heating").text
    assert outsider.get(url).status_code == 404


def test_a_finding_of_ones_own_team_is_a_step_away_from_the_search(member, finding, team, by):
    theirs = a_finding(a_round(TeamFactory(programme=team.programme, name="Parking"), by), by)
    for one in (finding, theirs):
        one.agree(by=by)

    page = member.get(reverse("research:programme_findings", args=[team.programme.slug])).text

    assert page.count(finding.statement) == 2
    assert finding.get_absolute_url() in page and theirs.get_absolute_url() not in page


def test_the_journey_shows_pain_points_where_people_meet_them(member, finding, by):
    stage = StageFactory(journey=JourneyFactory(team=finding.team), name="Signing up")
    finding.edit(by=by, stage=stage)

    page = member.get(stage.journey.get_absolute_url()).text

    assert page.count(finding.statement) == 2  # on the map and in the list
    assert f'href="{finding.get_absolute_url()}"' in page


def test_touchpoints_of_two_journeys_are_told_apart(team, by):
    for name in ("As it is", "To be"):
        journey = Journey.objects.create(team=team, name=name, slug=name.lower().replace(" ", "-"))
        Stage.objects.create(journey=journey, name="Moving in", position=1).add_touchpoint("Keys", by=by)

    field = FindingForm(team=team).fields["touchpoint"]

    assert [field.label_from_instance(one) for one in field.queryset] == [
        "Moving in (As it is): Keys",
        "Moving in (To be): Keys",
    ]
