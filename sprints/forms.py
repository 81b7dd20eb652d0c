"""What people may send about blockers. Forms clean input; the rules are the models'."""

from django import forms

from backlog.review_forms import with_services
from sprints.models import Blocker, Category, Track
from sprints.models.blocker_limits import MOST
from teams import privacy
from teams.forms import Versioned, day, words
from teams.models import User

HINT = "Do not name research participants or customers"


def ask_about_people(form, *names):
    """Words that look like personal data are saved only when the person says so: a warning, never a block."""
    warning = privacy.warning(*(form.cleaned_data.get(name, "") for name in names))
    if warning and not form.data.get("as_it_is"):
        form.fields["as_it_is"] = forms.BooleanField(label="Nobody can be told from it: save it as it is")
        form.add_error("as_it_is", warning)


class BlockerForm(forms.ModelForm):
    """The words and facts of a blocker; used to raise one and to edit one."""

    class Meta:
        model = Blocker
        fields = ["title", "needed", "impact", "risks_goal", "story", "category", "waiting_on", "expected_by"]
        labels = {
            "title": "What is in the way?",
            "needed": "What do you need?",
            "impact": "How serious is it?",
            "risks_goal": "It puts the sprint goal at risk",
            "category": "What kind of thing is it?",
            "waiting_on": "Who are you waiting on?",
        }
        help_texts = {
            "title": "In one line",
            "needed": f"What would unblock it, from whom. {HINT}",
            "waiting_on": "A person, team or organisation. Leave it empty when you do not know",
        }
        widgets = {
            "title": forms.TextInput(attrs={"data-draft": ""}),
            "needed": forms.Textarea(attrs={"rows": 3, "data-draft": ""}),
            "impact": forms.RadioSelect,
        }
        error_messages = {"title": {"required": "Say what is in the way"}}

    story = forms.CharField(
        label="Which story does it hold up?",
        max_length=20,
        required=False,
    )
    expected_by = day("When do you expect it?", hint="Leave it empty when nobody has said")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.team = team
        hint = f"A reference, such as {team.prefix}-17. Leave it empty when there is none"
        self.fields["story"].help_text = hint

    def clean_story(self):
        reference = self.cleaned_data["story"].upper()
        story = self.team.stories.filter(reference=reference).first() if reference else None
        if reference and story is None:
            raise forms.ValidationError(f"There is no story {reference} in {self.team}")
        return story

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "title", "needed", "waiting_on")
        return cleaned

    def facts(self) -> dict:
        """What `Blocker.objects.add` and `blocker.edit` take."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "as_it_is")}

    def _post_clean(self):
        """Validate without touching the instance: the model's verbs write it."""


class OwnerForm(forms.Form):
    owner = forms.ModelChoiceField(
        queryset=None, empty_label="Choose somebody", error_messages={"required": "Choose who owns it"}
    )

    def __init__(self, data, *, blocker):
        super().__init__(data, initial={"owner": blocker.owner_id})
        self.fields["owner"].queryset = blocker.people_in_team()


class EscalateForm(forms.Form):
    to = forms.ModelChoiceField(
        queryset=None,
        label="To whom?",
        empty_label="Choose somebody",
        help_text="Somebody in the team, or a service lead of the programme. They get a letter",
        error_messages={"required": "Choose whom to ask"},
    )
    ask = words(
        "What do you ask them to do?",
        300,
        "Say what you ask them to do",
        "One thing that somebody can say yes to. They see the blocker, and nothing else of the team",
    )
    answer_by = day("By when?", "Enter the day by which you need an answer")

    def __init__(self, data, *, blocker):
        super().__init__(data)
        self.fields["to"].queryset = blocker.people_to_ask().prefetch_related("led_services__service")
        self.fields["to"].label_from_instance = with_services

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "ask")
        return cleaned

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("to", "ask", "answer_by")}


class SayingForm(forms.Form):
    """One line that goes with what is done: how it was resolved, what the answer is."""

    def __init__(self, data, *, name, label, missing, hint="", most=300):
        super().__init__(data)
        self.name = name
        self.fields[name] = words(label, most, missing, hint or HINT)

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, self.name)
        return cleaned

    def facts(self):
        return {self.name: self.cleaned_data[self.name]}


class UpdateForm(forms.Form):
    text = forms.CharField(
        label="What has happened?",
        max_length=1000,
        help_text=HINT,
        widget=forms.Textarea(attrs={"rows": 2, "data-draft": ""}),
        error_messages={"required": "Say what has happened"},
    )

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "text")
        return cleaned


class LimitsForm(Versioned):
    """After how many working days the team is reminded."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in [
            ("ageing", "A blocker is ageing after"),
            ("escalate", "Escalation is due after"),
            ("escalate_goal", "Escalation is due, when the sprint goal is at risk, after"),
            ("quiet", "“Is this still blocked?” is asked without an update for"),
        ]:
            self.fields[name] = forms.IntegerField(
                label=label,
                min_value=1,
                max_value=MOST,
                help_text="Working days",
                error_messages={"required": f"Enter a number of working days, 1 to {MOST}"},
            )


class LedgerFilters(forms.Form):
    """What of the ledger is shown. A query that makes no sense shows everything that is open."""

    show = forms.ChoiceField(
        choices=[("", "Open"), ("resolved", "Resolved"), ("withdrawn", "Withdrawn")], required=False
    )
    kind = forms.ChoiceField(choices=[("", "Any kind"), *Category.choices], required=False)
    whose = forms.ChoiceField(
        label="Owner", choices=[("", "Anybody"), ("mine", "Me"), ("raised", "Raised by me")], required=False
    )

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class TalkAfterForm(forms.Form):
    text = words("What about?", 200, "Say what there is to talk about", HINT)
    people = forms.ModelMultipleChoiceField(
        queryset=None, label="Who stays?", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data, *, team):
        super().__init__(data)
        current = team.memberships.current().values("user")
        self.fields["people"].queryset = User.objects.filter(pk__in=current).order_by("name", "pk")

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "text")
        return cleaned

    def facts(self):
        return {name: self.cleaned_data[name] for name in ("text", "people")}


class GoalCheckForm(forms.Form):
    track = forms.ChoiceField(choices=Track, widget=forms.RadioSelect, label="How does the sprint goal stand?")
