"""What can be asked of many review sessions, and of the items of one."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q

from teams.models.standing import roles
from teams.permissions import ALLOWED, Can

from .opportunity import Opportunity
from .states import State

MOST_ITEMS = 500  # more than any room gets through, and every page of a review counts them all
RECORDERS = [role for role, may in ALLOWED.items() if Can.RECORD_REVIEW in may]


class ReviewSessionQuerySet(models.QuerySet):
    def open_to(self, user):
        """Sessions of teams the person is in, and those they are invited to, with what the person is there.

        A session over several teams opens only to those who are in all of them. An invitation ends with the person's
        last place in the programme. `records` says whether they may decide, `sizes` whether they do the work;
        `roles` is what a standing is made of (teams/access.py).
        """
        links = self.model.teams.through.objects.filter(reviewsession=OuterRef("pk"))
        invitations = self.model.attendees.through.objects.filter(reviewsession=OuterRef("pk"), user=user)
        own = user.memberships.current()
        decides = own.filter(role__in=RECORDERS, team__archived_at=None)
        return self.annotate(
            works=~Exists(links.exclude(team__in=own.values("team"))),
            records=~Exists(links.exclude(team__in=decides.values("team"))),
            invited=Exists(invitations),
            sizes=Exists(own.filter(team__programme=OuterRef("team__programme"))),
            leads=Exists(user.led_services.filter(service__programme=OuterRef("team__programme"))),
            roles=roles(user, "team__programme_id", "team_id"),
        ).filter(Q(works=True) | Q(invited=True) & (Q(leads=True) | Q(sizes=True)))

    def for_list(self):
        return self.select_related("team", "current__opportunity", "created_by")

    def unfinished(self):
        return self.exclude(state="finished")

    def finished_of(self, team):
        """Those over whose opportunities nothing more is decided in them, the newest first."""
        return self.filter(teams=team, state="finished").order_by("-finished_at", "-pk")

    def with_counts(self):
        """How many of each session's items are what: `scope` = `reviewed` + `left` + `elsewhere`.

        An item is left while its opportunity is ready to review, even when it was decided and that was undone.
        Otherwise it was reviewed in this session, or decided elsewhere. A finished session counts what it decided.
        """
        finished, ready, decided = Q(state="finished"), Q(items__opportunity__state=State.READY), ~Q(items__outcome="")
        return self.order_by("-created_at", "-pk").annotate(
            scope=Count("items"),
            reviewed=Count("items", filter=decided & (finished | ~ready)),
            left=Count("items", filter=(finished & ~decided) | (~finished & ready)),
            skipped=Count("items", filter=~finished & ready & Q(items__skipped_at__isnull=False)),
            elsewhere=Count("items", filter=~finished & ~ready & ~decided),
        )

    @transaction.atomic
    def prepare(self, team, name, *, by, teams=None, attendees=(), minutes=None):
        """A session over what is ready to review now, in journey order. Its scope is frozen here."""
        teams = teams or [team]
        order = ["team__name", "stage_position", "number"]
        ready = list(Opportunity.objects.filter(team__in=teams).to_review().order_by(*order)[:MOST_ITEMS])
        if not ready:
            raise ValidationError("Nothing is ready to review. Mark opportunities as ready first")
        session = self.create(team=team, name=name, minutes=minutes, created_by=by)
        session.teams.set(teams)
        session.attendees.set(attendees)
        items = [
            session.items.model(session=session, opportunity=one, position=position)
            for position, one in enumerate(ready, 1)
        ]
        session.items.bulk_create(items)
        session.current = session.items.first()
        session.save(update_fields=["current"])
        session.record(f"prepared with {len(items)} opportunities", by=by)
        return session


class ReviewItemQuerySet(models.QuerySet):
    def left(self):
        return self.filter(opportunity__state=State.READY)

    def for_page(self):
        """Everything one item's page says of it."""
        return self.select_related(
            "opportunity__stage", "opportunity__team__programme", "opportunity__merged_into", "reviewed_by"
        )

    def for_outline(self):
        """What the row of squares and the list of items show of each."""
        about = ["reference", "title", "state", "team_id", "stage_id", "value", "size"]
        about += ["stage__name", "stage__position"]
        own = ["session_id", "position", "outcome", "skipped_at", "reviewed_at"]
        return self.select_related("opportunity__stage").only(*own, *(f"opportunity__{name}" for name in about))

    def for_summary(self):
        return self.select_related("opportunity").prefetch_related("silent_scores")
