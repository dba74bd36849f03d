"""Next steps after the meeting: done, open again, and reminded of."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError
from cases.models import Case
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.models import Decision, NextStep, StepMark
from mdt.meetings.outcome import mails
from mdt.meetings.outcome.next_steps import is_done, is_replaced
from mdt.meetings.outcome.working_days import later, moment_of, today_of, working_days_of
from mdt.people.models import User

REMINDED_FROM = 7  # o'clock on the due day
OVERDUE_AFTER = 3  # working days after the due day, until the coordinators are told too


@transaction.atomic
def mark_step_done(*, step: NextStep, by: User) -> StepMark | None:
    """The step is done. None where it was done already. Raises ActionError for a step of a replaced version."""
    step = _locked(step)
    if is_done(step):
        return None
    mark = StepMark.objects.create(step=step, is_done=True, marked_by=by)
    _record(Kind.STEP_DONE, step, by)
    return mark


@transaction.atomic
def reopen_step(*, step: NextStep, by: User, reason: str) -> StepMark | None:
    """The step is open again, with the reason. None where it is open. Raises ActionError without a reason."""
    step = _locked(step)
    reason = reason.strip()
    if not reason or len(reason) > StepMark._meta.get_field("reason").max_length:
        raise ActionError(_("Say in up to 400 characters why the step is open again."))
    if not is_done(step):
        return None
    mark = StepMark.objects.create(step=step, is_done=False, reason=reason, marked_by=by)
    _record(Kind.STEP_REOPENED, step, by, reason=reason)
    team = step.decision.case.team
    _owe(step, max(step.due_on, later(working_days_of(team), today_of(team))))
    return mark


def owe_reminders(*, decision: Decision) -> None:
    """Put down the day on which each step is due."""
    for step in decision.next_steps.all():
        _owe(step, step.due_on)


@transaction.atomic
def remind_owner(*, step: NextStep) -> bool:
    """Write to the owner of a step that is due and open; once more, and to the coordinators, when it is overdue.

    Returns whether somebody was written to.
    """
    if is_replaced(step.decision) or is_done(step):
        return False
    team = step.decision.case.team
    overdue_on = later(working_days_of(team), step.due_on, OVERDUE_AFTER)
    if today_of(team) < overdue_on:
        mails.remind_of_step(step)
        _owe(step, overdue_on)
    else:
        mails.complain_of_step(step)
    return True


def _owe(step: NextStep, on: date) -> None:
    owe(
        kind="remind-of-step",
        subject=subject_of(step),
        due_at=moment_of(on, REMINDED_FROM, step.decision.case.team),
    )


def _locked(step: NextStep) -> NextStep:
    Case.objects.select_for_update().get(pk=step.decision.case_id)
    step = NextStep.objects.select_related("decision__case__team", "decision__meeting__team", "owner").get(pk=step.pk)
    if is_replaced(step.decision):
        raise ActionError(_("A newer version of this decision holds: its next steps count."))
    return step


def _record(kind: Kind, step: NextStep, by: User, **data: str) -> None:
    record(
        kind,
        by=by,
        case=step.decision.case,
        subject=step,
        meeting=step.decision.meeting.reference,
        what=step.what,
        **data,
    )
