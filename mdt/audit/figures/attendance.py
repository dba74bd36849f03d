"""Attendance: of members, of core disciplines, of whole meetings."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.reasoning import quorum_of
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.rooms import Room, rooms_of
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Row, Table, share_cell
from mdt.people.models import User
from mdt.people.templatetags.looks import discipline_label, listed

MEMBER_SHARE = 2 / 3
"""UK peer review: a core member or cover at two thirds of the meetings or more."""
MANY_CASES = 3
"""MDT-OARS: somebody absent for three cases or more."""


def by_member(scope: Scope, rooms: list[Room] | None = None) -> Table:
    """Each member: meetings that they were asked to, and came to, themselves or by somebody in their place."""
    rooms = rooms_of(scope) if rooms is None else rooms
    asked: dict[tuple[int, str], list[int]] = {}
    for room in rooms:
        came, covers = room.came, room.covers
        for seat in room.seats:
            counts = asked.setdefault((seat.person, seat.discipline), [0, 0, 0])
            counts[0] += 1
            counts[1] += seat.person in came
            counts[2] += seat.person not in came and seat.person in covers
    people = User.objects.in_bulk({person for person, _discipline in asked})
    order = sorted(asked, key=lambda key: (key[1], people[key[0]].name, key[0]))
    rows = []
    for key in order:
        total, came, covered = asked[key]
        state = (
            gettext("at least two thirds") if came + covered >= MEMBER_SHARE * total else gettext("below two thirds")
        )
        cells = (Cell(discipline_label(key[1])), Cell(total), Cell(came), Cell(covered))
        rows.append((Cell(people[key[0]].display_name), *cells, share_cell(came + covered, total), Cell(state)))
    return Table(
        key="attendance-members",
        title=gettext("Attendance of members"),
        how_counted=str(DEFINITIONS["attendance_members"]),
        columns=(
            Column("person", gettext("Member")),
            Column("discipline", gettext("Discipline")),
            Column("meetings", gettext("Meetings"), "count"),
            Column("came", gettext("Came"), "count"),
            Column("covered", gettext("Deputy came"), "count"),
            Column("share", gettext("Came or covered"), "share"),
            Column("state", gettext("Two thirds (UK peer review)")),
        ),
        rows=tuple(rows),
        notes=(_meetings_note(rooms),),
    )


def by_discipline(scope: Scope, rooms: list[Room] | None = None) -> Table:
    """Each core discipline: at how many meetings, and for how many cases, somebody spoke for it."""
    rooms = rooms_of(scope) if rooms is None else rooms
    core = list(dict.fromkeys(code for room in rooms for pathway in room.pathways for code in quorum_of(pathway)))
    rows = []
    for code in core:
        met = [room for room in rooms if any(code in quorum_of(pathway) for pathway in room.pathways)]
        cases = [
            present
            for room in rooms
            for present, pathway in zip(room.cases, room.pathways, strict=True)
            if code in quorum_of(pathway)
        ]
        there = sum(code in room.disciplines for room in met)
        spoke = sum(code in present.values() for present in cases)
        cells = (Cell(len(met)), share_cell(there, len(met)), Cell(len(cases)), share_cell(spoke, len(cases)))
        rows.append((Cell(discipline_label(code)), *cells))
    return Table(
        key="attendance-disciplines",
        title=gettext("Attendance of core disciplines"),
        how_counted=str(DEFINITIONS["attendance_disciplines"]),
        columns=(
            Column("discipline", gettext("Discipline")),
            Column("meetings", gettext("Meetings"), "count"),
            Column("came", gettext("At the meeting"), "share"),
            Column("cases", gettext("Cases"), "count"),
            Column("spoke", gettext("In the room for the case"), "share"),
        ),
        rows=tuple(rows),
        notes=(_meetings_note(rooms),),
    )


LEVELS: Final[dict[str, Promise]] = {
    "whole": _("Every core member or core discipline for all cases"),
    "few": _("Somebody absent for one or two cases"),
    "many": _("Somebody absent for three cases or more"),
    "throughout": _("Somebody absent throughout"),
    "": _("Not countable: no case decided or deferred"),
}


def oars_level(room: Room) -> str:
    """The worst that holds of any core member; "" where it cannot be said."""
    if not room.cases:
        return ""
    worst = max(room.absences(), default=0)
    if worst == len(room.cases):
        return "throughout"
    if worst >= MANY_CASES:
        return "many"
    return "few" if worst else "whole"


def oars_levels(scope: Scope, rooms: list[Room] | None = None) -> Table:
    """How many meetings reached each level of attendance of MDT-OARS."""
    rooms = rooms_of(scope) if rooms is None else rooms
    found = [oars_level(room) for room in rooms]
    rows = [
        (Cell(str(title)), Cell(found.count(key)), share_cell(found.count(key), len(found)))
        for key, title in LEVELS.items()
    ]
    return Table(
        key="oars",
        title=gettext("Level of attendance (MDT-OARS)"),
        how_counted=str(DEFINITIONS["oars"]),
        columns=(
            Column("level", gettext("Level")),
            Column("meetings", gettext("Meetings"), "count"),
            Column("share", gettext("Share"), "share"),
        ),
        rows=tuple(rows),
        notes=(
            gettext(
                "Not verified: of the four levels three were read (whole meeting; absent for three cases or more; "
                "absent throughout). The one between is inferred, and their numbers are not shown."
            ),
        ),
        foot=(Cell(gettext("All")), Cell(len(found), is_sum=True), Cell("")),
    )


def meetings(scope: Scope, rooms: list[Room] | None = None) -> Table:
    """Each held meeting: how many came, how many of its cases were quorate, which core disciplines nobody spoke for."""
    rooms = rooms_of(scope) if rooms is None else rooms
    rows = []
    for room in reversed(rooms):
        core = dict.fromkeys(code for pathway in room.pathways for code in quorum_of(pathway))
        missing = listed(discipline_label(code) for code in core if code not in room.disciplines)
        name = Cell(room.meeting.reference, url=room.meeting.get_absolute_url())
        cells = (Cell(room.meeting.local_start.date()), Cell(len(room.came)), Cell(len(room.cases)))
        row: Row = (
            name,
            *cells,
            share_cell(room.quorate, len(room.cases)),
            Cell(missing or gettext("none")),
            Cell(str(LEVELS[oars_level(room)])),
        )
        rows.append(row)
    quorate = sum(bool(room.cases) and room.quorate == len(room.cases) for room in rooms)
    counted = sum(bool(room.cases) for room in rooms)
    words = {"quorate": quorate, "counted": counted, "held": len(rooms)}
    return Table(
        key="meetings",
        title=gettext("Meetings"),
        how_counted=str(DEFINITIONS["meetings"]),
        columns=(
            Column("meeting", gettext("Meeting")),
            Column("day", gettext("Day")),
            Column("came", gettext("People"), "count"),
            Column("cases", gettext("Cases decided or deferred"), "count"),
            Column("quorate", gettext("Quorate"), "share"),
            Column("missing", gettext("Core disciplines that did not come")),
            Column("level", gettext("Level of attendance (MDT-OARS)")),
        ),
        rows=tuple(rows),
        notes=(
            gettext(
                "%(quorate)d of %(counted)d meetings with cases were quorate for every case; %(held)d meetings held. "
                "UK peer review asks for 95 %% of meetings; not verified."
            )
            % words,
        ),
    )


def _meetings_note(rooms: list[Room]) -> str:
    without = sum(not room.has_core for room in rooms)
    words = {"held": len(rooms), "without": without}
    return (
        gettext(
            "%(held)d meetings held; for %(without)d of them no core members were named, so that everybody of the team "
            "was asked."
        )
        % words
    )
