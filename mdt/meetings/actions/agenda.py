"""Putting cases on a meeting's agenda, taking them off, and ordering them."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.locks import grow, lock_meeting, refuse_if_changed
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.models import User

LISTABLE = (Case.State.REFERRED, Case.State.SIGNED)
MINUTES = (1, 120)
SLIP = timedelta(minutes=15)
"""For so long whoever listed a case takes it back without a word."""


def listed_though(meeting: Meeting, case: Case) -> str:
    """What asks for a reason just now: the case is not ready, the cut-off has passed, both, or nothing ("")."""
    is_late = timezone.now() > meeting.cut_off_at
    if case.is_ready:
        return AgendaItem.Though.LATE if is_late else ""
    return AgendaItem.Though.BOTH if is_late else AgendaItem.Though.NOT_READY


def needs_late_reason(meeting: Meeting, case: Case) -> bool:
    """After the cut-off, and for a case that is not ready, the agenda says why it is on it all the same."""
    return listed_though(meeting, case) != ""


@transaction.atomic
def list_case(*, meeting: Meeting, case: Case, by: User, planned_minutes: int = 6, late_reason: str = "") -> AgendaItem:
    """Put an open case of the same team at the end of the agenda: one in preparation, or a signed one that
    comes back.

    Raises ActionError where it is closed, decided and unsigned, of another team or on an agenda already, and
    where the cut-off has passed or required facts are missing and `late_reason` is empty.
    """
    meeting = lock_meeting(meeting)
    case = Case.objects.select_for_update(of=("self",)).select_related("team").get(pk=case.pk)
    late_reason = late_reason.strip()
    if case.is_restricted:
        raise ActionError(_("The data of this patient may only be stored just now: ask the privacy office."))
    if case.team_id != meeting.team_id:
        raise ActionError(_("This case belongs to another team."))
    if case.state == Case.State.LISTED:
        raise ActionError(_("This case is on an agenda already."))
    if not case.is_open or case.state not in LISTABLE:
        raise ActionError(_("Only an open case in preparation, or a signed one that comes back, can be listed."))
    if not MINUTES[0] <= planned_minutes <= MINUTES[1]:
        raise ActionError(_("Plan between %(least)d and %(most)d minutes.") % {"least": MINUTES[0], "most": MINUTES[1]})
    if len(late_reason) > 400:
        raise ActionError(_("The reason is too long: at most 400 characters."))
    though = listed_though(meeting, case)
    if though and not late_reason:
        raise ActionError(_("The cut-off has passed, or facts are missing: say why the case is listed all the same."))
    last = meeting.agenda.aggregate(last=Max("position"))["last"] or 0
    item = AgendaItem.objects.create(
        meeting=meeting,
        case=case,
        position=last + 1,
        planned_minutes=planned_minutes,
        added_by=by,
        late_reason=late_reason if though else "",
        listed_though=though,
    )
    grow(meeting)
    record(
        Kind.CASE_LISTED,
        by=by,
        case=case,
        subject=item,
        meeting=meeting.reference,
        is_ready=case.is_ready,
        is_again=case.state == Case.State.SIGNED,
        late_reason=item.late_reason,
    )
    set_state(case=case, state=Case.State.LISTED, meets_at=meeting.starts_at, is_sealed=item.is_sealed)
    return item


def is_slip(item: AgendaItem, by: User) -> bool:
    """Whether this person listed it a moment ago: what was a slip is taken back by one click."""
    return item.added_by_id == by.pk and timezone.now() - item.added_at < SLIP


@transaction.atomic
def unlist_case(*, item: AgendaItem, by: User, reason: str) -> AgendaItem:
    """Take a case off the agenda; it goes back into preparation, where nobody overlooks it.

    After the cut-off, when people have prepared for it, the reason must be said, unless `by` listed it just now by
    mistake. Raises ActionError once a decision was recorded, StaleForm where somebody else took it off first.
    """
    meeting = lock_meeting(item.meeting)
    item = AgendaItem.objects.select_for_update(of=("self",)).select_related("case__team").get(pk=item.pk)
    reason = reason.strip()
    if item.state == AgendaItem.State.REMOVED:
        raise StaleForm(_("Somebody else took this case off the agenda in the meantime."))
    if item.decisions.exists():
        raise ActionError(_("A decision was recorded on this case: it stays on the agenda."))
    if not reason and is_slip(item, by):
        reason = _("listed by mistake, taken back at once")
    if not reason and timezone.now() <= meeting.cut_off_at:
        reason = _("taken off before the cut-off")
    if not reason or len(reason) > 400:
        raise ActionError(_("Say in up to 400 characters why the case is taken off the agenda."))
    item.state, item.removed_reason = AgendaItem.State.REMOVED, reason
    item.save(update_fields=["state", "removed_reason"])
    grow(meeting)
    record(Kind.CASE_UNLISTED, by=by, case=item.case, subject=item, meeting=meeting.reference, reason=reason)
    set_state(case=item.case, state=Case.State.REFERRED, meets_at=None)
    return item


@transaction.atomic
def order_agenda(*, meeting: Meeting, by: User, order: list[int], version: int) -> None:
    """Give the whole agenda a new order; `order` holds the ids of all its items.

    Raises StaleForm if meeting or agenda changed since `version` was shown, or where `order` names other
    items.
    """
    meeting = lock_meeting(meeting)
    refuse_if_changed(meeting, version)
    agenda = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).exclude(case__in=Case.objects.restricted())
    items = {item.pk: item for item in agenda.select_related("case")}
    if sorted(order) != sorted(items):
        raise StaleForm(_("The agenda holds other cases now. Nothing was stored; look at what is new and try again."))
    for position, pk in enumerate(order, start=1):
        items[pk].position = position
    AgendaItem.objects.bulk_update(items.values(), ["position"])
    grow(meeting)
    record(
        Kind.AGENDA_ORDERED,
        by=by,
        team=meeting.team,
        subject=meeting,
        meeting=meeting.reference,
        order=[items[pk].case.reference for pk in order],
    )
