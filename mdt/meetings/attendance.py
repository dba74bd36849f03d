"""Who is in the room now: the newest mark of each person, beside all who belong to the team."""

from dataclasses import dataclass
from datetime import datetime

from mdt.meetings.models import AttendanceMark, Meeting
from mdt.meetings.quorum import Quorum, check
from mdt.people.models import Membership, Role, User

# Who is asked for; an administrator or auditor who comes in is marked as any other member of the team.
EXPECTED = (Role.MEMBER, Role.CHAIR, Role.COORDINATOR)


@dataclass(frozen=True)
class Seat:
    """One person of the team and how they stand in this meeting."""

    person: User
    discipline: str
    is_chair: bool
    is_expected: bool
    is_present: bool = False
    is_remote: bool = False
    marked_at: datetime | None = None

    @property
    def has_left(self) -> bool:
        """They were marked, and are not here now."""
        return self.marked_at is not None and not self.is_present

    def as_printed(self) -> dict:
        """How a decision keeps it: readable even after the person has changed name or discipline."""
        return {
            "person": self.person.pk,
            "name": self.person.display_name,
            "discipline": self.discipline,
            "is_remote": self.is_remote,
            "is_chair": self.is_chair,
        }


def seats_of(meeting: Meeting) -> list[Seat]:
    """All people of the team, and whoever was marked and has since left the team. Two queries."""
    marks: dict[int, AttendanceMark] = {}
    for mark in meeting.attendance_marks.select_related("person").order_by("id"):
        marks[mark.person_id] = mark
    people: dict[int, User] = {mark.person_id: mark.person for mark in marks.values()}
    roles: dict[int, set[str]] = {}
    for membership in Membership.objects.filter(team_id=meeting.team_id).select_related("user"):
        if membership.user.is_active or membership.user_id in marks:
            people[membership.user_id] = membership.user
            roles.setdefault(membership.user_id, set()).add(membership.role)
    seats = [_seat(person, meeting, marks.get(pk), roles.get(pk, set())) for pk, person in people.items()]
    return sorted(seats, key=lambda seat: (not seat.is_chair, not seat.is_expected, seat.person.name, seat.person.pk))


def _seat(person: User, meeting: Meeting, mark: AttendanceMark | None, roles: set[str]) -> Seat:
    chairs = person.pk == meeting.chair_id if meeting.chair_id else Role.CHAIR in roles
    expected = bool(roles & set(EXPECTED))
    if mark is None:
        return Seat(person, person.discipline, chairs, expected)
    return Seat(person, mark.discipline, chairs, expected, mark.is_present, mark.is_remote, mark.marked_at)


def quorum_now(seats: list[Seat], required: list[str]) -> Quorum:
    """Quorum from those who are present."""
    return check((seat.discipline for seat in seats if seat.is_present), required)
