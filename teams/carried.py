"""Whether a text carries somebody's words, and the text without them. Pure functions, no database.

Words are compared, not letters: capitals, punctuation and line breaks do not matter. A sentence of up to RUN words is
looked for as a whole; of a longer one any RUN words in a row are theirs, because titles cut long sentences off. A few
words are everybody's ("No printer at home"), unless they are all that a text says or stand in quotation marks. Where
a text only names something, being all of it proves nothing (`is_name`).
"""

import re
from collections import defaultdict

RUN = 8  # words
FEW = 5  # fewer words than this are everybody's
AROUND = 60  # letters to show before and after
SHORTEST = 12  # letters; "Yes" is everybody's too
WORD = re.compile(r"\w+")
REFERENCE = re.compile(r"(?:[A-Z][A-Z0-9]*-\d+ )?")  # with which a line of history begins: "HOU-17 …"
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
        self._marks = {max(run, key=len) for runs in self._runs.values() for run in runs}

    def __bool__(self):
        return bool(self._runs)

    def may_stand_in(self, row) -> bool:
        """`row` is what the database writes for several texts together. What follows a backslash is written in another
        way than it reads, so where there is one nothing is ruled out."""
        return "\\" in row or self._stand_in(row)

    def taken_out(self, value, instead, *, few=False, is_name=False):
        """A text without them; lists and what JSON holds are gone through. What carries none comes back as it is.

        With `few` those go too that might be anybody's, because a person has said that they are theirs.
        """
        how = {"few": few, "is_name": is_name}
        if isinstance(value, str):
            return self._replaced(value, instead, **how) if self._stand_in(value) else value
        if isinstance(value, list):
            return [self.taken_out(one, instead, **how) for one in value]
        if isinstance(value, dict):
            return {key: self.taken_out(one, instead, **how) for key, one in value.items()}
        return value

    def few_in(self, value, *, is_name=False) -> list:
        """What `taken_out` leaves of theirs in a value because it might be anybody's, with the words around it."""
        if isinstance(value, str):
            found = self._places(value, is_name) if self._stand_in(value) else ()
            return [_with_words_around(value, start, end) for start, end, is_few in found if is_few]
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
        return [text for one in inside for text in self.few_in(one, is_name=is_name)]

    def _stand_in(self, text) -> bool:
        """Quick, because nearly always they do not: the longest word of each row in it is looked for first."""
        words = _words(text)
        return not self._marks.isdisjoint(words) and any(
            not runs.isdisjoint(_in_a_row(words, length)) for length, runs in self._runs.items()
        )

    def _replaced(self, text, instead, few, is_name) -> str:
        kept, after = [], 0
        for start, end, is_few in self._places(text, is_name):
            if few or not is_few:
                kept += [text[after:start], instead]
                after = end
        return "".join([*kept, text[after:]])

    def _places(self, text, is_name):
        """(start, end, whether they might be anybody's) of the words of theirs in a text."""
        places = list(WORD.finditer(text))
        words = [place[0].casefold() for place in places]
        for first, last in self._stretches(words):
            start, end, is_quoted = _with_its_marks(text, places[first].start(), places[last].end())
            count = last - first + 1
            is_all = not is_name and count == len(words) - len(_words(REFERENCE.match(text)[0]))
            yield start, end, count < FEW and not is_all and not is_quoted

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


def is_few(sentence) -> bool:
    return len(_words(sentence)) < FEW


def _with_words_around(text, start, end) -> str:
    first, last = max(start - AROUND, 0), min(end + AROUND, len(text))
    return f"{'…' if first else ''}{text[first:last].strip()}{'…' if last < len(text) else ''}"


def _words(text) -> list:
    return WORD.findall(text.casefold())


def _in_a_row(words, length):
    return zip(*(words[start:] for start in range(length)), strict=False)


def _with_its_marks(text, start, end):
    """The quotation marks around it go too."""
    opens, closes = OPENS.search(text[:start]), CLOSES.search(text[end : end + 9])
    return start - len(opens[0]) if opens else start, end + len(closes[0]) if closes else end, bool(opens and closes)
