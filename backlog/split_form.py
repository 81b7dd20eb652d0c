from django import forms

from backlog.models.story_rows import LONGEST_TITLE
from backlog.story_forms import HIDDEN_VERSION, POINT_CHOICES


class PartsForm(forms.Form):
    """What a story is split into: titles, sizes and who gets which criteria."""

    PARTS = 5

    def __init__(self, data, *, story):
        super().__init__(data)
        self.criteria = list(story.criteria.all())
        for number in range(1, self.PARTS + 1):
            self.fields[f"title_{number}"] = forms.CharField(max_length=LONGEST_TITLE, required=False, label="Title")
            self.fields[f"points_{number}"] = forms.TypedChoiceField(
                choices=POINT_CHOICES, coerce=int, empty_value=None, required=False, label="Size"
            )
        for criterion in self.criteria:
            self.fields[f"criterion_{criterion.pk}"] = forms.TypedChoiceField(
                choices=[(n, f"Story {n}") for n in range(1, self.PARTS + 1)], coerce=int, initial=1,
                label=criterion.text,
            )  # fmt: skip
        self.fields["version"] = forms.IntegerField(**HIDDEN_VERSION, initial=story.version)

    def clean(self):
        cleaned = super().clean()
        named = {n for n in range(1, self.PARTS + 1) if cleaned.get(f"title_{n}")}
        if len(named) < 2:
            self.add_error("title_2" if 1 in named else "title_1", "Enter at least two titles")
        for criterion in self.criteria:
            name = f"criterion_{criterion.pk}"
            if len(named) >= 2 and cleaned.get(name) and cleaned[name] not in named:
                self.add_error(name, f"Story {cleaned[name]} has no title. Choose one that has")
        return cleaned

    def parts(self) -> list:
        """(title, points, criteria) of each that has a title."""
        answers = self.cleaned_data
        return [
            (
                answers[f"title_{n}"],
                answers[f"points_{n}"],
                [one.text for one in self.criteria if answers[f"criterion_{one.pk}"] == n],
            )
            for n in range(1, self.PARTS + 1)
            if answers[f"title_{n}"]
        ]

    def rows(self) -> list:
        return [(n, self[f"title_{n}"], self[f"points_{n}"]) for n in range(1, self.PARTS + 1)]

    def lots(self) -> list:
        return [self[f"criterion_{one.pk}"] for one in self.criteria]
