import unicodedata

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


def clean_email(email: str) -> str:
    """One address, one account: composed form, lower case throughout."""
    return unicodedata.normalize("NFC", email.strip()).lower()


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
    single_keys = models.BooleanField("single-key shortcuts", default=True)  # WCAG 2.1.4: can be switched off

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_is_unique_in_any_case")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.email = clean_email(self.email)
        super().save(*args, **kwargs)

    def get_full_name(self):
        return self.name

    @property
    def initials(self):
        words = self.name.split()
        return (words[0][0] + words[-1][0]).upper() if len(words) > 1 else self.name[:2].upper()
