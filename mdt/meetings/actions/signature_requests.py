"""Asking somebody by name to sign what was left unsigned at the end of a meeting, and reminding them."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.models import Decision, SignatureRequest
from mdt.meetings.outcome import mails
from mdt.meetings.outcome.working_days import between, day_of, later, moment_of, today_of, working_days_of
from mdt.people.models import User
from mdt.people.permissions import Permission, can

REMINDED_FROM = 9  # o'clock on a working day
REMINDERS = 5  # one each working day; then the coordinators have been told often enough


@transaction.atomic
def ask_to_sign(*, decision: Decision, person: User, by: User) -> SignatureRequest:
    """Ask a chair by name; they are written to now and once more on each of the next working days.

    Asking the same person again adds nothing. Raises ActionError for somebody who may not sign, and where the decision
    is signed.
    """
    if not can(person, Permission.DECISION_SIGN, decision.case.team_id):
        raise ActionError(_("%(person)s may not sign in this team.") % {"person": person})
    if decision.is_signed:
        raise ActionError(_("This decision is signed already."))
    request, is_new = SignatureRequest.objects.get_or_create(
        decision=decision, person=person, defaults={"asked_by": by}
    )
    if is_new:
        record(
            Kind.SIGNATURE_ASKED,
            by=by,
            case=decision.case,
            subject=request,
            meeting=decision.meeting.reference,
            version=decision.version,
            person=person.display_name,
        )
        mails.ask_for_signature(request, round=0)
        _owe_reminder(request)
    return request


@transaction.atomic
def remind_signer(*, request: SignatureRequest) -> bool:
    """Write again where the decision still waits for its signature. Returns whether somebody was reminded."""
    decision = request.decision
    if decision.is_signed or hasattr(decision, "superseded_by"):
        return False
    team = decision.case.team
    passed = between(working_days_of(team), day_of(request.asked_at, team), today_of(team))
    mails.ask_for_signature(request, round=max(passed, 1))
    if passed < REMINDERS:
        _owe_reminder(request)
    return True


def _owe_reminder(request: SignatureRequest) -> None:
    team = request.decision.case.team
    due_at = moment_of(later(working_days_of(team), today_of(team)), REMINDED_FROM, team)
    owe(kind="remind-signer", subject=subject_of(request), due_at=due_at)
