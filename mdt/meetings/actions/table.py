"""What lies on the table: a case, a break, or nothing. Every screen of the room follows it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.locks import lock_meeting
from mdt.meetings.models import AgendaItem, Meeting, Sitting
from mdt.people.models import User


def _newest(meeting: Meeting) -> Sitting | None:
    return meeting.sittings.order_by("-id").first()


def _move(meeting: Meeting, by: User, what: str, item: AgendaItem | None = None) -> Sitting:
    newest = _newest(meeting)
    if newest is not None and (newest.what, newest.item_id) == (what, item and item.pk):
        return newest  # two people pressed the same key
    sitting = Sitting.objects.create(meeting=meeting, what=what, item=item, began_at=timezone.now(), begun_by=by)
    record(
        Kind.TABLE_MOVED,
        by=by,
        team=meeting.team,
        case=item.case if item else None,
        subject=sitting,
        meeting=meeting.reference,
        on_table=what,
    )
    return sitting


@transaction.atomic
def put_on_table(*, item: AgendaItem, by: User) -> Sitting:
    """The meeting turns to this case; what lay on the table before, and a break, end now.

    A case that is on the table already stays: its clock runs on. Raises ActionError once the meeting is over or
    the case was taken off its agenda.
    """
    meeting = lock_meeting(item.meeting)
    item = AgendaItem.objects.select_related("case__team").get(pk=item.pk)
    if item.state == AgendaItem.State.REMOVED:
        raise ActionError(_("This case is not on the agenda of this meeting any more."))
    return _move(meeting, by, Sitting.What.CASE, item)


@transaction.atomic
def begin_break(*, meeting: Meeting, by: User) -> Sitting:
    """The meeting pauses; the clock of the case stands still. Raises ActionError once the meeting is over."""
    return _move(lock_meeting(meeting), by, Sitting.What.BREAK)


@transaction.atomic
def end_break(*, meeting: Meeting, by: User) -> Sitting:
    """The meeting goes on with the case that lay on the table before the break; with nothing, if none did, or if it is
    restricted since.

    Outside a break nothing changes. Raises ActionError once the meeting is over, or where no break was begun.
    """
    meeting = lock_meeting(meeting)
    newest = _newest(meeting)
    if newest is None:
        raise ActionError(_("There is no break to end."))
    if newest.what != Sitting.What.BREAK:
        return newest
    cases = meeting.sittings.filter(what=Sitting.What.CASE).exclude(item__state=AgendaItem.State.REMOVED)
    cases = cases.exclude(item__case__in=Case.objects.restricted())
    last = cases.select_related("item__case__team").last()
    return _move(meeting, by, Sitting.What.CASE if last else Sitting.What.NOTHING, last.item if last else None)


@transaction.atomic
def clear_table(*, meeting: Meeting, by: User) -> Sitting | None:
    """Nothing lies on the table any more; None where nothing ever did. Raises ActionError once the meeting is over."""
    meeting = lock_meeting(meeting)
    return _move(meeting, by, Sitting.What.NOTHING) if _newest(meeting) is not None else None
