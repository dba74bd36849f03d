"""What lies on the table and since when; how long each case lay there, and who was present for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from mdt.meetings.attendance import Stay, marks_of, stays_of
from mdt.meetings.models import AgendaItem, Meeting, Sitting
from mdt.people.models import User

NO_TIME = timedelta()


@dataclass(frozen=True)
class Span:
    """One sitting with its end; `ended_at` is None while it lasts. `item` is the id of the case's place, or None."""

    number: int
    what: str
    item: int | None
    began_at: datetime
    ended_at: datetime | None

    def lasted(self, now: datetime) -> timedelta:
        return max((self.ended_at or now) - self.began_at, NO_TIME)


class Table:
    """The table of one meeting at one moment. One query, or none where the sittings were read before."""

    def __init__(self, meeting: Meeting, now: datetime | None = None, sittings: list[Sitting] | None = None):
        self.meeting, self.now = meeting, now or timezone.now()
        rows: list[Sitting] = list(meeting.sittings.order_by("id")) if sittings is None else sittings
        ends = [row.began_at for row in rows[1:]]
        self.spans = [
            Span(row.pk, row.what, row.item_id, row.began_at, end)
            for row, end in zip(rows, [*ends, None], strict=False)
        ]

    @property
    def current(self) -> Span | None:
        return self.spans[-1] if self.spans else None

    @property
    def item(self) -> int | None:
        """The id of the agenda item that is discussed now; None in a break and before and after the meeting."""
        return self.current.item if self.current else None

    @property
    def is_break(self) -> bool:
        return self.current is not None and self.current.what == Sitting.What.BREAK

    @property
    def has_begun(self) -> bool:
        return bool(self.spans)

    @property
    def began_at(self) -> datetime | None:
        """When the first case came on the table; None where nobody has put one there."""
        return self.spans[0].began_at if self.spans else None

    @cached_property
    def used(self) -> dict[int, timedelta]:
        """Agenda item → how long its case lay on the table, up to now."""
        used: dict[int, timedelta] = {}
        for span in self.spans:
            if span.item is not None:
                used[span.item] = used.get(span.item, NO_TIME) + span.lasted(self.now)
        return used

    @property
    def paused(self) -> timedelta:
        """How long the breaks of this meeting lasted, up to now."""
        breaks = (span.lasted(self.now) for span in self.spans if span.what == Sitting.What.BREAK)
        return sum(breaks, NO_TIME)

    @property
    def pause_seconds(self) -> int:
        """How long the break lasts that is on now."""
        return int(self.current.lasted(self.now).total_seconds()) if self.is_break else 0

    @property
    def pause_shown(self) -> str:
        return f"{self.pause_seconds // 60}:{self.pause_seconds % 60:02}"

    @property
    def before_break(self) -> int | None:
        """The case to which the table goes back after the break; outside a break the one that is on it."""
        return next((span.item for span in reversed(self.spans) if span.item is not None), None)

    def spans_of(self, item: AgendaItem) -> list[Span]:
        return [span for span in self.spans if span.item == item.pk]

    def moment_of(self, item: AgendaItem) -> datetime | None:
        """When to look who is there for this case: None (now) while it is discussed or before it ever was; else the
        end of its last discussion."""
        spans = self.spans_of(item)
        return spans[-1].ended_at if spans else None


@dataclass(frozen=True)
class Presence:
    """One person's presence for one case: how long, of how long, and as whom."""

    person: User
    discipline: str
    is_remote: bool
    stands_in_for: User | None
    was_there: timedelta
    of: timedelta
    came_at: datetime | None
    left_at: datetime | None

    @property
    def is_whole(self) -> bool:
        """Present from the beginning of the discussion to its end."""
        return self.came_at is None and self.left_at is None


def presence_for(item: AgendaItem, now: datetime | None = None) -> list[Presence]:
    """Who was present while this case lay on the table; empty for a case that never did.

    `came_at` and `left_at` are given where they fall into the discussion. In the order of their coming. Two queries.
    """
    table = Table(item.meeting, now)
    return presence_over(table.spans_of(item), stays_of(marks_of(item.meeting)), table.now)


def presence_over(spans: list[Span], stays: dict[int, list[Stay]], now: datetime) -> list[Presence]:
    """The same from what was read before, for many cases of a meeting."""
    whole = sum((span.lasted(now) for span in spans), NO_TIME)
    found = (_presence(spans, theirs, now, whole) for theirs in stays.values())
    return [presence for presence in found if presence is not None]


def _presence(spans: list[Span], stays: list[Stay], now: datetime, whole: timedelta) -> Presence | None:
    """Nobody who was not there for a moment. What holds is the mark of the longest part."""
    pieces = [(stay, begin, end) for stay, begin, end in _overlaps(spans, stays, now) if stay.mark.is_present]
    if not pieces:
        return None
    length: dict[int, timedelta] = {}
    for stay, begin, end in pieces:
        length[stay.mark.pk] = length.get(stay.mark.pk, NO_TIME) + (end - begin)
    longest = max((stay.mark for stay, _begin, _end in pieces), key=lambda mark: length[mark.pk])
    first, last = pieces[0][1], pieces[-1][2]
    until = spans[-1].ended_at or now
    has_left = last < until or (spans[-1].ended_at is None and pieces[-1][0].until is not None)
    return Presence(
        person=longest.person,
        discipline=longest.discipline,
        is_remote=longest.is_remote,
        stands_in_for=longest.stands_in_for,
        was_there=sum(length.values(), NO_TIME),
        of=whole,
        came_at=first if first > spans[0].began_at else None,
        left_at=last if has_left else None,
    )


def _overlaps(spans: list[Span], stays: list[Stay], now: datetime) -> Iterable[tuple[Stay, datetime, datetime]]:
    for span in spans:
        for stay in stays:
            begin = max(span.began_at, stay.since)
            end = min(span.ended_at or now, stay.until or now)
            if begin < end or (begin == end and span.ended_at is None and stay.until is None):
                yield stay, begin, end
