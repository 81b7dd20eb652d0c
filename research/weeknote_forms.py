"""What a person may make of the draft of a weeknote."""

from research.playback_forms import text
from sprints.forms import ask_about_people
from teams.forms import Versioned

PARTS = ("good", "learned", "difficulties", "next")


class WeeknoteForm(Versioned):
    good = text("Good things", 6, 3000, "What got done, and who it helps")
    learned = text("What we learned", 5, 3000, "In your own words. No quotes, codes, or numbers of one or two people")
    difficulties = text("Difficulties", 5, 3000, "What was hard, and what helped. No names")
    next = text("What’s next", 5, 3000)

    def clean(self):
        cleaned = super().clean()
        ask_about_people(self, *PARTS)
        cleaned.pop("as_it_is", None)
        return cleaned
