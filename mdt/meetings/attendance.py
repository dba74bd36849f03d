"""Who is in the room: the newest mark of each person, now or at a moment, beside all who belong to the team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from mdt.meetings.models import AttendanceMark, CoreMember, Meeting, Reply
from mdt.people.models import Membership, Role, User

# Who is asked for; an administrator or auditor who comes in is marked as any other member of the team.
EXPECTED = (Role.MEMBER, Role.CHAIR, Role.COORDINATOR)
OFFICES = frozenset({Role.AUDITOR, Role.ADMINISTRATOR, Role.PRIVACY})
"""Who holds nothing else in the team has no seat, unless they are invited or come."""
UNDO_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Seat:
    """One person of the team and how they stand in this meeting. `covered_by`: who stands in for them now.

    `is_chair`: they are the meeting's chair or, where none was chosen (`chair_is_open`), hold the role and may chair.
    `was_here`: they were marked as present before. `said`: what they answered to the invitation (Reply.Answer), ""
    where this was not read or nobody asked them.
    """

    person: User
    discipline: str
    is_chair: bool
    is_expected: bool
    is_present: bool = False
    is_remote: bool = False
    marked_at: datetime | None = None
    stands_in_for: User | None = None
    covered_by: User | None = None
    mark: AttendanceMark | None = None
    said: str = ""
    was_here: bool = False
    chair_is_open: bool = False

    @property
    def has_left(self) -> bool:
        """They were marked, and are not here now."""
        return self.marked_at is not None and not self.is_present

    @cached_property
    def as_shown(self) -> dict:
        """What their line in the room says, the same to every reader."""
        return {
            "name": self.person.display_name,
            "discipline": self.discipline,
            "is_chair": self.is_chair and not self.chair_is_open,
            "may_chair": self.is_chair and self.chair_is_open,
            "is_present": self.is_present,
            "said": self.said,
            "is_remote": self.is_remote,
            "is_marked": self.marked_at is not None,
            "stands_in_for": self.stands_in_for.display_name if self.stands_in_for else "",
            "covered_by": self.covered_by.display_name if self.covered_by else "",
            "left_at": self.marked_at if self.has_left else None,
        }

    def as_printed(self) -> dict:
        """How a decision keeps it: readable even after the person has changed name or discipline."""
        return {
            "person": self.person.pk,
            "name": self.person.display_name,
            "discipline": self.discipline,
            "is_remote": self.is_remote,
            "is_chair": self.is_chair,
            **({"stands_in_for": self.stands_in_for.display_name} if self.stands_in_for else {}),
        }


@dataclass(frozen=True)
class Stay:
    """From when to when a mark of a person holds; `until` is None for the newest."""

    mark: AttendanceMark
    since: datetime
    until: datetime | None = None


def standing(marks: Iterable[AttendanceMark]) -> list[AttendanceMark]:
    """The marks that count, in the order in which they were made: without those taken back and what took them back."""
    marks = list(marks)
    taken_back = {mark.takes_back_id for mark in marks}
    return [mark for mark in marks if mark.takes_back_id is None and mark.pk not in taken_back]


def marks_of(meeting: Meeting) -> list[AttendanceMark]:
    """The marks of a meeting that count, in the order in which they were made. One query."""
    return standing(meeting.attendance_marks.select_related("person", "stands_in_for").order_by("id"))


def marked_at_once(seats: Iterable[Seat], user: User) -> list[AttendanceMark]:
    """The marks that hold of this person's newest click for several people, while they may still be taken back.

    One click writes one moment into all its marks; the moment of a mark that was dated back is not that of its click.
    """
    since = timezone.now() - UNDO_WITHIN
    clicks: dict[datetime, list[AttendanceMark]] = {}
    for mark in (seat.mark for seat in seats):
        if mark is not None and mark.is_present and mark.marked_by_id == user.pk and mark.holds_from > since:
            clicks.setdefault(mark.holds_from, []).append(mark)
    return next((found for _at, found in sorted(clicks.items(), reverse=True) if len(found) > 1), [])


def stays_of(marks: Iterable[AttendanceMark]) -> dict[int, list[Stay]]:
    """Person → what held from when to when. A later mark holds from its own moment on, whatever was said before."""
    stays: dict[int, list[Stay]] = {}
    for mark in marks:
        theirs = [stay for stay in stays.get(mark.person_id, []) if stay.since < mark.holds_from]
        if theirs:
            last = theirs[-1]
            theirs[-1] = Stay(last.mark, last.since, min(last.until or mark.holds_from, mark.holds_from))
        stays[mark.person_id] = [*theirs, Stay(mark, mark.holds_from)]
    return stays


def held_at(stays: list[Stay], moment: datetime | None) -> AttendanceMark | None:
    """The mark that holds at a moment (None: now); None before the first."""
    if moment is None:
        return stays[-1].mark if stays else None
    held = [stay for stay in stays if stay.since <= moment and (stay.until is None or moment < stay.until)]
    return held[-1].mark if held else None


def seats_of(meeting: Meeting, at: datetime | None = None) -> list[Seat]:
    """All people of the team, and whoever was marked and has since left the team; now, or as it was `at` a moment.
    Without those who only hold an office, unless they were marked, are core members, or answered an invitation.

    Two queries; a third where the team has people of offices.
    """
    stays = stays_of(marks_of(meeting))
    marks = {pk: mark for pk, theirs in stays.items() if (mark := held_at(theirs, at)) is not None}
    people: dict[int, User] = {pk: theirs[0].mark.person for pk, theirs in stays.items()}
    roles: dict[int, set[str]] = {}
    for membership in Membership.objects.filter(team_id=meeting.team_id).select_related("user"):
        if membership.user.is_active or membership.user_id in stays:
            people[membership.user_id] = membership.user
            roles.setdefault(membership.user_id, set()).add(membership.role)
    for pk in office_holders(meeting, roles) - set(stays):
        people.pop(pk, None)
    covers = {mark.stands_in_for_id: mark.person for mark in marks.values() if mark.is_present and mark.stands_in_for}
    came = {pk for pk, theirs in stays.items() if any(stay.mark.is_present for stay in theirs if _began(stay, at))}
    seats = [
        replace(_seat(person, meeting, marks.get(pk), roles.get(pk, set()), covers.get(pk)), was_here=pk in came)
        for pk, person in people.items()
    ]
    return sorted(seats, key=lambda seat: (not seat.is_chair, not seat.is_expected, seat.person.name, seat.person.pk))


def _began(stay: Stay, at: datetime | None) -> bool:
    return at is None or stay.since <= at


def office_holders(meeting: Meeting, roles: Mapping[int, set[str]] | None = None) -> set[int]:
    """People of the team who only hold an office and are not invited: without a seat until somebody marks them."""
    if roles is None:
        roles = {}
        held = Membership.objects.filter(team_id=meeting.team_id, user__is_active=True)
        for pk, role in held.values_list("user_id", "role"):
            roles.setdefault(pk, set()).add(role)
    only = {pk for pk, held in roles.items() if held <= OFFICES}
    if not only:
        return set()
    core = CoreMember.objects.filter(series=meeting.series_id, person__in=only).order_by().values_list("person_id")
    answered = Reply.objects.filter(meeting=meeting, person__in=only).order_by().values_list("person_id")
    return only - {pk for (pk,) in core.union(answered)}


def _seat(
    person: User, meeting: Meeting, mark: AttendanceMark | None, roles: set[str], covered_by: User | None
) -> Seat:
    chairs = person.pk == meeting.chair_id if meeting.chair_id else Role.CHAIR in roles
    expected = bool(roles & set(EXPECTED))
    if mark is None:
        open_chair = meeting.chair_id is None
        return Seat(person, person.discipline, chairs, expected, covered_by=covered_by, chair_is_open=open_chair)
    return Seat(
        person,
        mark.discipline,
        chairs,
        expected,
        is_present=mark.is_present,
        is_remote=mark.is_remote,
        marked_at=mark.holds_from,
        stands_in_for=mark.stands_in_for,
        covered_by=covered_by,
        mark=mark,
        chair_is_open=meeting.chair_id is None,
    )
