"""What every page's frame shows of messages: how many are unread."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest

from mdt.mail.models import Entry


def unread(request: HttpRequest) -> dict[str, Callable[[], int]]:
    """Context processor: one count over a partial index, and only where the page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"unread_messages": cache(lambda: Entry.objects.unread().filter(person=user).count())}
