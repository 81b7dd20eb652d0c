from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Lower
from django.urls import reverse

from . import archive
from .versioned import Versioned


class InUseQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(archived_at=None)

    def archived(self):
        return self.exclude(archived_at=None)

    def named(self, name):
        return self.filter(name__iexact=name)


class ServiceQuerySet(InUseQuerySet):
    def with_leads(self):
        leads = self.model.leads.rel.related_model
        return self.prefetch_related(models.Prefetch("leads", leads.objects.select_related("user")))


class ProgrammeQuerySet(models.QuerySet):
    def led_by(self, user):
        """Programmes in which the person leads a service."""
        return self.filter(services__leads__user=user, archived_at=None).order_by(Lower("name"), "pk").distinct()

    def administered_by(self, user):
        return self.filter(admins__user=user, archived_at=None).order_by(Lower("name"))

    def saying_what_is_named(self):
        """Each with `has_themes` and `has_services`."""
        themes, services = (kind.objects.in_use().filter(programme=OuterRef("pk")) for kind in (Theme, Service))
        return self.annotate(has_themes=Exists(themes), has_services=Exists(services))


class Programme(Versioned):
    """Funded set of work with one strategy and one backlog. The organisation is a name on it."""

    name = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    organisation = models.CharField(max_length=100)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    retention_months = models.PositiveSmallIntegerField("keep research for at most, in months", default=24)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="retention_is_one_month_to_ten_years", condition=Q(retention_months__range=(1, 120))
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("teams:programme", args=[self.slug])

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its name, organisation or limits. Raises Conflict when somebody saved since it was read."""
        if words := self.rewrite(**fields):
            self.record(self, f"changed the {words}", by=by)

    @transaction.atomic
    def archive(self, *, by):
        self._settle_days()
        archive.archive(self)
        self.record(self, "archived the programme", by=by)

    @transaction.atomic
    def restore(self, *, by):
        self._settle_days()
        archive.restore(self)
        self.record(self, "restored the programme", by=by)

    def _settle_days(self):
        for team in self.teams.in_use():
            team.settle_days()

    @transaction.atomic
    def add_service(self, name, *, by):
        self.hold()
        refuse_taken(self.services, name, "service")
        service = self.services.create(name=name)
        self.record(service, f"added the service {name}", by=by)
        return service

    @transaction.atomic
    def add_theme(self, name, *, by):
        self.hold()
        refuse_taken(self.themes, name, "theme")
        last = self.themes.aggregate(last=Max("position"))["last"] or 0
        theme = self.themes.create(name=name, position=last + 1)
        self.record(theme, f"added the theme {name}", by=by)
        return theme

    def hold(self):
        """One after another: who changes what the programme is made of waits here for whoever does so now."""
        Programme.objects.select_for_update().get(pk=self.pk)

    def record(self, thing, words, *, by):
        return self.changes.record(thing, words, by=by, programme=self, url=self.get_absolute_url())


class Service(Versioned):
    """What the public uses and an operational area runs. Not the same as a team."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="services")
    name = models.CharField(max_length=100)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [models.UniqueConstraint("programme", Lower("name"), name="service_name_is_unique_in_programme")]

    def __str__(self):
        return self.name

    @transaction.atomic
    def edit(self, *, by, name):
        self.programme.hold()
        refuse_taken(self.programme.services.exclude(pk=self.pk), name, "service")
        old = self.name
        if self.rewrite(name=name):
            self.programme.record(self, f"renamed the service {old} to {name}", by=by)

    @transaction.atomic
    def archive(self, *, by):
        archive.archive(self)
        self.programme.record(self, f"archived the service {self}", by=by)

    @transaction.atomic
    def restore(self, *, by):
        archive.restore(self)
        self.programme.record(self, f"restored the service {self}", by=by)


class Theme(Versioned):
    """A named aim in the organisation's customer strategy."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="themes")
    name = models.CharField(max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InUseQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint("programme", Lower("name"), name="theme_name_is_unique_in_programme")]

    def __str__(self):
        return self.name

    @transaction.atomic
    def edit(self, *, by, name):
        self.programme.hold()
        refuse_taken(self.programme.themes.exclude(pk=self.pk), name, "theme")
        old = self.name
        if self.rewrite(name=name):
            self.programme.record(self, f"renamed the theme {old} to {name}", by=by)

    @transaction.atomic
    def move(self, step, *, by):
        """One place up (-1) or down (1) among the themes in use."""
        self.programme.hold()
        order = list(self.programme.themes.in_use())
        at = order.index(self)
        to = at + step
        if not 0 <= to < len(order):
            raise ValidationError(f"{self} is {'first' if step < 0 else 'last'} already")
        order.insert(to, order.pop(at))
        for position, theme in enumerate(order, 1):
            theme.position = position
        Theme.objects.bulk_update(order, ["position"])
        self.programme.record(self, f"moved the theme {self} {'up' if step < 0 else 'down'}", by=by)

    @transaction.atomic
    def archive(self, *, by):
        archive.archive(self)
        self.programme.record(self, f"archived the theme {self}", by=by)

    @transaction.atomic
    def restore(self, *, by):
        archive.restore(self)
        self.programme.record(self, f"restored the theme {self}", by=by)


def refuse_taken(among, name, what):
    if among.named(name).exists():
        raise ValidationError({"name": f"There is a {what} called {name} already, perhaps an archived one"})
