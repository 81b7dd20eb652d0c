"""What can be asked of many stories at once."""

from django.contrib.postgres.search import SearchVector
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q

from backlog.fractional import after
from teams.models import Change, Team

from . import searching, story_steps, story_words
from .story_states import CLOSED, OPEN, STARTED, StoryState

LONGEST_TITLE = 150
MOST_UNDER_ONE = 50  # opportunity
SEARCHED = SearchVector("reference", "title", weight="A", config="english") + SearchVector(
    "actor", "need", "so_that", "description", weight="B", config="english"
)


class StoryQuerySet(models.QuerySet):
    def seen_by(self, user):
        return self.filter(team__memberships__in=user.memberships.current())

    def open(self):
        """Neither done nor refused: what has a place in the order."""
        return self.filter(state__in=OPEN)

    def closed(self):
        return self.filter(state__in=CLOSED)

    def started(self):
        return self.filter(state__in=STARTED)

    def in_order(self):
        """As the product owner put them; what is closed has no place and comes last, newest first."""
        return self.order_by(F("rank").asc(nulls_last=True), "-number")

    def for_list(self):
        """What a row of the list shows, and what it is sorted by."""
        shown = ["reference", "title", "kind", "access_needs", "assisted_digital", "points", "state"]
        beside = ["assignee__name", "opportunity__reference"]
        rows = self.select_related("assignee", "opportunity")
        return rows.only("team", "number", "rank", "state_since", *shown, *beside)

    def for_their_opportunity(self):
        """What its page says of each; their list leads on to all."""
        return self.in_order().only("opportunity", "reference", "title", "state", "points")[:MOST_UNDER_ONE]

    def waiting_for_sign_off(self):
        """Longest first."""
        return self.filter(state=StoryState.SIGN_OFF).order_by("state_since", "pk")

    def of(self, user):
        """Assigned to somebody."""
        return self.filter(assignee=user)

    def in_teams(self, teams):
        return self.filter(team__in=teams)

    def waiting_for(self, user):
        """What somebody has to do with: assigned to them and open, or waiting for a sign-off."""
        return self.filter(Q(assignee=user, state__in=OPEN) | Q(state=StoryState.SIGN_OFF))

    def counts(self, user) -> dict:
        """The figures on the tabs in one statement. It reads every row, so only ask it of a short list."""
        open_ = Q(state__in=OPEN)
        return self.aggregate(
            all=Count("pk"),
            open=Count("pk", filter=open_),
            started=Count("pk", filter=Q(state__in=STARTED)),
            mine=Count("pk", filter=open_ & Q(assignee=user)),
            unsized=Count("pk", filter=open_ & Q(points=None)),
            on_hold=Count("pk", filter=Q(state=StoryState.ON_HOLD)),
        )

    def matching(self, text):
        """Those that say the words of a search ("quoted phrase", -without), or have the reference."""
        said = Q(searched=searching.words_of(text))
        return self.annotate(searched=SEARCHED).filter(said | Q(reference=text.upper()))

    def best_matches(self, text, most=50) -> list:
        found = searching.best_first(self.model.objects, self.matching(text), SEARCHED, text)
        return list(found.select_related("team")[:most])

    def alike(self, title) -> list:
        return searching.alike(self.annotate(searched=SEARCHED), title)

    # --- Adding

    def add(self, team, *, by, **fields):
        """One story at the end of the team's order; it takes the next reference number."""
        return self.add_many(team, [fields], by=by)[0]

    @transaction.atomic
    def add_many(self, team, drafts, *, by) -> list:
        """Several at the end of the team's order, in few statements. Each draft is a story's fields and its criteria.

        Taking the numbers locks the team's row, and with it the end of the order.
        """
        numbers = team.take_numbers(len(drafts))
        keys = self.keys_at_end(team, len(drafts))
        stories = [
            self._draft(team, number, key, by, dict(fields))
            for number, key, fields in zip(numbers, keys, drafts, strict=True)
        ]
        self.bulk_create(stories)
        for story, fields in zip(stories, drafts, strict=True):
            if fields.get("criteria"):
                story_words.write_criteria(story, fields["criteria"])
        steps = [story_steps.row(story, "", StoryState.BACKLOG, by=by) for story in stories]
        self.model.moves.rel.related_model.objects.bulk_create(steps)
        Change.objects.record_many([(story, "added it") for story in stories], by=by)
        return stories

    def _draft(self, team, number, key, by, fields):
        fields.pop("criteria", None)
        story = self.model(
            team=team,
            programme_id=team.programme_id,
            number=number,
            reference=f"{team.prefix}-{number}",
            rank=key,
            created_by=by,
            **fields,
        )
        story.title = story.title or title_from(story.need)
        story.assignment = story.place_of(story.assignee)
        if not story.title:
            raise ValidationError({"title": "Enter a title, or what the user needs"})
        return story

    def keys_at_end(self, team, count=1) -> list[str]:
        """Keys after the last of the team's order, which stays locked until the transaction ends."""
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        last = self.model.objects.filter(team=team, rank__isnull=False).order_by("-rank")
        keys = [last.values_list("rank", flat=True).first()]
        for _ in range(count):
            keys.append(after(keys[-1]))
        return keys[1:]


def title_from(need) -> str:
    """What lists show of a user story that was given no title: its need."""
    return (need[:1].upper() + need[1:])[:LONGEST_TITLE]
