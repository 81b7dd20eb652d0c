from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from teams.models import Change, Team, User

MOST = 30  # more is a meeting of its own


class TalkAfterQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(day=day).prefetch_related("people").order_by("pk")

    @transaction.atomic
    def add(self, team, day, text, people, *, by):
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        if self.filter(team=team, day=day).count() >= MOST:
            raise ValidationError(f"{MOST} things to talk about are enough for one day")
        topic = self.create(team=team, day=day, text=text, added_by=by)
        topic.people.set(people)
        topic.record(f"asked to talk after the stand-up: {text}", by=by)
        return topic


class TalkAfter(models.Model):
    """Something for some of the team to talk about after the stand-up, so that the others need not stand there."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="talks_after")
    day = models.DateField()
    text = models.CharField(max_length=200)
    people = models.ManyToManyField(User, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects = TalkAfterQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(name="talk_after_says_about_what", condition=~Q(text=""))]
        indexes = [models.Index(fields=["team", "day"], name="talks_after_a_standup")]

    def __str__(self):
        return self.text

    @transaction.atomic
    def finish(self, *, by):
        """Talked about. May be said twice."""
        if TalkAfter.objects.filter(pk=self.pk, done_at=None).update(done_at=timezone.now()):
            self.record(f"ticked off: {self.text}", by=by)

    @transaction.atomic
    def put_back(self, *, by):
        """It was ticked off by mistake. May be said twice."""
        if TalkAfter.objects.filter(pk=self.pk, done_at__isnull=False).update(done_at=None):
            self.record(f"put back: {self.text}", by=by)

    def record(self, words, *, by):
        url = reverse("sprints:standup_on", args=[self.team.slug, self.day])
        return Change.objects.record(self, words, by=by, team=self.team, label=self.text, url=url)
