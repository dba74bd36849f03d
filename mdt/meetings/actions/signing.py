"""The chair's signature."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.conditions import owe_conditions, show_on_top
from mdt.meetings.actions.decisions import case_follows, lock_item, newest_decision
from mdt.meetings.actions.releasing import owe_watch
from mdt.meetings.actions.signed_shapes import CURRENT_SHAPE, digest_of
from mdt.meetings.models import AgendaItem, Decision, Meeting, SignOff
from mdt.meetings.outcome.promptness import amendment_watched_at
from mdt.meetings.remarks import remarks_on
from mdt.meetings.shown import NO_CATEGORY
from mdt.people.models import User
from mdt.people.permissions import Permission, can


@transaction.atomic
def sign_decision(*, decision: Decision, by: User, digest: str = "") -> SignOff:
    """The chair signs the newest version: from then on only an amendment changes anything. Its conditions begin to
    run.

    The form has asked for the password again. A signed deferral sends the case back into preparation. `digest` is
    that of the content on the screen, where there was one. Raises ActionError for somebody who is not the chair and
    for a second signature, StaleForm where there is a newer version, or where a dissent or a note of what was
    said came in since.
    """
    item = lock_item(decision.agenda_item)
    if not can(by, Permission.DECISION_SIGN, item.meeting.team):
        raise ActionError(_("Only a chair signs."))
    newest = newest_decision(item)
    if newest.pk != decision.pk:
        raise StaleForm(
            _("A newer version of this decision was recorded. Nothing was signed; read the newer one first.")
        )
    if newest.is_signed:
        raise ActionError(_("This decision is signed already."))
    decision = Decision.objects.select_related("case__team", "meeting__team", "proposal").get(pk=decision.pk)
    stands = digest_of(decision)
    if digest and digest != stands:
        raise StaleForm(
            _(
                "A dissent to this version, or words said in the room, were recorded or taken back since. Nothing was "
                "signed; read it first."
            )
        )
    remarks = remarks_on(decision.meeting, by, decision.present)
    sign_off = SignOff.objects.create(
        decision=decision, signed_by=by, shape=CURRENT_SHAPE, digest=stands, remarks=remarks
    )
    item.state = AgendaItem.State.DISCUSSED
    item.save(update_fields=["state"])
    record(
        Kind.DECISION_SIGNED,
        by=by,
        case=decision.case,
        subject=decision,
        meeting=decision.meeting.reference,
        version=decision.version,
        digest=sign_off.digest,
        **({"remarks": remarks} if remarks else {}),
    )
    if case_follows(item):
        _move_case(decision)
    owe_conditions(decision=decision)
    show_on_top(case=item.case)
    owe(kind="prepare-letters", subject=subject_of(decision))
    if item.meeting.state == Meeting.State.HELD:
        owe(kind="send-minutes", subject=subject_of(item.meeting))
    if item.decisions.filter(release__isnull=False).exists():  # others hold letters of an earlier version
        owe_watch(decision, due_at=amendment_watched_at(item.meeting.team))
    return sign_off


def _move_case(decision: Decision) -> None:
    if decision.verdict == Decision.Verdict.DEFERRED:
        set_state(case=decision.case, state=Case.State.REFERRED, meets_at=None)
    else:
        category = "" if decision.category == NO_CATEGORY else decision.category
        set_state(case=decision.case, state=Case.State.SIGNED, type_confirmed=category)
