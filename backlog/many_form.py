"""Several stories at once, one on each line."""

import re

from django import forms

from backlog.models import Kind
from backlog.models.story_rows import LONGEST_TITLE

MOST_LINES = 50
NARRATIVE = re.compile(
    r"as (?:an? )?(?P<actor>.+?),? (?:I|we) (?:need|want) to (?P<need>.+?)(?:,? so that (?P<so_that>.+))?",
    re.IGNORECASE,
)
KIND = re.compile(r"(?P<kind>story|bug|task)\s*:\s*", re.IGNORECASE)


class ManyForm(forms.Form):
    lines = forms.CharField(
        label="One on each line",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "data-draft": ""}),
        error_messages={"required": "Enter at least one line"},
        help_text="A title, or “As a carer, I need to print the pack so that…”. Begin a bug with “bug:”, a task with "
        "“task:”",
    )

    def clean_lines(self):
        lines = enumerate(self.cleaned_data["lines"].splitlines(), 1)  # counted as they are seen, with the empty ones
        drafts = {number: draft_from(line.strip()) for number, line in lines if line.strip()}
        if len(drafts) > MOST_LINES:
            raise forms.ValidationError(f"Enter {MOST_LINES} lines at most; these are {len(drafts)}")
        first_with = {}
        for number, draft in drafts.items():
            if (first := first_with.setdefault(_said(draft), number)) != number:
                raise forms.ValidationError(f"Line {number} says the same as line {first}. Take one of them out")
            if len(draft.get("title", "")) > LONGEST_TITLE or len(draft.get("actor", "")) > LONGEST_TITLE:
                raise forms.ValidationError(f"Line {number} is longer than {LONGEST_TITLE} characters")
            if max(len(draft.get("need", "")), len(draft.get("so_that", ""))) > 300:
                raise forms.ValidationError(f"Line {number} says more than 300 characters of one thing")
            if not (draft.get("title") or draft.get("need")):
                raise forms.ValidationError(f"Line {number} has no title")
        return [*drafts.values()]


def _said(draft):
    return tuple((name, " ".join(words.casefold().split())) for name, words in sorted(draft.items()))


def draft_from(line) -> dict:
    """The fields that one typed line stands for."""
    said = KIND.match(line)
    kind = {"bug": Kind.BUG, "task": Kind.TASK}.get(said["kind"].lower() if said else "", Kind.USER_STORY)
    words = line[said.end() :] if said else line
    narrative = NARRATIVE.fullmatch(words.rstrip(".")) if kind == Kind.USER_STORY else None
    if narrative:
        return {"kind": kind} | {name: (text or "").strip() for name, text in narrative.groupdict().items()}
    return {"kind": kind, "title": words}
