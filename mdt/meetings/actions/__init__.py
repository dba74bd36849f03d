"""Every write of the meetings:

One keyword-only function per event, one transaction, one line in the event log.
"""

from cases.actions import ActionError, StaleForm
from mdt.meetings.actions.agenda import list_case, order_agenda, unlist_case
from mdt.meetings.actions.attendance import mark_attendance
from mdt.meetings.actions.content import Choice, Content, Disagreement, Refused, Step
from mdt.meetings.actions.decisions import amend_decision, defer, record_decision
from mdt.meetings.actions.finishing import Onward, finish_meeting
from mdt.meetings.actions.meetings import (
    cancel_meeting,
    change_meeting,
    open_meeting,
    plan_meeting,
)
from mdt.meetings.actions.next_steps import mark_step_done, reopen_step
from mdt.meetings.actions.releasing import note_told, release_outcome
from mdt.meetings.actions.signature_requests import ask_to_sign
from mdt.meetings.actions.signing import sign_decision

__all__ = [
    "ActionError",
    "Choice",
    "Content",
    "Disagreement",
    "Onward",
    "Refused",
    "StaleForm",
    "Step",
    "amend_decision",
    "ask_to_sign",
    "cancel_meeting",
    "change_meeting",
    "defer",
    "finish_meeting",
    "list_case",
    "mark_attendance",
    "mark_step_done",
    "note_told",
    "open_meeting",
    "order_agenda",
    "plan_meeting",
    "record_decision",
    "release_outcome",
    "reopen_step",
    "sign_decision",
    "unlist_case",
]
