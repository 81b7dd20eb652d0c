"""What people send while they import: a file or pasted rows, the columns, and what to do with unknown names."""

from django import forms
from django.core.exceptions import ValidationError

from .check import CREATE, LEAVE_OUT
from .fields import FIELDS
from .limits import MAX_BYTES

MOST_PASTED = 2_000_000  # characters: a longer form would be refused as a whole, without a sentence
TOO_BIG = "The file is larger than 5 MB. Remove columns that are not needed, or split it into several files"


class FileForm(forms.Form):
    """One of the two; `source` is the field that the person used, for what is then found wrong with it."""

    file = forms.FileField(
        label="Choose a file",
        required=False,
        allow_empty_file=True,
        help_text="An Excel workbook (.xlsx) or CSV, up to 5 MB and 50,000 rows. The first sheet is read",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    pasted = forms.CharField(
        label="Or paste rows",
        required=False,
        strip=False,
        help_text="Select the rows in your spreadsheet, with the headings, copy them and paste them here",
        widget=forms.Textarea(attrs={"rows": 6, "wrap": "off"}),
    )

    def __init__(self, data=None, files=None, *, file_was_cut=False):
        super().__init__(data, files)
        self.file_was_cut = file_was_cut

    @property
    def source(self):
        return "file" if self.cleaned_data.get("file") else "pasted"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if self.file_was_cut or (file and file.size > MAX_BYTES):
            raise ValidationError(TOO_BIG)
        return file

    def clean_pasted(self):
        if len(self.cleaned_data["pasted"]) > MOST_PASTED:
            raise ValidationError("That is too much to paste. Save the table as a file and choose that")
        return self.cleaned_data["pasted"]

    def clean(self):
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "").strip()
        if self.errors:
            return
        if not file and not pasted:
            self.add_error("file", "Choose a file, or paste rows from your spreadsheet")
        if file and pasted:
            self.add_error("file", "Choose a file or paste rows, not both")

    def content(self) -> bytes:
        file = self.cleaned_data["file"]
        return file.read() if file else self.cleaned_data["pasted"].encode()

    def name(self) -> str:
        file = self.cleaned_data["file"]
        return file.name if file else ""


class ColumnsForm(forms.Form):
    """For each thing that we know of an opportunity, the column of the file that says it."""

    def __init__(self, data=None, *, run, may_set_value):
        super().__init__(data)
        columns = [("", "Not in the file"), *((str(at), _shown(run, at)) for at in range(len(run.columns)))]
        for field in FIELDS:
            if field.key != "value" or may_set_value:
                self.fields[field.key] = forms.ChoiceField(
                    label=field.label,
                    help_text=field.hint,
                    choices=columns,
                    required=False,
                    initial=str(run.mapping[field.key]) if field.key in run.mapping else "",
                    error_messages={"invalid_choice": "Choose a column of the file"},
                )

    def clean(self):
        if self.errors:
            return
        chosen = {}
        for key, at in list(self.cleaned_data.items()):
            if at and at in chosen:
                other = self.fields[chosen[at]].label
                self.add_error(key, f"{self.fields[key].label} and {other} cannot come from the same column")
            chosen[at] = key
        if not self.cleaned_data.get("title") and not self.cleaned_data.get("reference"):
            self.add_error("title", "Choose the column that holds the title")

    def mapping(self) -> dict[str, int]:
        return {key: int(at) for key, at in self.cleaned_data.items() if at}


def _shown(run, at):
    """A heading with its first cell, to tell "Notes" from "Notes"."""
    example = next((cells[at] for cells in run.sample if at < len(cells) and cells[at]), "")
    example = " ".join(example.split())
    if len(example) > 28:
        example = example[:27] + "…"
    return f"{run.columns[at]} (“{example}”)" if example else run.columns[at]


class NamesForm(forms.Form):
    """What to do with each theme, stage and service that the file names and we do not have.

    Stages are the team's own; themes and services belong to the programme, so only its administrator creates them.
    """

    def __init__(self, data=None, *, run, known, may_create_all):
        super().__init__(data)
        self.names = {}  # field → (kind, plain name)
        self.creatable = set()
        for kind, names in run.unknown.items():
            may_create = kind == "stage" or may_create_all
            for at, (key, (name, rows)) in enumerate(names.items()):
                self.names[f"{kind}-{at}"] = (kind, key)
                if may_create:
                    self.creatable.add(f"{kind}-{at}")
                self.fields[f"{kind}-{at}"] = forms.ChoiceField(
                    label=name,
                    help_text=f"{KIND[kind]}, in {rows:,} {'row' if rows == 1 else 'rows'}",
                    choices=[
                        (LEAVE_OUT, "Leave it out"),
                        *([(CREATE, f"Create the {KIND[kind].lower()}")] if may_create else []),
                        ("Use instead", [(str(pk), known_name) for pk, known_name in known[kind]]),
                    ],
                    initial=run.choices.get(kind, {}).get(key, LEAVE_OUT),
                )

    def choices(self, *, create_all=False) -> dict[str, dict[str, str]]:
        chosen = {}
        for field, (kind, key) in self.names.items():
            create = create_all and field in self.creatable
            chosen.setdefault(kind, {})[key] = CREATE if create else self.cleaned_data[field]
        return chosen

    @property
    def says_something_new(self) -> bool:
        """Beside what the rows were checked with. A page that shows no names sends none."""
        return self.is_bound and any(name in self.data for name in self.names) and self.has_changed()


KIND = {"themes": "Theme", "services": "Service", "stage": "Stage"}
