"""The bar of attendance: who is present for the case on the screen, whether that is enough, and the marks to set."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mdt.meetings.attendance import UNDO_WITHIN, Seat, marked_at_once, seats_of
from mdt.meetings.calendar.expected import Expected, announced, asked_to
from mdt.meetings.meeting_page import is_held_now, rights_in
from mdt.meetings.models import AgendaItem
from mdt.meetings.quorum import quorum_for
from mdt.meetings.room.shared import Shared
from mdt.meetings.room.table import Table
from mdt.people.models import User


def presence_context(shared: Shared, user: User, table: Table) -> dict:
    """Present and quorum for the case of `shared`, and what this reader may mark. Its `seats` are as they are now."""
    may = rights_in(shared.meeting, user)
    is_held = is_held_now(shared.meeting, [seat for seat in shared.seats if seat.is_present])
    own = next((seat for seat in shared.seats if seat.person.pk == user.pk), None)
    return {
        **presence_of(shared),
        "shared": shared,
        "meeting": shared.meeting,
        "case": shared.case,
        "may": may,
        "seats": shared.seats,
        "announced": _announced(shared) if may["mark"] and is_held else [],
        "at_once": marked_at_once(shared.seats, user) if may["mark"] else [],
        "own": own,
        "may_undo": own is not None and _may_undo(own, user),
        "since_choices": _since(shared.item, table),
    }


def _announced(shared: Shared) -> list[Expected]:
    """Who said that they come and was not marked yet."""
    return shared.once("announced", lambda: announced(shared.seats, asked_to([shared.meeting])[shared.meeting.pk]))


def presence_of(shared: Shared) -> dict[str, Any]:
    """Who is present, and whether it is enough: now, or at the end of the discussion once the table moved on.

    The same to every reader. While the table must not see the proposal, what it would ask for is not hinted at.
    """
    return shared.once("presence", lambda: _presence(shared))


def _presence(shared: Shared) -> dict[str, Any]:
    item = shared.item
    moment = Table(shared.meeting, sittings=shared.sittings).moment_of(item)
    there = shared.seats if moment is None else seats_of(shared.meeting, moment)
    present = [seat for seat in there if seat.is_present]
    proposal = None if item.is_sealed else shared.proposal
    quorum = quorum_for(item.case, proposal, (seat.discipline for seat in present))
    in_team = {seat.person.discipline for seat in shared.seats}
    return {
        "chips": chips_of(there, quorum.required),
        "present_count": len(present),
        "as_of": moment,
        "quorum": quorum,
        "chair": _standing([seat for seat in there if seat.is_chair]),
        "not_in_team": [code for code in quorum.required if code not in in_team],
    }


def _may_undo(own: Seat, user: User) -> bool:
    """One's own click, a moment ago."""
    mark = own.mark
    return mark is not None and mark.marked_by_id == user.pk and timezone.now() - mark.marked_at < UNDO_WITHIN


def _since(item: AgendaItem, table: Table) -> list[str]:
    """From when a mark may hold beside now: `case`, `meeting`; nothing before the meeting has begun."""
    if not table.has_begun or timezone.now() - table.spans[0].began_at < timedelta(minutes=1):
        return []
    return ["case", "meeting"] if table.item == item.pk else ["meeting"]


def chips_of(seats: list[Seat], required: list[str] | tuple[str, ...]) -> list[dict]:
    """Disciplines in the room: those that the quorum needs first, then the others who are present."""
    by_discipline: dict[str, list[Seat]] = {code: [] for code in required}
    for seat in seats:
        if seat.discipline:
            by_discipline.setdefault(seat.discipline, []).append(seat)
    return [chip for code, theirs in by_discipline.items() if (chip := _chip(code, theirs, code in required))]


HERE, LEFT, AWAY, UNMARKED = "here", "left", "away", "unmarked"


def _standing(seats: list[Seat]) -> str:
    """How those who could bring a discipline, or chair, stand together.

    Away only where every one of them was marked so: of whom nobody marked, nobody knows.
    """
    if any(seat.is_present for seat in seats):
        return HERE
    if any(seat.was_here for seat in seats):
        return LEFT
    asked = [seat for seat in seats if seat.is_expected or seat.has_left]
    return AWAY if asked and all(seat.has_left for seat in asked) else UNMARKED


def _chip(code: str, seats: list[Seat], is_required: bool) -> dict | None:
    here = [seat for seat in seats if seat.is_present]
    if not here and not is_required:
        return None
    standing = _standing(seats)
    return {
        "discipline": code,
        "is_here": bool(here),
        "standing": standing,
        "is_required": is_required,
        "is_remote": bool(here) and all(seat.is_remote for seat in here),
        "deputy_of": here[0].stands_in_for if here and all(seat.stands_in_for for seat in here) else None,
        "left_at": max(seat.marked_at for seat in seats if seat.was_here) if standing == LEFT else None,
        "names": [seat.person.display_name for seat in here],
    }
