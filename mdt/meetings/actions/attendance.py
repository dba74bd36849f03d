"""Marking who is in the room."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.meetings import lock_meeting, refuse_stranger
from mdt.meetings.models import AttendanceMark, Meeting
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
) -> AttendanceMark:
    """Somebody came or left; they speak for their own discipline, or for the `discipline` they stand in for.

    A mark that says nothing new is not written twice: the newest one is returned. Raises ActionError for a
    stranger to the team, an unknown discipline or a meeting that is over.
    """
    meeting = lock_meeting(meeting)
    refuse_stranger(meeting.team, person)
    if discipline and discipline not in Discipline.values:
        raise ActionError(_("This discipline is not known."))
    said = {
        "discipline": discipline or person.discipline,
        "is_present": is_present,
        "is_remote": is_remote and is_present,
    }
    newest = meeting.attendance_marks.filter(person=person).order_by("-id").first()
    if newest is not None and all(getattr(newest, name) == value for name, value in said.items()):
        return newest
    mark = AttendanceMark.objects.create(meeting=meeting, person=person, marked_by=by, **said)
    record(
        Kind.ATTENDANCE_MARKED,
        by=by,
        team=meeting.team,
        subject=mark,
        meeting=meeting.reference,
        person=person.pk,
        **said,
    )
    return mark
