from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Func, Q, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from backlog import scoring
from teams.models import User
from teams.prepared import prepared

from .playback import Playback
from .playback_item import PlaybackItem
from .playback_states import Answer, Part
from .reviewer import Reviewer

FEW = 6  # answers to one item, of all that stand beside it


class ResponseQuerySet(models.QuerySet):
    def current(self):
        return self.filter(superseded_at=None)

    def with_reviewers(self):
        """Each with who it is from: of hundreds, the name and nothing else of a person."""
        shown = [field.attname for field in self.model._meta.concrete_fields]
        return self.select_related("reviewer__user").only(*shown, "reviewer__email", "reviewer__user__name")

    def superseded(self):
        return self.exclude(superseded_at=None)

    def few_of_each(self, named=()):
        """Of each item the latest few, those with words first; and whatever the `named` reviewers say of it.

        Ask it of the responses of few items: all of them are put in order, by their keys alone, and the keys are found
        once: joined, a planner that does not know yet how many there are finds them again for each row.
        """
        theirs = Case(When(reviewer__in=named, then=Value(0)), default=Value(1))
        worded = Case(When(comment="", then=Value(1)), default=Value(0))
        place = Window(RowNumber(), partition_by="item", order_by=[theirs, worded, F("at").desc(), F("pk").desc()])
        keys = ArraySubquery(self.current().annotate(place=place).filter(place__lte=FEW).values("pk"))
        one_of = {"template": "(%(expressions)s))", "arg_joiner": " = ANY("}
        return self.filter(Func("pk", keys, **one_of, output_field=models.BooleanField()))

    @transaction.atomic
    def answer(self, reviewer, item, answer, comment="", value=None):
        """What one reviewer says of one item, with the value they would give an opportunity.

        Another answer replaces it, and the first is kept.
        """
        playback = Playback.objects.select_for_update(no_key=True, of=("self",)).get(pk=reviewer.playback_id)
        if not playback.is_shared:
            raise ValidationError("This playback is closed, so answers can no longer change")
        if not item.frozen.filter(edition__playback=playback, edition__number=playback.edition).exists():
            raise ValidationError("The newest edition no longer holds this item. Reload the page to see it")
        if answer != Answer.AGREE and not comment:
            raise ValidationError({"comment": NEEDS_WORDS[answer]})
        if value and item.part != Part.OPPORTUNITY:
            raise ValidationError("Only an opportunity has a value")
        before = self.current().filter(reviewer=reviewer, item=item).first()
        if before and (before.answer, before.comment, before.value) == (answer, comment, value):
            return before
        if before:
            before.superseded_at = timezone.now()
            before.save(update_fields=["superseded_at"])
        said = {"answer": answer, "comment": comment, "value": value}
        return self.create(playback=playback, reviewer=reviewer, item=item, edition=playback.edition, **said)

    def with_a_value_for(self, opportunity):
        """What reviewers would give it, the newest first."""
        rows = self.current().filter(item__opportunity=opportunity, value__isnull=False, reviewer__removed_at=None)
        shown = "value", "at", "item", "reviewer__email", "reviewer__user__name", "playback__title"
        rows = rows.select_related("reviewer__user", "playback__team").only(*shown, "playback__team__slug")
        return rows.order_by("-at", "-pk")


NEEDS_WORDS = {
    Answer.QUESTION: "Say what you want to know",
    Answer.DISAGREE: "Say what does not match what you see",
}


class Response(models.Model):
    """One reviewer's view of one item. A change of mind is a new row; the earlier ones stay."""

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="responses")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="responses")
    item = models.ForeignKey(PlaybackItem, models.PROTECT, related_name="responses")
    answer = models.CharField(max_length=8, choices=Answer)
    comment = models.TextField(max_length=1000, blank=True)
    value = models.PositiveSmallIntegerField("the value they propose", null=True)
    edition = models.PositiveSmallIntegerField()  # the number of the one that was read
    at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "item"],
                condition=Q(superseded_at=None),
                name="a_reviewer_has_one_answer_to_an_item",
            ),
            models.CheckConstraint(name="answer_is_known", condition=Q(answer__in=Answer.values)),
            models.CheckConstraint(
                name="a_proposed_value_is_on_the_scale", condition=Q(value=None) | Q(value__in=list(scoring.VALUES))
            ),
            models.CheckConstraint(
                name="question_and_disagree_say_why", condition=Q(answer=Answer.AGREE) | ~Q(comment="")
            ),
        ]

    def __str__(self):
        return f"{self.reviewer}: {self.get_answer_display()}"

    def get_absolute_url(self):
        return f"{self.playback.get_absolute_url()}#item-{self.item_id}"


def proposed_values(opportunity) -> list:
    """For its page."""
    return _with_a_value_for(opportunity.pk)


@prepared
def _with_a_value_for(opportunity: int):
    return Response.objects.with_a_value_for(opportunity)


class ReplyQuerySet(models.QuerySet):
    @transaction.atomic
    def say_as_guest(self, reviewer, item, text):
        """What somebody without an account says further, once the team has replied. Sent twice, it is said once."""
        playback = Playback.objects.select_for_update(no_key=True, of=("self",)).get(pk=reviewer.playback_id)
        if not playback.is_shared:
            raise ValidationError("This playback is closed, so nothing can be added to it")
        last = self.filter(reviewer=reviewer, item=item).last()
        if last is None:
            raise ValidationError("The team has not replied yet. To say more, change your answer")
        if last.author_id is None and last.text == text:
            return last
        return self.create(playback=playback, reviewer=reviewer, item=item, author_name=reviewer.email, text=text)


class Reply(models.Model):
    """What the team, or the reviewer, says further about one reviewer's answer to one item."""

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="replies")
    reviewer = models.ForeignKey(Reviewer, models.PROTECT, related_name="replies")
    item = models.ForeignKey(PlaybackItem, models.PROTECT, related_name="replies")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")  # a reviewer may have no account
    author_name = models.CharField(max_length=254)  # as it was: a leaver's name stays
    text = models.TextField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="reply_says_something", condition=~Q(text=""))]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        return f"{self.playback.get_absolute_url()}#reply-{self.pk}"
