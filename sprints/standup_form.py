"""The three questions. The form cleans; sprints/standup.py does what was answered."""

from dataclasses import dataclass

from django import forms

from sprints.forms import HINT, ask_about_people
from sprints.models import Blocker, StandupEntry

SLOTS = (1, 2, 3)  # blockers that can be raised at once; more are raised from the ledger
LONGEST = StandupEntry._meta.get_field("did").max_length
STILL, RESOLVED = "still", "resolved"
NOTHING, NEW = "nothing", "new"


@dataclass(frozen=True)
class Said:
    version: int
    did: str
    doing: str
    asked: list  # their open blockers, each of which still blocks them or is resolved now
    still: list
    resolved: list
    raised: list


class StandupForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    did = forms.CharField(
        required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3, "data-draft": ""})
    )
    doing = forms.CharField(
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "data-draft": ""}),
        error_messages={"required": "Say what you are going to do"},
    )
    blocking = forms.ChoiceField(
        required=False, choices=[(NOTHING, "Nothing is blocking me"), (NEW, "Add a blocker")], widget=forms.RadioSelect
    )

    def __init__(self, data, *, team, questions, hint="", blockers=(), entry=None, did=""):
        self.team, self.own = team, list(blockers)
        super().__init__(data, initial=_initial(entry, did, self.own))
        self.fields["did"].label, self.fields["doing"].label = questions
        self.fields["did"].help_text = f"{hint}{HINT}"
        self.fields["blocking"].label = "Is anything blocking your work?"
        if self.own:
            self.fields["blocking"].label = "Is anything else blocking your work?"
            self.fields["blocking"].choices = [(NOTHING, "Nothing else is blocking me"), (NEW, "Add a blocker")]
        for blocker in self.own:
            self._ask_about(blocker)
        for slot in SLOTS:
            self._offer(slot)

    def _ask_about(self, blocker):
        self.fields[f"still_{blocker.pk}"] = forms.ChoiceField(
            label=f"Does “{blocker.title}” still block you?",
            choices=[(STILL, "Still blocked"), (RESOLVED, "Resolved")],
            widget=forms.RadioSelect,
            error_messages={"required": f"Say whether “{blocker.title}” still blocks you"},
        )
        self.fields[f"how_{blocker.pk}"] = forms.CharField(
            label="How was it resolved?", max_length=300, required=False, widget=_line()
        )

    def _offer(self, slot):
        title = Blocker._meta.get_field("title").max_length
        self.fields[f"title_{slot}"] = forms.CharField(
            label="What is in the way?", max_length=title, required=False, widget=_line()
        )
        self.fields[f"needed_{slot}"] = forms.CharField(
            label="What do you need?", max_length=300, required=False, widget=_line()
        )
        self.fields[f"story_{slot}"] = forms.CharField(
            label="Which story does it hold up?",
            max_length=20,
            required=False,
            help_text="A reference, if there is one",
        )
        self.fields[f"risks_{slot}"] = forms.BooleanField(label="It puts the sprint goal at risk", required=False)

    # --- What the page puts where

    def about_own(self):
        """(blocker, whether it still blocks, how it was resolved)"""
        return [(one, self[f"still_{one.pk}"], self[f"how_{one.pk}"]) for one in self.own]

    def slots(self):
        return [[self[f"{name}_{slot}"] for name in ("title", "needed", "story", "risks")] for slot in SLOTS]

    # --- What was answered

    def clean(self):
        cleaned = super().clean()
        for blocker in self.own:
            if cleaned.get(f"still_{blocker.pk}") == RESOLVED and not cleaned.get(f"how_{blocker.pk}"):
                self.add_error(f"how_{blocker.pk}", "Say how it was resolved, in one line")
        for slot in SLOTS:
            self._check_slot(slot, cleaned)
        self._check_blocking(cleaned)
        ask_about_people(self, *(f"{name}_{slot}" for slot in SLOTS for name in ("title", "needed")))
        return cleaned

    def _check_slot(self, slot, cleaned):
        others = [cleaned.get(f"{name}_{slot}") for name in ("needed", "story", "risks")]
        if any(others) and not cleaned.get(f"title_{slot}"):
            self.add_error(f"title_{slot}", "Say what is in the way")
        reference = (cleaned.get(f"story_{slot}") or "").upper()
        cleaned[f"story_{slot}"] = self.team.stories.filter(reference=reference).first() if reference else None
        if reference and cleaned[f"story_{slot}"] is None:
            self.add_error(f"story_{slot}", f"There is no story {reference} in {self.team}")

    def _check_blocking(self, cleaned):
        blocking, titled = cleaned.get("blocking"), any(cleaned.get(f"title_{slot}") for slot in SLOTS)
        if "blocking" in self.errors:
            return
        if titled and blocking == NOTHING:
            self.add_error("blocking", "You described a blocker. Choose “Add a blocker”, or take its words out")
        elif blocking == NEW and not titled and "title_1" not in self.errors:
            self.add_error("title_1", "Say what is in the way")
        elif not blocking and not titled and not self.own:
            self.add_error("blocking", "Say whether anything is blocking your work")

    def said(self) -> Said:
        answers = self.cleaned_data
        own = [(one, answers[f"still_{one.pk}"]) for one in self.own]
        return Said(
            version=answers["version"],
            did=answers["did"],
            doing=answers["doing"],
            asked=self.own,
            still=[one for one, still in own if still == STILL],
            resolved=[(one, answers[f"how_{one.pk}"]) for one, still in own if still == RESOLVED],
            raised=[self._facts(slot) for slot in SLOTS if answers[f"title_{slot}"]],
        )

    def _facts(self, slot):
        names = {"title": "title", "needed": "needed", "story": "story", "risks": "risks_goal"}
        return {fact: self.cleaned_data[f"{name}_{slot}"] for name, fact in names.items()}


def _initial(entry, did, own):
    if entry is None:
        return {"version": 0, "did": did}
    said = {blocker.pk for blocker in entry.blockers.all()}
    still = {f"still_{one.pk}": STILL for one in own if one.pk in said}
    return {"version": entry.version, "did": entry.did, "doing": entry.doing, "blocking": NOTHING} | still


def _line():
    return forms.TextInput(attrs={"data-draft": "", "autocomplete": "off"})
