"""From a wall clock to an instant, in zones that change their clocks.

As RFC 5545 (3.3.5) has it: a time that the change skips is read with the offset before it, so that the clock shows a
later time; of a time that comes twice the first one counts. Either is said, never done in silence.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Oddity(StrEnum):
    """What a change of the clocks does to a time of day."""

    SKIPPED = "skipped"
    REPEATED = "repeated"


@dataclass(frozen=True)
class Moment:
    """An instant, and what is odd about the wall-clock time that was asked for."""

    at: datetime
    oddity: Oddity | None = None


def moment(on: date, at: time, zone: ZoneInfo) -> Moment:
    """The instant at which the clocks of `zone` show this time on this day."""
    wanted = datetime.combine(on, at.replace(fold=0), tzinfo=zone)
    instant = wanted.astimezone(UTC)
    shown = instant.astimezone(zone)
    if shown.replace(tzinfo=None) != wanted.replace(tzinfo=None):
        return Moment(shown, Oddity.SKIPPED)
    if wanted.utcoffset() != wanted.replace(fold=1).utcoffset():
        return Moment(shown, Oddity.REPEATED)
    return Moment(shown)
