"""Every write to a case: one keyword-only function per event, one transaction, one line in the event log."""

from cases.actions.emergency import open_in_emergency, refuse_emergency
from cases.actions.errors import ActionError, StaleForm
from cases.actions.findings import (
    confirm_assumption,
    correct_finding,
    discard_draft,
    record_finding,
    record_findings,
    save_draft,
)
from cases.actions.locks import lock_cases
from cases.actions.patient import DETAILS, NumberTaken, correct_patient
from cases.actions.projection import project, propose, recheck_readiness, set_state
from cases.actions.psychosocial import open_notes, write_note
from cases.actions.referral import (
    change_referral,
    close_case,
    open_case,
    refer_case,
    reopen_case,
    take_back_referral,
)
from cases.actions.restaging import open_restaging
from cases.actions.restricted import may_open_restricted, open_restricted, set_restricted

__all__ = [
    "DETAILS",
    "ActionError",
    "NumberTaken",
    "StaleForm",
    "change_referral",
    "close_case",
    "confirm_assumption",
    "correct_finding",
    "correct_patient",
    "discard_draft",
    "lock_cases",
    "may_open_restricted",
    "open_case",
    "open_in_emergency",
    "open_notes",
    "open_restaging",
    "open_restricted",
    "project",
    "propose",
    "recheck_readiness",
    "record_finding",
    "record_findings",
    "refer_case",
    "refuse_emergency",
    "reopen_case",
    "save_draft",
    "set_restricted",
    "set_state",
    "take_back_referral",
    "write_note",
]
