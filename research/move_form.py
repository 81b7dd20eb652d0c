from django import forms

from backlog.forms import MoveForm

ELSEWHERE = "Choose another item of the same part of the page"


class MoveItemForm(MoveForm):
    """Within its part of the page, where the others are few enough to choose from."""

    def __init__(self, data, *, item):
        super().__init__(data, team=item.playback.team)
        there = item.playback.items.in_use().filter(part=item.part).exclude(pk=item.pk).in_order()
        self.fields["to"].choices = [
            (to, label.replace("opportunity", "item")) for to, label in self.fields["to"].choices
        ]
        self.fields["other"] = forms.ChoiceField(
            label="The item it should stand above or below",
            choices=[("", "None chosen"), *((str(one.pk), one.headline) for one in there)],
            required=False,
            error_messages={"invalid_choice": ELSEWHERE},
        )

    def clean(self):
        cleaned = super().clean()
        if self.has_error("other"):
            self.errors["other"] = self.error_class([ELSEWHERE])
        return cleaned
