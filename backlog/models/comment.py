from django.db import models
from django.utils import timezone

from teams.models import User

from .opportunity import Opportunity


class Comment(models.Model):
    """What somebody says about an opportunity; a reply names the comment it answers."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="comments")
    answers = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="replies")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=100)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["opportunity", "at"], name="comments_of_an_opportunity")]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        return f"{self.opportunity.get_absolute_url()}#comment-{self.pk}"
