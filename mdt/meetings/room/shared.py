"""What everybody in the room reads alike: read once for all, as long as the pulse says that nothing has changed.

When the table moves, a room full of people asks for the same case within a second. The words of the pulse name every
change of what is kept here, so that it is never older than the page says it is.
"""

import time
from dataclasses import dataclass

from cases.models import Proposal
from mdt.meetings.attendance import Seat, seats_of
from mdt.meetings.meeting_page import agenda_of
from mdt.meetings.models import AgendaItem, Meeting

# Seconds: what no word covers (a name that was corrected, somebody new in the team) may be so old.
KEPT_FOR = 15
MOST = 40  # cases of meetings
_kept: dict[tuple, tuple[float, "Shared"]] = {}


@dataclass(frozen=True)
class Shared:
    """Leave it as it is: other requests read the same objects. `seats`: everybody of the team as they are now."""

    seats: list[Seat]
    rail: list[AgendaItem]
    newest: Proposal | None


def shared_of(item: AgendaItem, words: dict[str, str]) -> Shared:
    """`words`: those of the pulse for this item, read before."""
    meeting: Meeting = item.meeting
    key = (meeting.pk, meeting.created_at, item.pk, tuple(words.items()))
    kept, now = _kept.get(key), time.monotonic()
    if kept is not None and now - kept[0] < KEPT_FOR:
        return kept[1]
    shared = Shared(seats_of(meeting), agenda_of(meeting), item.case.latest_proposal)
    if len(_kept) >= MOST:
        _kept.clear()
    _kept[key] = (now, shared)
    return shared
