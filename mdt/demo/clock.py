"""Setting the clock back while the demonstration's past is played."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from django.utils import timezone

TICK = timedelta(seconds=1)


class Clock:
    """A clock that stands where it is put, moves a second with every look, and never runs back or past today."""

    def __init__(self) -> None:
        self.real_now = timezone.now
        self.shown = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        self.shown = min(self.shown + TICK, self.real_now())
        return self.shown

    def pass_time(self, length: timedelta) -> None:
        """Move the clock on."""
        self.shown += length

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Everything that asks Django for the time gets `moment` or, if the clock shows later already, that."""
        self.shown = max(moment, self.shown)
        with mock.patch.object(timezone, "now", self.now):
            yield
