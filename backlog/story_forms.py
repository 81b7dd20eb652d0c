"""What people may send about stories. Forms clean input; the rules are the models'."""

from django import forms
from django.core.validators import URLValidator
from django.db.models import Q

from backlog.models import AccessNeed, Kind, Opportunity, Story, StoryChannel, UserGroup
from backlog.models.story_rows import LONGEST_TITLE
from backlog.models.story_states import POINTS
from teams.models import User

POINT_CHOICES = [("", "? not yet known"), *((n, f"{n}, split this" if n == 13 else str(n)) for n in POINTS)]
HIDDEN_VERSION = {"widget": forms.HiddenInput, "required": False, "min_value": 1, "max_value": 2**31 - 1}


def people_of(team):
    """Whoever a story can be given to."""
    return User.objects.filter(memberships__in=team.memberships.current()).distinct().order_by("name")


class Reference(forms.CharField):
    """A reference of the team's own, as its thing."""

    def __init__(self, rows, **options):
        super().__init__(max_length=20, required=False, **options)
        self.rows = rows

    def clean(self, value):
        text = super().clean(value).upper()
        if not text:
            return None
        found = self.rows.filter(reference=text).first()
        if found is None:
            raise forms.ValidationError(f"{text} is not an opportunity of this team")
        return found

    def prepare_value(self, value):
        return getattr(value, "reference", value)


class StoryForm(forms.Form):
    """The words and facts of a story; used to add one and to edit one."""

    kind = forms.ChoiceField(label="Type", choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.USER_STORY)
    title = forms.CharField(
        max_length=LONGEST_TITLE, required=False, help_text="A user story without a title is called by its need"
    )
    actor = forms.CharField(
        label="As", max_length=150, required=False, help_text="Who it is for, such as: someone without internet"
    )
    need = forms.CharField(label="I need to", max_length=300, required=False)
    so_that = forms.CharField(label="So that", max_length=300, required=False)
    criteria = forms.CharField(
        label="It’s done when",
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-draft": ""}),
        help_text="One acceptance criterion on each line",
    )
    points = forms.TypedChoiceField(label="Size", choices=POINT_CHOICES, coerce=int, empty_value=None, required=False)
    assignee = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody yet")
    channel = forms.ChoiceField(choices=[("", "Not said"), *StoryChannel.choices], required=False)
    user_group = forms.CharField(max_length=80, required=False, help_text="The kind of user it is for, such as: carers")
    access_needs = forms.MultipleChoiceField(
        choices=AccessNeed.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    assisted_digital = forms.BooleanField(required=False, help_text="For people who need help to do this online")
    source = forms.CharField(
        label="Where it came from",
        max_length=300,
        required=False,
        help_text="A research session, a report, a request. Do not name research participants",
    )
    description = forms.CharField(
        label="Notes", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4, "data-draft": ""})
    )
    version = forms.IntegerField(**HIDDEN_VERSION)

    def __init__(self, data, *, team, story=None, given=None):
        super().__init__(data, initial=facts_of(story) if story else given)
        self.team = team
        own = Q(team=team) | Q(pk=story.opportunity_id if story else None)  # its own, also where it was merged to
        parent = Reference(
            Opportunity.objects.filter(own),
            label="Parent opportunity",
            help_text=f"A reference, such as {team.prefix}-17",
        )
        self.fields["opportunity"] = parent
        people = people_of(team)
        if story and story.assignee_id:
            people = people | User.objects.filter(pk=story.assignee_id).distinct()  # also after they have left
        self.fields["assignee"].queryset = people
        groups = [group.name for group in team.user_groups.all()]
        self.fields["user_group"].widget.attrs["list"] = "user-groups"
        self.user_groups = groups

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("title") and not cleaned.get("need") and not self.errors:
            self.add_error("title", "Enter a title, or what the user needs")
        return cleaned

    def clean_criteria(self):
        lines = [line.strip() for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        if any(len(line) > 300 for line in lines):
            raise forms.ValidationError("Use at most 300 characters for each criterion")
        return lines

    def facts(self) -> dict:
        """What `Story.objects.add` and `story.edit` take; a user group named for the first time is made."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        name = facts["user_group"]
        facts["user_group"] = UserGroup.objects.named(self.team, name) if name else None
        return facts


def facts_of(story) -> dict:
    plain = ["kind", "title", "actor", "need", "so_that", "points", "channel", "access_needs", "assisted_digital"]
    return {name: getattr(story, name) for name in [*plain, "source", "description", "version", "opportunity"]} | {
        "criteria": "\n".join(criterion.text for criterion in story.criteria.all()),
        "assignee": story.assignee_id,
        "user_group": story.user_group.name if story.user_group else "",
    }


class LinkForm(forms.Form):
    """An address of the web, or a reference that its writer may open."""

    title = forms.CharField(label="What it is", max_length=120, error_messages={"required": "Say what it is"})
    address = forms.CharField(
        label="Address or reference",
        max_length=500,
        help_text="Such as https://prototype.example/pack or HOU-48",
        error_messages={"required": "Enter an address or a reference"},
    )

    def __init__(self, data, *, programme, by):
        super().__init__(data)
        self.programme, self.by = programme, by

    def clean_address(self):
        text = self.cleaned_data["address"].strip()
        for model in (Opportunity, Story):
            seen = model.objects.seen_by(self.by).filter(programme=self.programme)
            if found := seen.filter(reference=text.upper()).first():
                return found.get_absolute_url()
        URLValidator(schemes=["http", "https"], message="Enter an address that begins with https://, or a reference")(
            text
        )
        return text
