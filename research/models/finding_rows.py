"""What can be asked of many findings at once."""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models, transaction
from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from .states import FindingState

SEARCHED = SearchVector("statement", weight="A", config="english") + SearchVector(
    "detail", weight="B", config="english"
)


class FindingQuerySet(models.QuerySet):
    def standing(self):
        """Neither superseded nor merged away."""
        return self.exclude(state=FindingState.SUPERSEDED)

    def agreed(self):
        return self.filter(state=FindingState.AGREED)

    def agreed_between(self, first, last):
        """What a team may tell others that it learned in these days: nothing that has to be looked at again."""
        return self.agreed().filter(agreed_at__date__range=(first, last), recheck="").order_by("agreed_at", "pk")

    def unused(self):
        """Agreed, and nothing came of them yet."""
        return self.agreed().filter(opportunities=None, stories=None)

    def most_people_first(self):
        return self.order_by("-people", "pk")

    def after(self, last):
        """What follows `last` where most people come first."""
        return self.filter(Q(people__lt=last.people) | Q(people=last.people, pk__gt=last.pk))

    def latest_first(self):
        return self.order_by("-agreed_at", "-pk")

    def agreed_before(self, last):
        """What follows `last` where the latest come first."""
        return self.filter(Q(agreed_at__lt=last.agreed_at) | Q(agreed_at=last.agreed_at, pk__lt=last.pk))

    def first_of_each_stage(self, stages, most):
        """Most people first, each with how many stand at its stage: a map of ever so many stays a page."""
        place = Window(RowNumber(), partition_by="stage", order_by=[F("people").desc(), F("pk").asc()])
        rows = self.filter(stage__in=stages).annotate(
            place_at_stage=place, count_at_stage=Window(Count("pk"), partition_by="stage")
        )
        return rows.filter(place_at_stage__lte=most).order_by("stage", "place_at_stage")

    def matching(self, text):
        words = SearchQuery(text, search_type="websearch", config="english")
        return self.annotate(searched=SEARCHED).filter(searched=words)

    def best_matches(self, text):
        words = SearchQuery(text, search_type="websearch", config="english")
        found = self.matching(text).annotate(likeness=SearchRank(SEARCHED, words))
        return found.order_by("-likeness", "-people", "pk")

    @transaction.atomic
    def add(self, round_, *, by, **fields):
        """A draft. What it rests on is added by `evidence.group`."""
        finding = self.create(team=round_.team, round=round_, created_by=by, **fields)
        finding.record("drafted the finding", by=by)
        return finding
