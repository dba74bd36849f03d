"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 46 MiB, two passes, one lane: above the least that OWASP's cheat sheet names.

    Django's own setting takes 100 MiB on eight lanes; sixteen people who sign in at once would fill a small server.
    """

    time_cost = 2
    memory_cost = 46 * 1024  # KiB
    parallelism = 1
