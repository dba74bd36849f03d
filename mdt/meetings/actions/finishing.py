"""The end of a meeting: cases that were not reached move on, unsigned decisions find their signer, letters go out."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, lock_cases, set_state
from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.agenda import list_case
from mdt.meetings.actions.locks import lock_meetings, refuse_if_changed
from mdt.meetings.actions.releasing import owe_watch, release_outcome
from mdt.meetings.actions.signature_requests import ask_to_sign
from mdt.meetings.actions.table import clear_table
from mdt.meetings.models import AgendaItem, Decision, Finish, Meeting
from mdt.meetings.outcome.promptness import watched_at
from mdt.people.models import User

LONGEST_REASON = 400


@dataclass(frozen=True)
class Onward:
    """What becomes of a case that was not discussed: the meeting it moves to (None: the queue), and why it was not.

    `because` is one of AgendaItem.LeftBecause; another reason needs words.
    """

    meeting: Meeting | None
    because: str
    words: str = ""

    @property
    def reason(self) -> str:
        label = AgendaItem.LeftBecause(self.because).label
        return _("%(reason)s: %(words)s") % {"reason": label, "words": self.words} if self.words else str(label)


@transaction.atomic
def finish_meeting(
    *,
    meeting: Meeting,
    by: User,
    version: int,
    onward: Mapping[int, Onward] | None = None,
    signers: Mapping[int, User] | None = None,
) -> Finish:
    """The meeting is over: agenda and attendance stay as they are, and what was signed is released.

    `onward` says for every agenda item without a decision where its case goes; `signers` names for every unsigned
    decision who is asked to sign it. A second call, as by a double click, changes nothing and returns the first end.
    Raises StaleForm where the meeting or its agenda changed since `version`, ActionError where a case or an unsigned
    decision is passed over, or a target does not take the case.
    """
    targets = [step.meeting for step in (onward or {}).values()]
    meeting = lock_meetings(meeting, *targets)[meeting.pk]
    if meeting.state == Meeting.State.HELD and hasattr(meeting, "finish"):
        return meeting.finish
    if meeting.state != Meeting.State.PLANNED:
        raise ActionError(_("This meeting is closed: its agenda and attendance stay as they were."))
    refuse_if_changed(meeting, version)
    lock_cases(meeting.agenda.values_list("case_id", flat=True))
    clear_table(meeting=meeting, by=by)
    moved = _move_on(meeting, by, onward or {})
    meeting.state, meeting.version = Meeting.State.HELD, meeting.version + 1
    meeting.save(update_fields=["state", "version"])
    finish = Finish.objects.create(meeting=meeting, finished_by=by)
    signed, unsigned = decisions_of(meeting)
    _ask_for_signatures(unsigned, by, signers or {})
    for decision in signed:
        release_outcome(decision=decision, by=by)
    for decision in unsigned:
        owe_watch(decision, due_at=watched_at(meeting))
    owe(kind="send-minutes", subject=subject_of(meeting))
    record(
        Kind.MEETING_CLOSED,
        by=by,
        team=meeting.team,
        subject=meeting,
        meeting=meeting.reference,
        not_reached=moved,
        released=[decision.case.reference for decision in signed],
        unsigned=[decision.case.reference for decision in unsigned],
    )
    return finish


def undiscussed(meeting: Meeting) -> list[AgendaItem]:
    """Cases on the agenda on which nothing was decided, in order."""
    items = meeting.agenda.filter(state=AgendaItem.State.LISTED, decisions__isnull=True)
    return list(items.select_related("case__team", "case__patient").order_by("position", "id"))


def decisions_of(meeting: Meeting) -> tuple[list[Decision], list[Decision]]:
    """The newest version of each decision: those that are signed, and those that are not."""
    newest = list(
        Decision.objects.current()
        .filter(meeting=meeting)
        .exclude(case__in=Case.objects.restricted())
        .select_related("case__team", "meeting__team", "sign_off")
        .order_by("agenda_item__position", "id")
    )
    return [row for row in newest if row.is_signed], [row for row in newest if not row.is_signed]


def _move_on(meeting: Meeting, by: User, onward: Mapping[int, Onward]) -> dict[str, str]:
    """Each undiscussed case leaves the agenda, with its reason, for another or for the queue. Reference → where."""
    moved = {}
    for item in undiscussed(meeting):
        step = onward.get(item.pk)
        if step is None:
            raise ActionError(_("Say what becomes of %(case)s.") % {"case": item.case.reference})
        if step.because not in AgendaItem.LeftBecause.values:
            raise ActionError(_("Say why %(case)s was not discussed.") % {"case": item.case.reference})
        if step.because == AgendaItem.LeftBecause.OTHER and not step.words.strip():
            raise ActionError(_("Say in words why %(case)s was not discussed.") % {"case": item.case.reference})
        item.state, item.left_because = AgendaItem.State.REMOVED, step.because
        item.removed_reason = step.reason[:LONGEST_REASON]
        item.save(update_fields=["state", "left_because", "removed_reason"])
        set_state(case=item.case, state=Case.State.REFERRED, meets_at=None)
        record(
            Kind.CASE_UNLISTED,
            by=by,
            case=item.case,
            subject=item,
            meeting=meeting.reference,
            reason=item.removed_reason,
        )
        if step.meeting is not None:
            _move_to(item, step, by)
        moved[item.case.reference] = step.meeting.reference if step.meeting else ""
    return moved


def _move_to(item: AgendaItem, step: Onward, by: User) -> None:
    words = {"meeting": item.meeting.reference, "reason": step.reason}
    place = list_case(
        meeting=step.meeting,
        case=item.case,
        by=by,
        planned_minutes=item.planned_minutes,
        late_reason=(_("Moved from %(meeting)s: %(reason)s") % words)[:LONGEST_REASON],
    )
    if place.lane != item.lane:
        place.lane = item.lane
        place.save(update_fields=["lane"])
    item.moved_to = place
    item.save(update_fields=["moved_to"])


def _ask_for_signatures(unsigned: list[Decision], by: User, signers: Mapping[int, User]) -> None:
    for decision in unsigned:
        person = signers.get(decision.pk)
        if person is None:
            raise ActionError(
                _("The decision on %(case)s is not signed: sign it, or name who is asked to.")
                % {"case": decision.case.reference}
            )
        ask_to_sign(decision=decision, person=person, by=by)
