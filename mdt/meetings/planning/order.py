"""The order inside a meeting: hard cases first, and where the break lies."""

from collections.abc import Sequence

from cases.models import Case, Urgency
from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.planning.rules import house_rules

PRESSING = {Urgency.EMERGENCY: 0, Urgency.URGENT: 1, Urgency.ROUTINE: 2}


def by_difficulty(items: Sequence[AgendaItem]) -> list[AgendaItem]:
    """Cases that take most minutes first, then the more urgent; an item that a person fixed keeps its place.

    What was decided already, and what is not discussed, keeps its place too.
    """
    held = {at: item for at, item in enumerate(items) if _stays(item)}
    free = sorted(
        (item for item in items if not _stays(item)),
        key=lambda item: (difficulty(item.planned_minutes, item.case), item.pk),
    )
    rest = iter(free)
    return [held[at] if at in held else next(rest) for at in range(len(items))]


def difficulty(minutes: int, case: Case) -> tuple:
    """By which cases are sorted: most minutes first, then the more urgent, then the earlier target."""
    return -minutes, PRESSING[case.urgency], case.target_on


def _stays(item: AgendaItem) -> bool:
    return item.is_fixed or item.state == AgendaItem.State.DISCUSSED or item.lane != AgendaItem.Lane.DISCUSS


def break_after(items: Sequence[AgendaItem]) -> AgendaItem | None:
    """The item after which a break is proposed: nearest to half of the planned minutes, in a long meeting only.

    Fatigue is what it is for: the quality of information falls in the second half and recovers after a short break.
    """
    discussed = [item for item in items if item.lane == AgendaItem.Lane.DISCUSS]
    total = sum(item.planned_minutes for item in discussed)
    if total < house_rules().break_from or len(discussed) < 2:
        return None
    so_far, best = 0, None
    for item in discussed[:-1]:
        so_far += item.planned_minutes
        distance = abs(2 * so_far - total)
        if best is None or distance < best[0]:
            best = (distance, item)
    return best[1] if best else None


def break_of(meeting: Meeting, items: Sequence[AgendaItem]) -> dict | None:
    """For the pages: the item before the break and its minutes; None in a short meeting."""
    item = break_after(items)
    return None if item is None else {"after": item, "minutes": house_rules().break_minutes, "meeting": meeting}
