from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sprints.models import Sprint
from teams.models import Change, Team, User, Versioned


class WeeknoteQuerySet(models.QuerySet):
    def of(self, sprint):
        """The sprint's own, which knows it, or None."""
        found = self.filter(sprint=sprint).select_related("team", "read_by").first()
        if found:
            found.sprint = sprint
        return found

    @transaction.atomic
    def begin(self, sprint, *, by, **words):
        """The sprint's only one: whoever begins it again gets the one that is there."""
        weeknote, is_new = self.get_or_create(sprint=sprint, defaults={"team": sprint.team, "begun_by": by, **words})
        if is_new:
            weeknote.record("began the weeknote", by=by)
        return weeknote


class Weeknote(Versioned):
    """What a team tells others about a sprint. Drafted from what happened; nothing of it leaves before a person has
    read and saved it."""

    sprint = models.OneToOneField(Sprint, models.PROTECT, related_name="weeknote")
    team = models.ForeignKey(Team, models.PROTECT, related_name="weeknotes")
    good = models.TextField("good things", max_length=3000, blank=True)
    learned = models.TextField("what we learned", max_length=3000, blank=True)
    difficulties = models.TextField("difficulties", max_length=3000, blank=True)
    next = models.TextField("what’s next", max_length=3000, blank=True)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    begun_at = models.DateTimeField(default=timezone.now, editable=False)
    read_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    read_at = models.DateTimeField(null=True, editable=False)

    objects = WeeknoteQuerySet.as_manager()
    PARTS = {
        "good": "Good things",
        "learned": "What we learned",
        "difficulties": "Difficulties",
        "next": "What’s next",
    }

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_weeknote_says_who_read_it_and_when",
                condition=Q(read_by=None, read_at=None) | Q(read_by__isnull=False, read_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"Weeknote of {self.team}, {str(self.sprint).lower()}"

    def get_absolute_url(self):
        return reverse("research:weeknote", args=[self.team.slug, self.sprint.number])

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Somebody has read it and stands for these words. Raises Conflict when somebody saved since it was read."""
        words = self.rewrite(**fields)
        self.read_by, self.read_at = by, timezone.now()
        self.save_changes("read_by", "read_at")
        self.record(f"changed the {words}" if words else "read it and left it as it is", by=by)

    def parts(self) -> list:
        """(heading, words) of what is filled in."""
        return [(heading, getattr(self, name)) for name, heading in self.PARTS.items() if getattr(self, name)]

    def as_text(self) -> str:
        """To be pasted into a blog or a letter."""
        return "\n\n".join([str(self), *(f"{heading}\n\n{words}" for heading, words in self.parts())]) + "\n"

    def record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.team, url=self.get_absolute_url())
