"""How the words of opportunities and stories are found, and when two titles are alike."""

from django.contrib.postgres.search import SearchVector

RANKED_MATCHES = 1000
FEW = 1000  # matches
ALIKE_FROM = 8  # letters; a shorter title resembles everything
ALIKE = 0.3  # about half of the telling words
TITLE = SearchVector("title", weight="A", config="english")
