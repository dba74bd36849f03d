"""Marking who is in the room, for whom they stand in, and taking a mark back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.locks import lock_meeting, refuse_stranger
from mdt.meetings.attendance import UNDO_WITHIN, marked_at_once, marks_of, seats_of
from mdt.meetings.calendar.expected import COMING, Expected, asked_to, who_said_they_come
from mdt.meetings.models import AttendanceMark, Meeting, Reply
from mdt.people.disciplines import Discipline
from mdt.people.models import User


@transaction.atomic
def mark_attendance(
    *,
    meeting: Meeting,
    person: User,
    is_present: bool,
    by: User,
    is_remote: bool = False,
    discipline: str = "",
    stands_in_for: User | None = None,
    holds_from: datetime | None = None,
) -> AttendanceMark:
    """Somebody came or left; they speak for their own discipline, for that of the member they stand in for, or for
    the `discipline` named. `holds_from`: since when, if that was earlier than now.

    A mark that says nothing new is not written twice: the newest one is returned. Raises ActionError for a
    stranger to the team, an unknown discipline, a time that has not come, or a meeting that is over.
    """
    meeting = lock_meeting(meeting)
    refuse_stranger(meeting.team, person, stands_in_for)
    if discipline and discipline not in Discipline.values:
        raise ActionError(_("This discipline is not known."))
    if stands_in_for == person:
        raise ActionError(_("Nobody stands in for themselves."))
    now = timezone.now()
    if holds_from is not None and holds_from > now:
        raise ActionError(_("This time has not come yet."))
    deputy_for = stands_in_for if is_present else None
    said = {
        "discipline": discipline or (deputy_for.discipline if deputy_for else "") or person.discipline,
        "is_present": is_present,
        "is_remote": is_remote and is_present,
        "stands_in_for": deputy_for,
    }
    theirs = [mark for mark in marks_of(meeting) if mark.person_id == person.pk]
    if theirs and holds_from is None and all(getattr(theirs[-1], name) == value for name, value in said.items()):
        return theirs[-1]
    return _write(meeting, person, by, holds_from or now, said)


def _write(meeting: Meeting, person: User, by: User, holds_from: datetime, said: dict) -> AttendanceMark:
    """A mark and its line in the log, of a meeting that is locked and people who belong to its team."""
    mark = AttendanceMark.objects.create(meeting=meeting, person=person, marked_by=by, holds_from=holds_from, **said)
    _log(Kind.ATTENDANCE_MARKED, mark, by)
    return mark


@transaction.atomic
def mark_those_who_come(*, meeting: Meeting, by: User) -> list[AttendanceMark]:
    """Everybody who answered that they come is here, as they said it: in the room or by video; one log line for each.

    Whoever was marked before keeps that mark, and who has left the team is passed over. A deputy takes the place of
    the member who does not come; a member speaks for the discipline for which they were asked. Raises ActionError
    where the meeting is over, and before its day as long as nobody is there.
    """
    meeting = lock_meeting(meeting)
    seats = seats_of(meeting)
    marked = {seat.person.pk for seat in seats if seat.marked_at is not None}
    here = {seat.person.pk for seat in seats if seat.is_present}
    if not (meeting.has_day_come or here):
        raise ActionError(_("The day of this meeting has not come: nobody is here yet."))
    in_team = set(meeting.team.memberships.values_list("user_id", flat=True))
    asked = asked_to([meeting])[meeting.pk]
    come = here | ({one.person.pk for one in asked if one.answer in COMING} - marked)
    now = timezone.now()
    return [
        _write(
            meeting,
            one.person,
            by,
            now,
            {
                "is_present": True,
                "is_remote": one.answer == Reply.Answer.VIDEO,
                **_place_of(one, in_team - come),
            },
        )
        for one in who_said_they_come(asked)
        if one.person.pk in in_team - marked
    ]


def _place_of(one: Expected, not_coming: set[int]) -> dict:
    """Their own place, that of a member of the team who does not come, or a guest's, for their own discipline."""
    own = one.discipline or one.person.discipline
    if one.covers is None:
        return {"discipline": own, "stands_in_for": None}
    if one.covers.pk in not_coming:
        return {"discipline": one.discipline or one.covers.discipline or own, "stands_in_for": one.covers}
    return {"discipline": one.person.discipline, "stands_in_for": None}


@transaction.atomic
def take_back_those_marked(*, meeting: Meeting, by: User) -> list[AttendanceMark]:
    """The newest click of `by` for several people was a mistake: what it wrote is taken back, one log line for each.

    Marks that were made anew since then stay. Raises ActionError where nothing of it stands, or it is too long ago.
    """
    meeting = lock_meeting(meeting)
    if not (marks := marked_at_once(seats_of(meeting), by)):
        raise ActionError(_("There is no mark to take back."))
    return [take_back_mark(mark=mark, by=by) for mark in marks]


@transaction.atomic
def take_back_mark(*, mark: AttendanceMark, by: User) -> AttendanceMark:
    """The mark was a mistake: neither it nor this row counts, and what held before holds again.

    Raises ActionError for a mark that somebody made longer than UNDO_WITHIN ago (then they have left: mark that),
    that is not the newest of its person, or where the meeting is over.
    """
    meeting = lock_meeting(mark.meeting)
    theirs = [each for each in marks_of(meeting) if each.person_id == mark.person_id]
    if not theirs or theirs[-1].pk != mark.pk:
        raise ActionError(_("This mark does not stand any more."))
    if timezone.now() - mark.marked_at > UNDO_WITHIN:
        raise ActionError(_("This mark is too old to be taken back: mark what holds now."))
    undone = AttendanceMark.objects.create(
        meeting=meeting,
        person=mark.person,
        discipline=mark.discipline,
        is_present=mark.is_present,
        is_remote=mark.is_remote,
        stands_in_for=mark.stands_in_for,
        takes_back=mark,
        holds_from=timezone.now(),
        marked_by=by,
    )
    _log(Kind.ATTENDANCE_TAKEN_BACK, undone, by)
    return undone


def _log(kind: Kind, mark: AttendanceMark, by: User) -> None:
    record(
        kind,
        by=by,
        team=mark.meeting.team,
        subject=mark,
        meeting=mark.meeting.reference,
        person=mark.person_id,
        discipline=mark.discipline,
        is_present=mark.is_present,
        is_remote=mark.is_remote,
        stands_in_for=mark.stands_in_for_id,
        holds_from=mark.holds_from,
    )
