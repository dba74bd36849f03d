"""Handing out a copy of everything that is held of a patient."""

from django.db import transaction

from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import User
from mdt.privacy.actions.naming import refuse_names


@transaction.atomic
def hand_out_copy(*, case: Case, cases: list[Case], by: User, asked_by: str, reason: str, with_notes: bool) -> None:
    """Log, for each case in it, that a copy leaves the system: who asked, and how it was made sure that they may.

    Raises ActionError for a text that names the patient: the log names nobody.
    """
    refuse_names(case.patient, reason)
    for own in cases:
        record(
            Kind.COPY_HANDED_OUT,
            by=by,
            case=own,
            subject=case.patient,
            asked_by=asked_by,
            reason=reason.strip(),
            with_notes=with_notes,
        )
