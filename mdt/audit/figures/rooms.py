"""Who was in the room: held meetings with their people and cases, read from the meetings' own rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.utils import timezone

from cases.models import Case
from cases.reasoning import quorum_of
from mdt.audit.scope import Scope
from mdt.meetings.attendance import EXPECTED, standing
from mdt.meetings.models import AttendanceMark, CoreMember, Decision, Meeting
from mdt.people.models import Membership


@dataclass(frozen=True)
class Seat:
    """Somebody who is asked to a meeting for a discipline: a core member, or, without any, everybody of the team."""

    person: int
    discipline: str


@dataclass
class Room:
    """One held meeting. `present`: for each case decided there, who was in the room, by discipline."""

    meeting: Meeting
    seats: list[Seat] = field(default_factory=list)
    has_core: bool = False
    marks: list[AttendanceMark] = field(default_factory=list)
    cases: list[dict[int, str]] = field(default_factory=list)
    pathways: list[str] = field(default_factory=list)
    quorate: int = 0

    @property
    def came(self) -> set[int]:
        """Everybody who was marked as present at some time."""
        return {mark.person_id for mark in self.marks if mark.is_present}

    @property
    def disciplines(self) -> set[str]:
        return {mark.discipline for mark in self.marks if mark.is_present}

    @property
    def covers(self) -> dict[int, set[int]]:
        """Core member → who came in their place."""
        found: dict[int, set[int]] = {}
        for mark in self.marks:
            if mark.is_present and mark.stands_in_for_id:
                found.setdefault(mark.stands_in_for_id, set()).add(mark.person_id)
        return found

    def absences(self) -> list[int]:
        """For each core member the cases for which neither they nor whoever came in their place was in the room; for
        each core discipline instead, where no members are named. Empty where there is neither."""
        if not self.has_core:
            core = dict.fromkeys(code for pathway in self.pathways for code in quorum_of(pathway))
            return [sum(code not in present.values() for present in self.cases) for code in core]
        covers = self.covers
        people = [{seat.person} | covers.get(seat.person, set()) for seat in self.seats]
        return [sum(not them & set(present) for present in self.cases) for them in people]


def rooms_of(scope: Scope) -> list[Room]:
    """The held meetings of the scope's teams and period, the oldest first. Other filters do not apply to meetings."""
    meetings = _meetings(scope)
    rooms = {meeting.pk: Room(meeting) for meeting in meetings}
    marks: dict[int, list[AttendanceMark]] = {}
    for mark in AttendanceMark.objects.filter(meeting__in=rooms).order_by("id"):
        marks.setdefault(mark.meeting_id, []).append(mark)
    for pk, found in marks.items():
        rooms[pk].marks = standing(found)
    decisions = Decision.objects.current().filter(meeting__in=rooms).order_by("id")
    decisions = decisions.exclude(case__in=Case.objects.restricted())
    for pk, pathway, present, is_quorate in decisions.values_list(
        "meeting_id", "case__pathway", "present", "is_quorate"
    ):
        rooms[pk].cases.append({seat["person"]: seat["discipline"] for seat in present})
        rooms[pk].pathways.append(pathway)
        rooms[pk].quorate += is_quorate
    _seat(list(rooms.values()))
    return list(rooms.values())


def _meetings(scope: Scope) -> list[Meeting]:
    """By the day of each team's own clock."""
    first = timezone.make_aware(datetime.combine(scope.first_on - timedelta(days=1), time.min))
    last = timezone.make_aware(datetime.combine(scope.last_on + timedelta(days=2), time.min))
    rows = Meeting.objects.filter(
        team__in=scope.teams, state=Meeting.State.HELD, starts_at__gte=first, starts_at__lt=last
    )
    rows = rows.select_related("team").order_by("starts_at", "id")
    return [meeting for meeting in rows if scope.first_on <= meeting.local_start.date() <= scope.last_on]


def _seat(rooms: Iterable[Room]) -> None:
    """Who was asked: those who were core members, or in the team, by then and are so today."""
    rooms = list(rooms)
    core: dict[int, list[CoreMember]] = {}
    rows = CoreMember.objects.filter(series__in={room.meeting.series_id for room in rooms} - {None}, covers=None)
    for row in rows.order_by("discipline", "id"):
        core.setdefault(row.series_id, []).append(row)
    everybody: dict[int, list[Membership]] = {}
    members = Membership.objects.filter(team__in={room.meeting.team_id for room in rooms}, role__in=EXPECTED)
    for member in members.filter(user__is_active=True).select_related("user").order_by("user__name", "user_id"):
        everybody.setdefault(member.team_id, []).append(member)
    for room in rooms:
        held_at = room.meeting.starts_at
        named = [row for row in core.get(room.meeting.series_id, []) if row.added_at <= held_at]
        room.has_core = bool(named)
        if named:
            room.seats = [Seat(row.person_id, row.discipline) for row in named]
            continue
        people = [row.user for row in everybody.get(room.meeting.team_id, []) if row.added_at <= held_at]
        room.seats = [Seat(person.pk, person.discipline) for person in dict.fromkeys(people)]
