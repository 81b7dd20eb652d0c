"""What Django's own validators leave out (P11)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError

from teams.models.user import too_long


class NotTooLong:
    def validate(self, password, user=None):
        if too_long(password):
            raise ValidationError("Use a password that is shorter than 1,000 characters", code="password_too_long")

    def get_help_text(self):
        return "Your password can be as long as you like, up to 1,000 characters"


class LongerForAdministrators:
    """Whose account opens the settings of a whole programme."""

    enough = 15

    def validate(self, password, user=None):
        if user and user.pk and len(password) < self.enough and user.administered.exists():
            raise ValidationError(
                f"Use at least {self.enough} characters: you administer a programme", code="password_too_short"
            )

    def get_help_text(self):
        return f"Administrators need at least {self.enough} characters"


class NotOurOwnWords:
    """The name of the product, of the organisation, and of what a person works on is where a guesser begins.

    A long password may hold such a word; one that is little else may not.
    """

    enough_beside = 8

    def validate(self, password, user=None):
        rest = password.lower()
        for word in sorted(words_of(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if rest != password.lower() and len(rest) < self.enough_beside:
            raise ValidationError(
                "Use a password that is not made of the name of your organisation, team or service",
                code="password_of_our_words",
            )

    def get_help_text(self):
        return "Your password cannot be made of the name of your organisation, team or service"


def words_of(user) -> set[str]:
    names = [settings.SITE_NAME, *(user.surroundings() if user and user.pk else [])]
    return {word for name in names for word in re.findall(r"\w{4,}", name.lower())}
