"""How often somebody may ask who has not signed in. Counted in each process's cache: enough for a bound."""

from django.core.cache import cache

WINDOW_SECONDS = 600


def is_too_often(what: str, who: str, most: int) -> bool:
    """Whether `who` has asked for this more than `most` times in ten minutes; counts this time."""
    key = f"asked:{what}:{who}"
    if cache.add(key, 1, WINDOW_SECONDS):
        return False
    try:
        return cache.incr(key) > most
    except ValueError:  # it ran out between the two
        return False
