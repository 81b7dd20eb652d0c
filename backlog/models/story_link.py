from django.db import models
from django.utils import timezone

from teams.models import User

from .story import Story


class StoryLink(models.Model):
    """Something to see with a story: a prototype, a design, or another thing of the programme."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="links")
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=500)  # https://…, or the path of a page of ours
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="story_link_leads_to_the_web_or_to_a_page_of_ours",
                condition=models.Q(address__regex=r"^(https?://|/[a-z])"),
            )
        ]

    def __str__(self):
        return self.title
