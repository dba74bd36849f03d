"""A member disagrees, or takes it back: by name, with the reason, and never in place of what was said before."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.content import Refused
from mdt.meetings.actions.decisions import lock_item, newest_decision
from mdt.meetings.actions.locks import refuse_stranger
from mdt.meetings.models import Decision, Dissent, DissentWithdrawal
from mdt.meetings.shown import shown_by
from mdt.people.models import User

REASON_LENGTH = 1000


@transaction.atomic
def record_dissent(
    *, decision: Decision, by: User, reason: str, category: str = "", person: User | None = None
) -> Dissent:
    """Somebody sees the decision differently: `by`, or `person` for whom `by` writes it down.

    Before the signature it becomes part of what is signed; after it, an addendum that leaves the signed content as it
    is. The same said twice gives the row that is there. Raises StaleForm where a newer version was recorded since,
    Refused with the field, ActionError for a stranger to the team.
    """
    item = lock_item(decision.agenda_item)
    person = person or by
    refuse_stranger(item.meeting.team, person)
    newest = newest_decision(item)
    if newest.pk != decision.pk:
        raise StaleForm(
            _("Version %(version)d of this decision was recorded since. Read it; your words are still here.")
            % {"version": newest.version}
        )
    reason = reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise Refused(_("Say in up to %(limit)d characters why.") % {"limit": REASON_LENGTH}, "reason")
    if category and (newest.proposal is None or category not in shown_by(newest.proposal).choices):
        raise Refused(_("This type is not one of this pathway."), "category")
    said = {"person": person, "reason": reason, "category": category}
    there = newest.dissents.filter(**said, withdrawal__isnull=True).first()
    if there is not None:
        return there
    dissent = Dissent.objects.create(
        decision=newest, entered_by=by, said_at=timezone.now(), is_addendum=newest.is_signed, **said
    )
    _log(Kind.DISSENT_RECORDED, dissent, by=by, item=item, newest=newest)
    return dissent


@transaction.atomic
def withdraw_dissent(*, dissent: Dissent, by: User, reason: str = "") -> DissentWithdrawal:
    """Who said it takes it back; both stay. Raises ActionError for anybody else, and where it is withdrawn already."""
    item = lock_item(dissent.decision.agenda_item)
    if dissent.person_id != by.pk:
        raise ActionError(_("Only who disagreed can take it back."))
    if DissentWithdrawal.objects.filter(dissent=dissent).exists():
        raise ActionError(_("This dissent is withdrawn already."))
    if dissent.carried_to.exists():
        raise StaleForm(_("A newer version was recorded since, and your dissent stands there: withdraw it there."))
    reason = reason.strip()
    if len(reason) > REASON_LENGTH:
        raise Refused(_("Say in up to %(limit)d characters why.") % {"limit": REASON_LENGTH}, "reason")
    decision = Decision.objects.select_related("sign_off").get(pk=dissent.decision_id)
    withdrawal = DissentWithdrawal.objects.create(dissent=dissent, reason=reason, is_addendum=decision.is_signed)
    _log(Kind.DISSENT_WITHDRAWN, withdrawal, by=by, item=item, newest=decision)
    return withdrawal


def _log(kind: Kind, row: Dissent | DissentWithdrawal, *, by: User, item, newest: Decision) -> None:
    """One line; the papers of a signed decision are made anew, with the addendum beside the signed content."""
    record(
        kind,
        by=by,
        case=item.case,
        subject=row,
        meeting=item.meeting.reference,
        version=newest.version,
        person=row.person_id if isinstance(row, Dissent) else by.pk,
        is_addendum=row.is_addendum,
    )
    if newest.is_signed:
        owe(kind="prepare-letters", subject=subject_of(newest))
