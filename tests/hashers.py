from django.contrib.auth.hashers import Argon2PasswordHasher


class CheapArgon2(Argon2PasswordHasher):
    """The same path as in production at a hundredth of the cost."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
