from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from backlog import comment_letters
from teams.models import User
from teams.prepared import prepared

from .opportunity import Opportunity
from .story import Story


class CommentQuerySet(models.QuerySet):
    @transaction.atomic
    def say(self, thing, text, *, by, answers=None):
        """Add a comment to an opportunity or a story, which whoever it answers gets a letter about.

        An answer to an answer joins the same thread.
        """
        thread = answers.answers or answers if answers else None
        comment = self.create(
            **{thing._meta.model_name: thing}, text=text, author=by, author_name=by.name, answers=thread
        )
        if answers:
            comment_letters.answered(answers, comment)
        return comment

    def for_page(self):
        """What a page shows of each."""
        return self.values_list("pk", "answers_id", "author_name", "at", "text", named=True)


class Comment(models.Model):
    """What somebody says about an opportunity or a story; a reply names the comment it answers."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, null=True, related_name="comments")
    story = models.ForeignKey(Story, models.CASCADE, null=True, related_name="comments")
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=100)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["opportunity", "at"], name="comments_of_an_opportunity"),
            models.Index(fields=["story", "at"], name="comments_of_a_story", condition=Q(story__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_comment_is_about_one_thing",
                condition=Q(opportunity__isnull=False, story=None) | Q(opportunity=None, story__isnull=False),
            )
        ]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        return f"{self.about.get_absolute_url()}#comment-{self.pk}"

    @property
    def about(self):
        return self.opportunity or self.story


def conversation(thing) -> list:
    """What is said about an opportunity or a story: (comment, its replies) in the order they were said."""
    said = _about_story(thing.pk) if isinstance(thing, Story) else _about_opportunity(thing.pk)
    return [(one, [other for other in said if other.answers_id == one.pk]) for one in said if not one.answers_id]


@prepared
def _about_opportunity(pk: int):
    return Comment.objects.filter(opportunity=pk).for_page()


@prepared
def _about_story(pk: int):
    return Comment.objects.filter(story=pk).for_page()
