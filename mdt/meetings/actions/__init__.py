"""Every write of the meetings:

One keyword-only function per event, one transaction, one line in the event log.
"""

from cases.actions import ActionError, StaleForm
from mdt.meetings.actions.agenda import list_case, order_agenda, unlist_case
from mdt.meetings.actions.attendance import mark_attendance
from mdt.meetings.actions.content import Choice, Content, Disagreement, Refused, Step
from mdt.meetings.actions.decisions import amend_decision, defer, record_decision
from mdt.meetings.actions.meetings import (
    cancel_meeting,
    change_meeting,
    close_meeting,
    open_meeting,
    plan_meeting,
)
from mdt.meetings.actions.signing import sign_decision

__all__ = [
    "ActionError",
    "Choice",
    "Content",
    "Disagreement",
    "Refused",
    "StaleForm",
    "Step",
    "amend_decision",
    "cancel_meeting",
    "change_meeting",
    "close_meeting",
    "defer",
    "list_case",
    "mark_attendance",
    "open_meeting",
    "order_agenda",
    "plan_meeting",
    "record_decision",
    "sign_decision",
    "unlist_case",
]
