"""How the words of opportunities and stories are found, and when two titles are alike."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import BooleanField, Func

RANKED_MATCHES = 1000
FEW = 1000  # matches
ALIKE_FROM = 8  # letters; a shorter title resembles everything
ALIKE = 0.3  # about half of the telling words
TITLE = SearchVector("title", weight="A", config="english")


def words_of(text) -> SearchQuery:
    """The words of a search ("quoted phrase", -without)."""
    return SearchQuery(text, search_type="websearch", config="english")


def among_the_first(rows, most, found):
    """Those of `rows` that are among the first `most` of `found`, which is asked once, before anything else.

    As a plain IN, PostgreSQL may ask it again for each row, or walk a whole order for the few that it holds.
    """
    once = ArraySubquery(found.order_by().values("pk")[:most])
    one_of = {"template": "(%(expressions)s))", "arg_joiner": " = ANY("}
    return rows.filter(Func("pk", once, **one_of, output_field=BooleanField()))


def best_first(rows, found, searched, text):
    """The best matches first. A word that thousands share is ranked among the first thousand only."""
    best = among_the_first(rows, RANKED_MATCHES, found).annotate(likeness=SearchRank(searched, words_of(text)))
    return best.order_by("-likeness", "pk")


def alike(rows, title) -> list:
    """Up to five that share the title's telling words: a warning, never a refusal."""
    if len(title.strip()) < ALIKE_FROM:
        return []
    words = words_of(" OR ".join(title.split()[:20]))
    found = rows.filter(searched=words).annotate(likeness=SearchRank(TITLE, words))
    return list(found.filter(likeness__gte=ALIKE).order_by("-likeness", "pk")[:5])
