from django.db import models
from django.db.models.functions import Lower

from .versioned import Versioned


class Programme(Versioned):
    """Funded set of work with one strategy and one backlog. The organisation is a name on it."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    organisation = models.CharField(max_length=100)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    retention_months = models.PositiveSmallIntegerField("keep research for at most, in months", default=24)

    def __str__(self):
        return self.name


class Service(Versioned):
    """What the public uses and an operational area runs. Not the same as a team."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="services")
    name = models.CharField(max_length=100)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [models.UniqueConstraint("programme", Lower("name"), name="service_name_is_unique_in_programme")]

    def __str__(self):
        return self.name


class Theme(Versioned):
    """A named aim in the organisation's customer strategy."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="themes")
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint("programme", Lower("name"), name="theme_name_is_unique_in_programme")]

    def __str__(self):
        return self.name
