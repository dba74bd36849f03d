"""The parts of the page that all in the room read alike, each rendered once for them (mdt.meetings.room.shared).

What a part shows only to some is among its values, never read from the request: who may less asks under another key.
"""

from django.utils.safestring import SafeString

from mdt.meetings.planning.order import break_of
from mdt.meetings.room.attendance_bar import presence_of
from mdt.meetings.room.shared import Shared
from mdt.meetings.room.stage import stage_of
from mdt.meetings.room.table import Table
from mdt.people import alike


def rail_of(shared: Shared, *, is_alone: bool) -> SafeString:
    """The agenda beside the case. `is_alone`: the reader does not follow the table."""

    def content() -> dict:
        table = Table(shared.meeting, sittings=shared.sittings)
        return {
            "rail": shared.rail,
            "pause": break_of(shared.meeting, shared.rail),
            "on_table": table.item,
            "place_of_table": table.before_break,
            "has_begun": table.has_begun,
        }

    return shared.rendered("meetings/_rail.html", content, is_alone=is_alone)


def present_of(shared: Shared) -> SafeString:
    """Disciplines in the room and the quorum."""
    return shared.rendered("meetings/_present.html", lambda: presence_of(shared))


def before_of(shared: Shared, *, may_answer: bool) -> SafeString:
    """Conditions that run. `may_answer`: the reader may put them off or end them."""
    return shared.rendered("meetings/_conditions_before.html", dict, may_answer=may_answer)


def since_of(shared: Shared) -> SafeString:
    """What changed since the meeting that last decided on the case."""
    return shared.rendered("meetings/_since_before.html", dict)


def case_of(shared: Shared) -> SafeString:
    """Facts, liver, contradictions, systems and options; sealed, while the opinions are."""
    is_sealed = shared.item.is_sealed
    return shared.rendered("meetings/_stage_case.html", lambda: stage_of(shared), is_sealed=is_sealed)


def seats_shown(shared: Shared) -> list[SafeString]:
    """Everybody's line as those see it who may not mark them, in the order of the seats."""
    template = "meetings/_seat_shown.html"
    return shared.once("seats", lambda: [alike.rendered(template, {"seat": seat.as_shown}) for seat in shared.seats])
