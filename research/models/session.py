from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backlog.models import Opportunity, Story
from teams.models import Change, User, Versioned
from teams.permissions import Can

from .participant import Participant
from .round import Round
from .session_rows import SessionQuerySet
from .states import HOW, MET, SESSION_COMES_FROM, TAKES_NOTES, Consent, Place, RoundState, Scope, SessionState

MOST_PEOPLE = 30  # in one group
HELD_NEEDS_CONSENT = "Record the participant’s consent first. Nothing may be written down before they have given it"
DECLINED = "The participant declined, so nothing may be written down"


class Session(Versioned):
    """One meeting with one participant, or with a group under one code. Erased, it is a tombstone: the code, when, why
    and by whom."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="sessions")
    code = models.CharField(max_length=6, editable=False)  # stays, when the participant's row goes
    participant = models.ForeignKey(Participant, models.SET_NULL, null=True, editable=False, related_name="sessions")
    starts_at = models.DateTimeField()
    how_met = models.CharField("how you meet", max_length=10, choices=Place, default=Place.IN_PERSON)
    place = models.CharField(max_length=80, blank=True)
    people = models.PositiveSmallIntegerField(
        "how many people", default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PEOPLE)]
    )
    note_takers = models.ManyToManyField(User, blank=True, related_name="noted_sessions")
    state = models.CharField(max_length=10, choices=SessionState, default=SessionState.PLANNED, editable=False)

    consent = models.CharField(max_length=12, choices=Consent, default=Consent.NOT_RECORDED, editable=False)
    consent_on = models.DateField(null=True, editable=False)
    consent_how = models.CharField(max_length=10, choices=HOW, blank=True, editable=False)
    consent_scopes = ArrayField(models.CharField(max_length=10, choices=Scope), default=list, editable=False)
    consent_sheet = models.CharField(max_length=50, blank=True, editable=False)
    consent_kept = models.CharField(max_length=200, blank=True, editable=False)  # where the form lies, never the form

    # What came of it, straight from an observation; it stays when the notes go.
    opportunities = models.ManyToManyField(Opportunity, related_name="sessions", editable=False)
    stories = models.ManyToManyField(Story, related_name="sessions", editable=False)

    erased_at = models.DateTimeField(null=True, editable=False)
    erased_by = models.CharField(max_length=100, blank=True, editable=False)
    erased_why = models.CharField(max_length=100, blank=True, editable=False)

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="nobody_is_heard_without_consent",
                condition=~Q(state__in=MET) | Q(consent=Consent.GIVEN) | Q(erased_at__isnull=False),
            ),
            models.CheckConstraint(name="a_session_is_with_somebody", condition=Q(people__range=(1, MOST_PEOPLE))),
            models.CheckConstraint(
                name="consent_says_when_how_and_to_what",
                condition=~Q(consent=Consent.GIVEN)
                | (Q(consent_on__isnull=False, consent_scopes__len__gt=0) & ~Q(consent_how="")),
            ),
            models.CheckConstraint(
                name="withdrawn_is_erased",
                condition=Q(state=SessionState.WITHDRAWN, consent=Consent.WITHDRAWN, erased_at__isnull=False)
                | (~Q(state=SessionState.WITHDRAWN) & ~Q(consent=Consent.WITHDRAWN)),
            ),
            models.CheckConstraint(
                name="a_tombstone_holds_nothing_else",
                condition=Q(erased_at=None, erased_by="", erased_why="")
                | (
                    Q(erased_at__isnull=False, participant=None, place="", consent_on=None, consent_scopes__len=0)
                    & Q(consent_how="", consent_sheet="", consent_kept="", consent__in=["not_recorded", "withdrawn"])
                    & ~Q(erased_by="")
                    & ~Q(erased_why="")
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code}, {self.round}"

    def get_absolute_url(self):
        return reverse("research:session", args=[self.round.team.slug, self.pk])

    # --- What it is

    @property
    def is_erased(self):
        return self.erased_at is not None

    def why_no_quotes(self) -> str:
        """What stands in the way of sharing somebody's own words."""
        if self.round.sensitive:
            return "The subject of this round is sensitive: nobody’s words are shared"
        return "" if Scope.QUOTES in self.consent_scopes else "The participant has not agreed to be quoted"

    @property
    def scope_labels(self) -> list[str]:
        return [Scope(scope).label for scope in self.consent_scopes]

    def is_noted_by(self, user) -> bool:
        return self.note_takers.filter(pk=user.pk).exists()

    def may_be_read_by(self, user, standing) -> bool:
        """Raw notes: the researcher, product owner and delivery manager; who takes them; the team once shared."""
        if standing.may(Can.READ_NOTES) or (self.round.is_shared and standing.may(Can.READ)):
            return True
        return standing.may(Can.READ) and self.is_noted_by(user)

    def may_be_noted_by(self, user, standing) -> bool:
        return standing.may(Can.RUN_RESEARCH) or (standing.may(Can.RAISE) and self.is_noted_by(user))

    def why_no_notes(self) -> str:
        """What stands in the way of a first observation, as a sentence; nothing when it may be written."""
        if self.is_erased:
            return "The notes of this session were deleted"
        if self.round.state == RoundState.PLANNED:
            return "Start fieldwork first: it sets the date by which the data of the round is deleted"
        if self.round.state not in TAKES_NOTES:
            return "The findings of this round are shared. Take it back to analysis to write more down"
        if self.consent != Consent.GIVEN:
            return self._consent_is_missing()
        if Scope.NOTES not in self.consent_scopes:
            return "The participant has not agreed to written notes"
        return ""

    def next_states(self) -> list:
        possible = [SessionState(to) for to, start in SESSION_COMES_FROM.items() if self.state in start]
        return [state for state in possible if state not in MET or self.consent != Consent.DECLINED]

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, note_takers=None, **fields):
        """Change when, how and where, and what only the researcher sees of the participant."""
        self.insist_it_is_kept()
        about = {name: fields.pop(name) for name in Participant.ABOUT if name in fields}
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields)
        if note_takers is not None:
            self.note_takers.set(note_takers)
        Participant.objects.filter(pk=self.participant_id).update(**about)
        self.record("changed the session", by=by)

    @transaction.atomic
    def record_consent(self, status, *, by, on=None, how="", scopes=(), sheet="", kept=""):
        """What the participant agreed to, before anything is written down. Withdrawing it is `erasure.withdraw`."""
        self.insist_it_is_kept()
        given = status == Consent.GIVEN
        if not given and (self.state in MET or self.observations.exists()):
            raise ValidationError(
                "There are notes already. If the participant changed their mind, withdraw the session"
            )
        if given and on and on > timezone.localdate():
            raise ValidationError({"on": "Consent cannot be given on a day to come"})
        self.consent = status
        self.consent_on, self.consent_how, self.consent_scopes = (on, how, list(scopes)) if given else (None, "", [])
        self.consent_sheet, self.consent_kept = (sheet, kept) if given else ("", "")
        self.save_changes(
            "consent", "consent_on", "consent_how", "consent_scopes", "consent_sheet", "consent_kept"
        )  # fmt: skip
        if Scope.QUOTES not in self.consent_scopes:
            self.observations.update(safe_at=None)
        agreed_to = f", for {'; '.join(self.scope_labels).lower()}" if self.consent_scopes else ""
        self.record(f"recorded consent: {Consent(status).label.lower()}{agreed_to}", by=by)

    @transaction.atomic
    def become(self, state, *, by):
        self.insist_it_is_kept()
        if self.state not in SESSION_COMES_FROM.get(state, []):
            raise ValidationError(f"The session is “{self.get_state_display()}”, so this cannot be done")
        if state in MET and self.consent != Consent.GIVEN:
            raise ValidationError(self._consent_is_missing())
        self.state = state
        self.save_changes("state")
        self.record(f"marked the session {SessionState(state).label.lower()}", by=by)

    @transaction.atomic
    def note(self, lines, *, by, key):
        """Write down what was seen or heard: (kind, text) pairs. Sending the same `key` again adds nothing."""
        fields = ["state", "consent", "consent_scopes", "erased_at", "version"]
        self.refresh_from_db(fields=fields, from_queryset=Session.objects.select_for_update(no_key=True))
        if problem := self.why_no_notes():
            raise ValidationError(problem)
        if self.state not in MET:
            self.become(SessionState.HELD, by=by)
        self.observations.add_lines(self, lines, by=by, key=key)

    def record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.round.team, url=self.get_absolute_url())

    def insist_it_is_kept(self):
        if self.is_erased:
            raise ValidationError("The data of this session was deleted. It stays in the list to say so")

    def _consent_is_missing(self) -> str:
        """Nobody is told to ask again a person who has said no."""
        return DECLINED if self.consent == Consent.DECLINED else HELD_NEEDS_CONSENT
