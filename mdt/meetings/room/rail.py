"""The rail: the agenda beside the case, and the way to the next one."""

from mdt.meetings.meeting_page import agenda_of
from mdt.meetings.models import AgendaItem
from mdt.meetings.planning.order import break_of


def rail_context(item: AgendaItem) -> dict:
    """The agenda in order, the place of the case on the screen, the next case to discuss, and the break."""
    rail = agenda_of(item.meeting)
    place = [entry.pk for entry in rail].index(item.pk)
    return {
        "rail": rail,
        "place": place + 1,
        "pause": break_of(item.meeting, rail),
        "next_item": next((entry for entry in rail[place + 1 :] if entry.lane == AgendaItem.Lane.DISCUSS), None),
    }
