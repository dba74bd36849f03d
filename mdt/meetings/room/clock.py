"""The clock of the room: how far the case and the meeting are, and where the table goes next. The server's time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.room.table import NO_TIME, Table
from mdt.people.models import User
from mdt.people.permissions import Permission, can

SOON = timedelta(minutes=1)  # so long before its time is up a case is said to end soon


@dataclass(frozen=True)
class Clock:
    """The time of one case: used so far, planned, and whether it runs."""

    used: timedelta
    planned: timedelta
    is_running: bool

    @property
    def used_seconds(self) -> int:
        return int(self.used.total_seconds())

    @property
    def planned_seconds(self) -> int:
        return int(self.planned.total_seconds())

    @property
    def soon_seconds(self) -> int:
        """From when on the case is said to end soon."""
        return max(int((self.planned - SOON).total_seconds()), 0)

    @property
    def state(self) -> str:
        """`fits`, `soon` or `over`."""
        if self.used > self.planned:
            return "over"
        return "soon" if self.used_seconds >= self.soon_seconds else "fits"

    @property
    def shown(self) -> str:
        """`6:04`."""
        return _minutes_and_seconds(self.used)

    @property
    def over(self) -> str:
        """By how much the time is overrun."""
        return _minutes_and_seconds(max(self.used - self.planned, NO_TIME))


def _minutes_and_seconds(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02}"


def _in_minutes(length: timedelta) -> int:
    return round(length / timedelta(minutes=1))


def clock_of(item: AgendaItem, table: Table) -> Clock:
    """The clock of a case; it runs while the case is on the table."""
    return Clock(
        used=table.used.get(item.pk, NO_TIME),
        planned=timedelta(minutes=item.planned_minutes),
        is_running=table.item == item.pk,
    )


@dataclass(frozen=True)
class Progress:
    """The meeting as a whole, in minutes: how much of the agenda's time was planned, used, and is still to come."""

    planned: int
    used: int
    behind: int
    ends_at: datetime


def progress_of(meeting: Meeting, rail: list[AgendaItem], table: Table) -> Progress:
    """How far behind its plan the meeting is: the time used over that planned for the cases it has left behind.

    `ends_at` is when it ends if every case from now on takes the minutes planned for it; a meeting that runs already
    does so by the clock, whatever day it was planned for.
    """
    left_behind = [item for item in rail if item.pk in table.used and item.pk != table.before_break]
    current = next((item for item in rail if item.pk == table.before_break), None)
    overrun = sum((_over_plan(item, table) for item in left_behind), NO_TIME)
    if current is not None:
        overrun += max(_over_plan(current, table), NO_TIME)
    to_come = sum(
        (
            max(timedelta(minutes=item.planned_minutes) - table.used.get(item.pk, NO_TIME), NO_TIME)
            for item in rail
            if item not in left_behind and not item.standing
        ),
        NO_TIME,
    )
    return Progress(
        planned=sum(item.planned_minutes for item in rail),
        used=_in_minutes(sum(table.used.values(), NO_TIME)),
        behind=_in_minutes(overrun),
        ends_at=(table.now if table.has_begun else max(table.now, meeting.starts_at)) + to_come,
    )


def _over_plan(item: AgendaItem, table: Table) -> timedelta:
    return table.used.get(item.pk, NO_TIME) - timedelta(minutes=item.planned_minutes)


def table_context(item: AgendaItem, rail: list[AgendaItem], user: User, *, is_alone: bool, table: Table) -> dict:
    """The bar of the table. `rail` is the agenda in order with `standing`; `is_alone`: the reader does not follow.

    What needs no discussion is passed over, unless somebody looks at it.
    """
    stops = [entry for entry in rail if entry.lane == AgendaItem.Lane.DISCUSS or entry.pk == item.pk]
    order = [entry.pk for entry in stops]
    on_table = next((entry for entry in rail if entry.pk == table.item), None)
    anchor = item.pk if is_alone else table.before_break if table.before_break in order else item.pk
    place = order.index(anchor)
    meeting = item.meeting
    still_open = _undecided_after(item, stops, table)
    return {
        "clock": clock_of(item, table),
        "table": table,
        "progress": progress_of(meeting, stops, table),
        "on_table": on_table,
        "is_alone": is_alone,
        "is_on_table": table.item == item.pk,
        "has_begun": table.has_begun,
        "may_move": meeting.state == Meeting.State.PLANNED and can(user, Permission.TABLE_MOVE, meeting.team_id),
        "next_item": stops[place + 1] if place + 1 < len(stops) else None,
        "previous_item": stops[place - 1] if place else None,
        "next_open": still_open[0] if still_open else None,
        "open_count": len(still_open),
        "is_early": table.now < meeting.starts_at,
        "place": order.index(item.pk) + 1,
        "places": len(stops),
        "pulse_url": reverse("room-pulse", args=[meeting.reference, item.case.reference]),
    }


def _undecided_after(item: AgendaItem, stops: list[AgendaItem], table: Table) -> list[AgendaItem]:
    """The other cases without a decision, in the order in which they come up: what lies on the table, then those behind
    this one on the agenda, then those before it."""
    place = next(number for number, entry in enumerate(stops) if entry.pk == item.pk)
    others = [entry for entry in (*stops[place + 1 :], *stops[:place]) if not entry.standing]
    return sorted(others, key=lambda entry: entry.pk != table.item)
