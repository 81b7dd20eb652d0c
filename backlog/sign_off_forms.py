"""What a team says of its work: when it is ready and done, and who signs it off while the product owner is away."""

from django import forms

from teams.forms import day


class DefinitionsForm(forms.Form):
    ready = forms.CharField(
        label="Definition of Ready",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7, "data-draft": ""}),
        help_text="One line each. Shown where a story is marked as ready",
    )
    done = forms.CharField(
        label="Definition of Done",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7, "data-draft": ""}),
        help_text="One line each. Shown where a story is signed off",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class DeputyForm(forms.Form):
    membership = forms.ModelChoiceField(
        None,
        label="Who",
        empty_label="Choose somebody of the team",
        error_messages={"required": "Choose who", "invalid_choice": "Choose somebody of the list"},
    )
    starts_on = day("First day", "Enter the first day")
    ends_on = day("Last day", "Enter the last day")

    def __init__(self, data, *, team):
        super().__init__(data)
        members = team.memberships.current().besides_product_owners().by_name()
        self.fields["membership"].queryset = members
        self.fields["membership"].label_from_instance = lambda one: one.user.name
