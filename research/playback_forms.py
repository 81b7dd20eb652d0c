"""What people may send about playbacks. Forms clean input; the rules are the models'."""

from django import forms
from django.utils import timezone

from backlog.models import Opportunity, State, Story, StoryState
from backlog.review_forms import People
from research.models import Audience, Finding, FindingState, Part
from research.models.finding import FindingKind
from sprints.forms import ask_about_people
from teams.calendar import next_working_day
from teams.forms import Versioned, day, words
from teams.models import User

MOST_OFFERED = 200


def text(label, rows, most, hint="", **more):
    widget = forms.Textarea(attrs={"rows": rows, "data-draft": ""})
    return forms.CharField(label=label, max_length=most, help_text=hint, widget=widget, required=False, **more)


class NewPlaybackForm(forms.Form):
    title = words("Title", 100, "Enter a title", "What it is called in letters and minutes")
    audience = forms.ChoiceField(
        label="Who is it for?",
        choices=Audience,
        initial=Audience.STAKEHOLDER,
        widget=forms.RadioSelect,
        help_text="Service leads read and answer it. What is for the team only stays inside",
    )
    goal = words(
        "Which goal is it judged against?",
        300,
        "",
        "The goal of the sprint or the phase. It stands first on the page",
        required=False,
    )
    did = text("What we did", 4, 3000, "Two or three plain sentences. No names, dates with places, or quotes")
    next_steps = text("What happens next", 3, 3000)
    reply_by = day("Reply by", hint="Five working days is usual")


class PlaybackForm(Versioned, NewPlaybackForm):
    """The words around the items. Who it is for is settled when it begins."""

    audience = None


class ItemForm(Versioned):
    """How one item is worded. What the team says it learned, without a finding, is of some kind."""

    kind = forms.ChoiceField(
        label="What is it?",
        choices=FindingKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what it is, such as a pain point"},
    )
    headline = words("Headline", 200, "Enter a headline", "One sentence that says it")
    words = text(
        "In plain words", 4, 2000, "What it means for people. No names, codes, quotes or numbers of one or two"
    )
    iteration = forms.IntegerField(label="Iteration", min_value=1, max_value=999, required=False)
    link = forms.URLField(
        label="Where it can be seen",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="An address that readers may open, beginning with https://",
        error_messages={"invalid": "Enter a whole address, like https://www.example.gov.uk/guide"},
    )

    def __init__(self, data=None, *, part, initial=None, has_kind=False):
        super().__init__(data, initial=initial)
        self.part = Part(part)
        if not has_kind:
            del self.fields["kind"]
        if self.part != Part.OUTPUT:
            del self.fields["iteration"], self.fields["link"]

    def clean_link(self):
        link = self.cleaned_data["link"]
        if link and not link.startswith(("https://", "http://")):
            raise forms.ValidationError("Enter an address that begins with https://")
        return link

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "headline", "words")
        cleaned.pop("as_it_is", None)
        return cleaned


class NewItemForm(ItemForm):
    """What was learned may rest on an opportunity, which then says how many people it was heard from."""

    version = None
    opportunity = forms.CharField(
        label="Opportunity it rests on",
        max_length=20,
        required=False,
        help_text="A reference like HOU-17. How many people it was heard from, and the stage, are taken from there",
    )

    def __init__(self, data=None, *, part, team):
        super().__init__(data, part=part, has_kind=part == Part.LEARNED)
        self.team = team
        if self.part != Part.LEARNED:
            del self.fields["opportunity"]

    def clean_opportunity(self):
        reference = self.cleaned_data["opportunity"].strip().upper()
        found = Opportunity.objects.filter(team=self.team, reference=reference).first()
        if reference and not found:
            raise forms.ValidationError(f"There is no {reference} in the team. Enter a reference such as HOU-17")
        return found


class PickForm(forms.Form):
    """Agreed findings, opportunities or stories that are done, which the playback does not hold yet."""

    pick = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one", "list": "Choose at least one"},
    )

    def __init__(self, data, *, playback, part, asked="", review=None, kind=""):
        super().__init__(data)
        every = offered(playback, part)
        self.fields["pick"].queryset = every
        found = every.matching(asked) if asked else every
        found = found.decided_in(review) if review else found
        found = found.filter(kind=kind) if kind else found
        self.offered = found[:MOST_OFFERED]


def offered(playback, part):
    held = playback.items.in_use().filter(part=part)
    if part == Part.STORY:
        done = Story.objects.filter(team=playback.team_id, state=StoryState.DONE)
        return done.exclude(pk__in=held.values("story")).order_by("-number")
    if part == Part.LEARNED:
        agreed = Finding.objects.filter(team=playback.team_id, state=FindingState.AGREED)
        return agreed.exclude(pk__in=held.exclude(finding=None).values("finding")).order_by("-people", "pk")
    known = Opportunity.objects.filter(team=playback.team_id).exclude(state__in=[State.MERGED, State.WONT_DO])
    return known.exclude(pk__in=held.values("opportunity")).order_by("rank", "number")


class ReviewersForm(forms.Form):
    people = People(
        User.objects.none(), label="Who should answer?", error_messages={"required": "Choose at least one person"}
    )

    def __init__(self, data, *, playback):
        super().__init__(data)
        asked = playback.reviewers.with_account().filter(removed_at=None)
        self.fields["people"].queryset = playback.people_to_ask().exclude(pk__in=asked.values("user"))


def suggested_day(team):
    """Five working days from today."""
    date = timezone.localdate()
    for _ in range(5):
        date = next_working_day(date, team.division, team.days_closed())
    return date


class ShareForm(forms.Form):
    """What the check found has to be mended, or said to be harmless where it may be; and somebody has read it all."""

    read = forms.BooleanField(
        label="I have read it as a service lead sees it, and nobody can be told from it",
        error_messages={"required": "Read the preview, then tick that nobody can be told from it"},
    )

    def __init__(self, data, *, problems):
        super().__init__(data)
        self.sure = [one for one in problems if one.is_sure]
        if any(not one.is_sure for one in problems):
            self.fields["harmless"] = forms.BooleanField(
                label="What the check asks about is harmless",
                error_messages={"required": "Mend what the check asks about, or tick that it is harmless"},
            )

    def clean(self):
        if self.sure:
            raise forms.ValidationError("Mend what the check found, then share it")
        return super().clean()
