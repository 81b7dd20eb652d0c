"""What can be asked of many findings at once."""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db import models, transaction

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
