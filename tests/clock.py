"""A clock that a test sets: whatever asks Django for the time gets what it shows."""

from datetime import datetime, timedelta


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime):
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def pass_minutes(self, minutes: float) -> datetime:
        self.moment += timedelta(minutes=minutes)
        return self.moment
