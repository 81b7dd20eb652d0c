from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import JSONObject
from django.utils import timezone

from teams.models import User

from .opportunity import Opportunity
from .story import Story


class LinkQuerySet(models.QuerySet):
    def in_words(self):
        """What a page shows of each, for the statement that finds the page's thing."""
        return self.order_by("added_at", "pk").values(shown=JSONObject(pk="pk", title="title", address="address"))

    @transaction.atomic
    def put_on(self, thing, title, address, *, by):
        """On an opportunity or a story."""
        link = thing.links.create(title=title, address=address, added_by=by)
        thing.record(f"added the link “{title}”", by=by)
        return link


class Link(models.Model):
    """Something to see with an opportunity or a story: a prototype, a design, or another thing of the programme."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, null=True, related_name="links")
    story = models.ForeignKey(Story, models.CASCADE, null=True, related_name="links")
    title = models.CharField(max_length=120)
    address = models.CharField(max_length=500)  # https://…, or the path of a page of ours
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="a_link_leads_to_the_web_or_to_a_page_of_ours", condition=Q(address__regex=r"^(https?://|/[a-z])")
            ),
            models.CheckConstraint(
                name="a_link_is_on_one_thing",
                condition=Q(opportunity__isnull=False, story=None) | Q(opportunity=None, story__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title

    @transaction.atomic
    def remove(self, *, by):
        (self.story or self.opportunity).record(f"removed the link “{self.title}”", by=by)
        self.delete()
