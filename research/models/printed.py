from django.db import models, transaction
from django.utils import timezone

from teams.models import Job

from .edition import Edition


class PrintedQuerySet(models.QuerySet):
    def saying(self, edition, says):
        """The PDF of an edition that `says` this (a hash), made or being made, or None."""
        return self.filter(edition=edition, says=says).select_related("job").first()

    @transaction.atomic
    def ask(self, edition, says, *, by):
        """Have a worker make it, unless it is made or being made."""
        self.bulk_create([self.model(edition=edition)], ignore_conflicts=True)
        found = self.select_for_update(of=("self",)).select_related("job").get(edition=edition)
        if found.says != says or found.has_failed:
            found.says, found.pdf, found.made_at = says, None, None
            team = edition.playback.team
            found.job = Job.objects.ask("set a PDF", by=by, team=team, work={"edition": edition.pk})
            found.save()

    def of(self, team, *, beyond):
        """The team's, and with `beyond` all of its programme."""
        whose = {"programme": team.programme_id} if beyond else {"pk": team.pk}
        return self.filter(**{f"edition__playback__team__{key}": pk for key, pk in whose.items()})


class Printed(models.Model):
    """An edition set as a PDF: setting sixty items takes seconds, and what it says seldom changes.

    It is good as long as the page says the same. What becomes of its items, or words taken out of it, make another.
    """

    edition = models.OneToOneField(Edition, models.CASCADE, related_name="printed")
    says = models.CharField(max_length=64, blank=True)  # a hash of the words
    pdf = models.BinaryField(null=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(null=True)

    objects = PrintedQuerySet.as_manager()

    def __str__(self):
        return f"PDF of {self.edition}"

    @property
    def has_failed(self):
        return self.pdf is None and (self.job is None or self.job.is_over)

    @classmethod
    @transaction.atomic
    def keep(cls, job, says, pdf):
        """What a job made. Nothing, where words were taken out meanwhile: then its row is gone."""
        cls.objects.filter(job=job).update(says=says, pdf=pdf, made_at=timezone.now())
        job.progress(1, 1)
