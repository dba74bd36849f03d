"""Moving a case from one agenda to another of the same team, as one step."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.meetings.actions.agenda import list_case, listed_though, unlist_case
from mdt.meetings.actions.locks import lock_meetings
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.models import User


def needs_reason_to_move(item: AgendaItem, to: Meeting) -> bool:
    """People have prepared for it after the cut-off; and the other agenda asks why it lists what is late or not ready.

    A case that was let in although not ready brings the reason along, unless it comes late as well.
    """
    though = listed_though(to, item.case)
    brings = though == AgendaItem.Though.NOT_READY and bool(item.late_reason)
    return timezone.now() > item.meeting.cut_off_at or bool(though and not brings)


def longest_reason(to: Meeting) -> int:
    """Characters of a reason that fit beside where the case went."""
    return AgendaItem._meta.get_field("removed_reason").max_length - len(_why_left(to, "x")) + 1


def _why_left(to: Meeting, reason: str) -> str:
    why = _("moved to %(meeting)s: %(reason)s") if reason else _("moved to %(meeting)s")
    return why % {"meeting": to.reference, "reason": reason}


@transaction.atomic
def move_case(*, item: AgendaItem, to: Meeting, by: User, reason: str = "") -> AgendaItem:
    """Take a case off its agenda and put it at the end of another, with its minutes and its lane.

    Each of the two meetings gets its line in the log. Raises ActionError where a meeting is over or of another team,
    a decision was recorded, or a reason is asked for and none is given; StaleForm where somebody was first.
    """
    lock_meetings(item.meeting, to)
    item.case.refresh_from_db(fields=["is_ready"])
    reason = reason.strip()
    if to.pk == item.meeting_id:
        raise ActionError(_("The case is on this agenda already."))
    if needs_reason_to_move(item, to) and not reason:
        raise ActionError(_("Say why the case moves: a cut-off has passed, or facts are missing."))
    if len(reason) > (longest := longest_reason(to)):
        raise ActionError(_("This text is too long: at most %(limit)d characters.") % {"limit": longest})
    left = unlist_case(item=item, by=by, reason=_why_left(to, reason))
    place = list_case(
        meeting=to,
        case=item.case,
        by=by,
        planned_minutes=item.planned_minutes,
        late_reason=reason or item.late_reason,
    )
    if place.lane != item.lane:
        place.lane = item.lane
        place.save(update_fields=["lane"])
    left.moved_to = place
    left.save(update_fields=["moved_to"])
    return place
