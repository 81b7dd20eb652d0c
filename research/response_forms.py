"""What reviewers and the team say of the items of a playback. Forms clean input; the rules are the models'."""

from functools import cache

from django import forms
from django.db.models import Q
from django.utils.html import escape
from django.utils.safestring import mark_safe

from backlog import scoring
from backlog.models import Opportunity, Story
from research.models import Answer, Outcome, Part, Result
from research.playback_forms import text
from sprints.forms import ask_about_people

ANY_ITEM, ANY_COMMENT = "item-ANY", "comment-ANY"  # where those of an item stand in a form that is drawn once


class AnswerForm(forms.Form):
    takes_its_place = True  # swapped alone into its page: what is wrong takes the focus

    answer = forms.ChoiceField(
        choices=Answer,
        widget=forms.RadioSelect,
        label="Does this match what you see?",
        error_messages={"required": "Choose agree, question or disagree"},
    )
    comment = text("Comment", 2, 1000, "Needed for question and disagree. The team replies here")
    value = forms.TypedChoiceField(
        label="Which value would you give it?",
        help_text="If you like. The product owner sees it beside the figure and decides",
        choices=[("", "No proposal"), *((one, str(one)) for one in scoring.VALUES)],
        coerce=int,
        empty_value=None,
        required=False,
    )

    def __init__(self, data=None, *, part, **more):
        super().__init__(data, **more)
        if part != Part.OPPORTUNITY:
            del self.fields["value"]

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "comment")
        return cleaned

    def render(self, *args, **more):
        """With the same answer, forms differ in their ids and comments alone: one is drawn, for pages of sixty."""
        if self.is_bound or self.auto_id.startswith(ANY_ITEM):
            return super().render(*args, **more)
        drawn = _drawn("value" in self.fields, self.initial.get("answer"), self.initial.get("value"))
        drawn = drawn.replace(ANY_ITEM, self.auto_id.removesuffix("-%s"))
        return mark_safe(drawn.replace(ANY_COMMENT, escape(self.initial.get("comment", ""))))

    __str__ = __html__ = render

    def answers(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("answer", "comment", "value") if name in self.fields}


@cache
def _drawn(has_value, answer, value) -> str:
    part = Part.OPPORTUNITY if has_value else Part.LEARNED
    initial = {"answer": answer, "comment": ANY_COMMENT, "value": value}
    return str(AnswerForm(part=part, initial=initial, auto_id=f"{ANY_ITEM}-%s"))


class ReplyForm(forms.Form):
    takes_its_place = True

    text = forms.CharField(
        label="Your reply",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2, "data-draft": ""}),
        error_messages={"required": "Write a reply"},
    )

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, "text")
        return cleaned


class OutcomeForm(forms.Form):
    """What becomes of one item."""

    result = forms.ChoiceField(
        choices=Result, widget=forms.RadioSelect, label="Outcome", error_messages={"required": "Choose an outcome"}
    )
    words = text("What do you do about it?", 2, 500, "Needed unless it is agreed. Everybody who was asked reads it")
    taken_up_as = forms.CharField(
        label="Taken up as",
        max_length=20,
        required=False,
        help_text="A reference of an opportunity or a story, like HOU-17. Its title and state show beside the answers",
    )

    def __init__(self, data, *, item, team):
        super().__init__(data, prefix=f"item-{item.item_id}")
        self.item, self.team = item, team

    def clean_taken_up_as(self):
        reference = self.cleaned_data["taken_up_as"].strip().upper()
        if not reference:
            return None
        which = Q(team=self.team, reference=reference)
        found = Opportunity.objects.filter(which).first() or Story.objects.filter(which).first()
        if not found:
            raise forms.ValidationError(f"There is no {reference} in the team. Enter a reference such as HOU-17")
        return found

    def clean(self):
        given = super().clean()
        if given.get("result") not in (None, Result.AGREED) and not given.get("words") and "words" not in self.errors:
            self.add_error("words", "Say what you do about it")
        ask_about_people(self, "words")
        return given

    def outcome(self) -> Outcome:
        given, thing = self.cleaned_data, self.cleaned_data["taken_up_as"]
        return Outcome(
            item=self.item.item,
            result=given["result"],
            words=given["words"],
            opportunity=thing if isinstance(thing, Opportunity) else None,
            story=thing if isinstance(thing, Story) else None,
        )
