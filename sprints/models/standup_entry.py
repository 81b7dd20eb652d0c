from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from teams.models import Change, Conflict, Team, User, Versioned

from .blocker import Blocker

LONGEST = 1000


class StandupEntryQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(day=day)

    def of_days(self, days):
        """`days` is the day that is meant of each team."""
        meant = Q()
        for team, day in days.items():
            meant |= Q(team=team, day=day)
        return self.filter(meant) if days else self.none()

    def by_person(self, person):
        return self.filter(person=person)

    def last_before(self, day):
        return self.filter(day__lt=day).order_by("-day").first()

    def with_blockers(self):
        return self.select_related("person", "posted_by").prefetch_related("blockers")

    @transaction.atomic
    def post(self, team, person, day, *, by, version, blockers, **words):
        """Write somebody's entry of a working day, or correct it. Raises Conflict when it was written meanwhile.

        `version` is that of the entry the words were written over; nothing where there was none.
        """
        entry = self.filter(team=team, person=person, day=day).first()
        if entry is None and version:
            raise ValidationError("This entry is gone. Open the stand-up again")
        if entry is None:
            entry = self._first(team, person, day, by, words)
        elif entry.version != version:
            raise Conflict(entry)
        else:
            entry.correct(by=by, **words)
        entry.blockers.set(blockers)
        return entry

    def _first(self, team, person, day, by, words):
        try:
            with transaction.atomic():
                entry = self.create(team=team, person=person, day=day, posted_by=by, **words)
        except IntegrityError:  # posted on another screen at this moment
            raise Conflict(self.get(team=team, person=person, day=day)) from None
        entry.record("posted" if person == by else f"posted for {person}", by=by)
        return entry


class StandupEntry(Versioned):
    """What one person did, does and is blocked by, on one working day of one team."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="standup_entries")
    person = models.ForeignKey(User, models.PROTECT, related_name="standup_entries")
    day = models.DateField()
    did = models.TextField("what you did", max_length=LONGEST, blank=True)
    doing = models.TextField("what you are going to do", max_length=LONGEST, blank=True)
    blockers = models.ManyToManyField(Blocker, related_name="+")  # what blocked them that day; nothing: nothing did
    posted_by = models.ForeignKey(User, models.PROTECT, related_name="+")  # somebody else on their behalf, perhaps
    posted_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)  # after the day was over

    objects = StandupEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person", "day"], name="one_entry_a_person_a_day"),
            models.CheckConstraint(name="an_entry_says_something", condition=~Q(did="") | ~Q(doing="")),
            models.CheckConstraint(
                name="entry_is_edited_after_it_was_posted",
                condition=Q(edited_at=None) | Q(edited_at__gt=F("posted_at")),
            ),
        ]
        indexes = [models.Index(fields=["team", "day"], name="standup_of_a_day")]

    def __str__(self):
        return f"{self.person}, {self.day.day} {self.day:%B %Y}"

    def get_absolute_url(self):
        return reverse("sprints:standup_on", args=[self.team.slug, self.day.isoformat()])

    @property
    def on_behalf(self):
        return self.posted_by_id != self.person_id

    @property
    def was_posted_on_the_day(self):
        return timezone.localdate(self.posted_at) == self.day

    @transaction.atomic
    def correct(self, *, by, **words):
        """Change the words. Until midnight that leaves no mark; later the entry is shown as edited.

        What somebody else posted for the person is the person's own once they have put it right.
        """
        changed = [name for name, new in words.items() if getattr(self, name) != new]
        if not changed:
            return
        if by == self.person:
            self.posted_by = by
        for name, new in words.items():
            setattr(self, name, new)
        now = timezone.now()
        if timezone.localdate(now) > self.day:
            self.edited_at = now
        self.save_changes(*changed, "posted_by", "edited_at")
        self.record(f"changed what {'they' if self.person_id == by.pk else self.person} posted", by=by)

    def record(self, words, *, by):
        """That it was written; never what: history would keep what a person takes out."""
        label = f"{self.team} stand-up, {self.day.day} {self.day:%B %Y}"
        return Change.objects.record(self, words, by=by, team=self.team, label=label, url=self.get_absolute_url())
