import unicodedata

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


def clean_email(email: str) -> str:
    """One address, one account: composed form, lower case throughout."""
    return unicodedata.normalize("NFC", email.strip()).lower()


def too_long(password: str) -> bool:
    """Longer than anybody types. Refused before it is hashed, so that it costs us nothing (P11)."""
    return len(password.encode("utf-8", "surrogatepass")) > 1024


def initials_of(name: str) -> str:
    words = name.split()
    return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else name[:2].upper()


class Weekday(models.IntegerChoices):
    """As dates count them. No team works at a weekend (teams/calendar.py)."""

    MONDAY = 0, "Monday"
    TUESDAY = 1, "Tuesday"
    WEDNESDAY = 2, "Wednesday"
    THURSDAY = 3, "Thursday"
    FRIDAY = 4, "Friday"


def full_time() -> list[int]:
    return [*Weekday.values]


class UserManager(BaseUserManager):
    def create_user(self, email, name, password=None, **extra):
        user = self.model(email=clean_email(email), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email):
        return self.get(email=clean_email(email))


class User(AbstractBaseUser):
    """A person. The e-mail address is the name they sign in with; what they may do is their memberships."""

    email = models.EmailField("email address", unique=True)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    works_on = ArrayField(models.PositiveSmallIntegerField(choices=Weekday), default=full_time)
    single_keys = models.BooleanField("single-key shortcuts", default=True)  # WCAG 2.1.4: can be switched off

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_is_unique_in_any_case"),
            models.CheckConstraint(
                name="a_person_works_on_some_weekday",
                condition=Q(works_on__len__gte=1, works_on__contained_by=Weekday.values),
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.email = clean_email(self.email)
        super().save(*args, **kwargs)

    def get_full_name(self):
        return self.name

    @property
    def initials(self):
        return initials_of(self.name)

    def check_password(self, raw_password):
        return not too_long(raw_password or "") and super().check_password(raw_password)

    def confirm_email(self):
        """Their address is theirs: they followed a letter sent to it, or whoever set the account up vouches for it."""
        addresses = EmailAddress.objects.filter(user=self)
        addresses.exclude(email=self.email).filter(primary=True).update(primary=False)
        addresses.update_or_create(email=self.email, defaults={"user": self, "verified": True, "primary": True})

    @transaction.atomic
    def rename(self, name):
        """From now on: history keeps the name that somebody had at the time."""
        was, self.name = self.name, name
        self.save(update_fields=["name"])
        self.changes.record(self, f"changed their name from {was}", by=self)

    @transaction.atomic
    def work_on(self, weekdays):
        """The days of the week that they work on from now on, in every team."""
        weekdays = sorted(set(weekdays))
        if not weekdays:
            raise ValidationError("Choose at least one day")
        if weekdays == self.works_on:
            return
        self.works_on = weekdays
        self.save(update_fields=["works_on"])
        self.changes.record(self, f"will work on {self.weekdays_in_words}", by=self)

    @property
    def weekdays_in_words(self) -> str:
        """Monday to Friday, or each of them by name."""
        if self.works_on == full_time():
            return "Monday to Friday"
        *most, last = (Weekday(day).label for day in self.works_on)
        return f"{', '.join(most)} and {last}" if most else last

    def switch_single_keys(self, on: bool):
        self.single_keys = on
        self.save(update_fields=["single_keys"])

    def choose_password(self, password):
        """Set a first password. Raises ValidationError when it is too easy; ask once it is known where they belong."""
        validate_password(password, self)
        self.set_password(password)
        self.save(update_fields=["password"])

    def surroundings(self) -> set[str]:
        """The names of what they belong to: where somebody who guesses their password would begin."""
        programme = "programme__name", "programme__organisation"
        teams = self.memberships.current().values_list("team__name", *(f"team__{name}" for name in programme))
        services = self.led_services.values_list("service__name", *(f"service__{name}" for name in programme))
        return {name for row in [*teams, *services, *self.administered.values_list(*programme)] for name in row}

    def second_factors(self):
        """What proves who they are beside the password. Recovery codes only stand in for one of these."""
        return Authenticator.objects.filter(user=self).exclude(type=Authenticator.Type.RECOVERY_CODES)

    @transaction.atomic
    def close(self):
        """Close the account: out of every place, and nobody can sign in with it or write to it again.

        The name stays with what the person did. Raises ValidationError where a team or programme would be left with
        nobody to decide or to look after it.
        """
        for place in [*self.memberships.current(), *self.led_services.all(), *self.administered.all()]:
            place.leave(by=self)
        self.changes.record(self, "closed their account", by=self)
        self.absences.all().delete()
        self.switched_off.all().delete()
        self.letters.call_off()
        Authenticator.objects.filter(user=self).delete()
        EmailAddress.objects.filter(user=self).delete()
        self.is_active, self.email = False, f"closed-{self.pk}@closed.invalid"  # free for a later account
        self.works_on = full_time()
        self.set_unusable_password()
        self.save(update_fields=["is_active", "email", "password", "works_on"])
        self.end_sessions()

    def end_sessions(self, but=None):
        """Sign out everywhere, or everywhere else. Takes effect with the next request."""
        self.sessions.exclude(pk=but).delete()
