"""Whether a text carries somebody's words, and the text without them. Pure functions, no database.

Words are compared, not letters: capitals, punctuation and line breaks do not matter. A sentence of up to RUN words is
looked for as a whole; of a longer one any RUN words in a row are theirs, because titles cut long sentences off. A few
words are everybody's ("No printer at home"), unless they are all that a text says or stand in quotation marks.
"""

import re
from collections import defaultdict

RUN = 8  # words
FEW = 5  # fewer words than this are everybody's
SHORTEST = 12  # letters; "Yes" is everybody's too
WORD = re.compile(r"\w+")
OPENS = re.compile(r"[\"“‘'«]\Z")
CLOSES = re.compile(r"\A[.,;:!?…]*[\"”’'»]")


class Words:
    """What somebody said, ready to be looked for in many texts."""

    def __init__(self, sentences):
        self._runs = defaultdict(set)  # by how many words
        for words in map(_words, sentences):
            if len(" ".join(words)) >= SHORTEST:
                length = min(len(words), RUN)
                self._runs[length].update(_in_a_row(words, length))

    def __bool__(self):
        return bool(self._runs)

    def taken_out(self, value, instead):
        """A text without them; lists and what JSON holds are gone through. What carries none comes back as it is."""
        if isinstance(value, str):
            return self._replaced(value, instead) if self._may_stand_in(value) else value
        if isinstance(value, list):
            return [self.taken_out(one, instead) for one in value]
        if isinstance(value, dict):
            return {key: self.taken_out(one, instead) for key, one in value.items()}
        return value

    def _may_stand_in(self, text) -> bool:
        """Quick, because nearly always they do not."""
        words = _words(text)
        return any(not runs.isdisjoint(_in_a_row(words, length)) for length, runs in self._runs.items())

    def _replaced(self, text, instead) -> str:
        places = list(WORD.finditer(text))
        words = [place[0].casefold() for place in places]
        kept, after = [], 0
        for first, last in self._stretches(words):
            start, end, is_quoted = _with_its_marks(text, places[first].start(), places[last].end())
            if last - first + 1 >= FEW or is_quoted or last - first + 1 == len(words):
                kept += [text[after:start], instead]
                after = end
        return "".join([*kept, text[after:]])

    def _stretches(self, words) -> list:
        """(first, last) of the words that are theirs, those that overlap as one."""
        found = [
            (at, at + length - 1)
            for length, runs in self._runs.items()
            for at, run in enumerate(_in_a_row(words, length))
            if run in runs
        ]
        joined = []
        for first, last in sorted(found):
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
            else:
                joined.append((first, last))
        return joined


def _words(text) -> list:
    return WORD.findall(text.casefold())


def _in_a_row(words, length):
    return zip(*(words[start:] for start in range(length)), strict=False)


def _with_its_marks(text, start, end):
    """The quotation marks around it go too."""
    opens, closes = OPENS.search(text[:start]), CLOSES.search(text[end : end + 9])
    return start - len(opens[0]) if opens else start, end + len(closes[0]) if closes else end, bool(opens and closes)
