"""Who counts as present for one case: now while it is discussed, and as it was once the meeting has moved on."""

from dataclasses import dataclass
from typing import Any

from mdt.meetings.attendance import Seat, seats_of
from mdt.meetings.models import AgendaItem
from mdt.meetings.room.table import Presence, Table, presence_for


@dataclass(frozen=True)
class AtCase:
    """The seats that hold for a case, and what its decision keeps of them."""

    seats: list[Seat]
    printed: list[dict[str, Any]]

    @property
    def present(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.is_present]


def at_case(item: AgendaItem) -> AtCase:
    """While the case is on the table, or before it ever was, who is here now; later, who was there at its end.

    Printed are also those who were there for a part of the discussion and left. Five queries.
    """
    seats = seats_of(item.meeting, Table(item.meeting).moment_of(item))
    partly = {presence.person.pk: presence for presence in presence_for(item)}
    printed = [_printed(seat, partly.pop(seat.person.pk, None)) for seat in seats if seat.is_present]
    gone = {seat.person.pk: seat for seat in seats}
    printed += [
        {
            "person": pk,
            "name": presence.person.display_name,
            "discipline": presence.discipline,
            "is_remote": presence.is_remote,
            "is_chair": pk in gone and gone[pk].is_chair,
            **({"stands_in_for": presence.stands_in_for.display_name} if presence.stands_in_for else {}),
            **_times(presence),
        }
        for pk, presence in partly.items()
    ]
    return AtCase(seats, printed)


def _printed(seat: Seat, presence: Presence | None) -> dict[str, Any]:
    return seat.as_printed() | (_times(presence) if presence is not None else {})


def _times(presence: Presence) -> dict[str, str]:
    """When somebody came or left in the middle of the case, as ISO texts; nothing for who was there throughout."""
    times = {"came_at": presence.came_at, "left_at": presence.left_at}
    return {name: moment.isoformat() for name, moment in times.items() if moment is not None}
