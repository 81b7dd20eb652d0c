from django.db import models
from django.db.models.functions import Lower

from teams.models import Team, User


class SavedView(models.Model):
    """A list's filters and sort, kept under a name. The query string is the view."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    team = models.ForeignKey(Team, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = [Lower("name")]
        constraints = [models.UniqueConstraint("user", "team", Lower("name"), name="view_name_is_unique")]

    def __str__(self):
        return self.name
