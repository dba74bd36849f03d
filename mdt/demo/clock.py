"""Setting the clock back while the demonstration's past is played."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Everything that asks Django for the time gets `moment`, and a second more with each question."""
    real_now = timezone.now
    asked = iter(range(10**6))
    with mock.patch.object(timezone, "now", lambda: min(moment + timedelta(seconds=next(asked)), real_now())):
        yield
