"""What must not stand on a playback page (domain.md §5), found before it is shared: each place, and what to do there.

Patterns cannot know. What cannot be anything else stops the sharing; what may be harmless is asked about.
"""

import re
from dataclasses import dataclass

from django.db.models import F, Q, Value
from django.db.models.functions import Length

from research.models import FindingState, Observation, Participant
from research.models.playback_item import FEW
from teams import privacy

MOST = 20  # notes that are named at once
WORDS_OF_THEIR_OWN = 20  # letters; shorter ones are everybody's
NOBODY_SHARES = {
    "an email address",
    "a phone number",
    "a National Insurance number",
    "a driver number",
}
PEOPLE = (
    r"(?:people|persons?|participants?|tenants?|applicants?|users?|drivers?|customers?|callers?|residents?|"
    r"famil(?:y|ies)|households?|women|woman|men|man|carers?|relatives?)"
)
CODE = re.compile(r"\b[PU]\d{1,3}\b|\bparticipant (?:no\.? ?|number )?\d{1,3}\b", re.IGNORECASE)
SMALL = re.compile(
    rf"\b(?:1|2|one|two) (?:(?:out )?of (?:the |our )?(?:\w+ )?\d*\s*{PEOPLE}|(?!of\b)(?:\w+ )?{PEOPLE})\b",
    re.IGNORECASE,
)
QUOTE = re.compile(r"[“\"«][^”\"»]{12,}[”\"»]|(?<!\w)[‘'][^’']*(?:\s[^’']+){3,}[’'](?!\w)")
INITIALS = re.compile(r"(?<!\w)(?:[A-Z]\.\s?){2,}(?!\w)")
RECORDING = re.compile(r"/research/|/sessions/|\.(?:mp3|mp4|m4a|mov|wav|webm)\b|\brecording\b", re.IGNORECASE)
DAY = re.compile(
    r"\b(?:[12]?\d|3[01])(?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\b",
    re.IGNORECASE,
)
SPOT = re.compile(
    r"\b(?:at|in) (?:the |a |an |their |his |her )?(?:\w+ ){0,2}"
    r"(?:home|library|office|cafe|café|centre|hub|school|flat|house)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Problem:
    """Something in one text of a playback. `is_sure` problems have to be mended; others may be said to be harmless."""

    where: str
    address: str
    what: str
    fix: str
    is_sure: bool = True


def problems(playback) -> list:
    """What the check finds in the draft, in the order of the page."""
    found, codes, shown = not_agreed(playback), codes_of(playback.team_id), list(texts(playback))
    notes = notes_in("\n".join(text for *_, text in shown), playback.team_id)
    for where, address, text in shown:
        seen = [*known_in(text, codes, notes), *seen_in(text)]
        found += [Problem(where, address, what, fix, is_sure) for what, fix, is_sure in seen]
    return found


def not_agreed(playback) -> list:
    """Findings that are drafts, were superseded, or lost what they rest on since they were put in."""
    items = playback.current_items().filter(Q(finding__recheck__gt="") | ~Q(finding__state=FindingState.AGREED))
    fix = "Have it agreed in the research, or take it out"
    return [
        Problem(f"“{one.headline}”", playback.get_absolute_url(), "The finding is not agreed", fix)
        for one in items.exclude(finding=None)
    ]


def codes_of(team_id):
    """The codes that participants of this team really have, as one pattern."""
    codes = Participant.objects.filter(round__team=team_id).values_list("code", flat=True).distinct()
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, codes)) or '(?!)'})\b", re.IGNORECASE)


def notes_in(text, team_id) -> list:
    """Observations of the team that stand in this text as they were noted."""
    notes = Observation.objects.filter(session__round__team=team_id).annotate(here=Value(text), n=Length("text"))
    found = notes.filter(here__icontains=F("text"), n__gte=WORDS_OF_THEIR_OWN)
    return list(found.values_list("text", flat=True)[:MOST])


def known_in(text, codes, notes):
    """What is certainly a participant's: their code, or what they said."""
    for match in dict.fromkeys(one[0] for one in codes.finditer(text) if not CODE.fullmatch(one[0])):
        yield f"“{match}” is a participant’s code", "Take it out: nobody outside the team may see codes", True
    for note in notes:
        if note.lower() in text.lower():
            yield f"“{note}” stands like this in the notes", "Say it in your own words", True


def sure_problems(text, team_id):
    """(what, how to mend it) of what certainly must not leave the team in a text of its own."""
    found = [*known_in(text, codes_of(team_id), notes_in(text, team_id)), *seen_in(text)]
    return ((what, fix) for what, fix, is_sure in found if is_sure)


def texts(playback):
    """(where it stands, where it is edited, text) of everything that a reader would see."""
    place = playback.get_absolute_url()
    for name, label in [
        ("title", "The title"),
        ("goal", "The goal"),
        ("did", "What we did"),
        ("next_steps", "What happens next"),
    ]:
        yield label, f"{place}edit/", getattr(playback, name)
    for item in playback.current_items():
        yield f"“{item.headline}”", f"{place}items/{item.pk}/edit/", "\n".join([item.headline, item.words, item.link])


SEEN = [  # what it looks like, how it is mended, whether it is certain
    (CODE, "“{}” looks like a participant’s code", "Take it out: nobody outside the team may see codes", True),
    (SMALL, "“{}” counts one or two people", f"Write “fewer than {FEW}”, or leave the number out", True),
    (QUOTE, "{} looks like somebody’s own words", "Say it in yours: what people said stays in the team", True),
    (INITIALS, "“{}” looks like initials", "Take them out", False),
    (RECORDING, "“{}” looks like notes or a recording", "Point to something made for readers instead", True),
]


def seen_in(text):
    """(what, how to mend it, whether it is certain) for each finding, once."""
    for pattern, words, fix, is_sure in SEEN:
        for match in dict.fromkeys(one[0].strip() for one in pattern.finditer(text)):
            yield words.format(match), fix, is_sure
    if (day := DAY.search(text)) and (spot := SPOT.search(text)):
        yield f"“{day[0]}” and “{spot[0]}” tell when and where somebody was met", "Leave one of them out", False
    for sighting in privacy.sightings(text):
        yield f"“{sighting.words}” looks like {sighting.kind}", "Take it out", sighting.kind in NOBODY_SHARES
