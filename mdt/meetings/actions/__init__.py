"""Every write of the meetings:

One keyword-only function per event, one transaction, one line in the event log.
"""

from cases.actions import ActionError, StaleForm
from mdt.meetings.actions.agenda import list_case, order_agenda, unlist_case
from mdt.meetings.actions.attendance import (
    mark_attendance,
    mark_those_who_come,
    take_back_mark,
    take_back_those_marked,
)
from mdt.meetings.actions.conditions import end_condition, postpone_condition, review_condition
from mdt.meetings.actions.content import (
    Branch,
    Choice,
    Condition,
    Content,
    Disagreement,
    Refused,
    Rejection,
    Step,
)
from mdt.meetings.actions.decisions import amend_decision, defer, record_decision
from mdt.meetings.actions.desk_drafts import discard_desk_draft, save_desk_draft
from mdt.meetings.actions.dissents import record_dissent, withdraw_dissent
from mdt.meetings.actions.finishing import Onward, finish_meeting
from mdt.meetings.actions.lane import (
    pull_back,
    record_standard_of_care,
    sign_protocol,
    sign_standard_of_care,
    triage_case,
    undo_pull_back,
)
from mdt.meetings.actions.meetings import (
    cancel_meeting,
    change_meeting,
    open_meeting,
    plan_meeting,
)
from mdt.meetings.actions.moving import move_case
from mdt.meetings.actions.next_steps import mark_step_done, reopen_step
from mdt.meetings.actions.opinions import commit_opinion, reveal_opinions
from mdt.meetings.actions.patient_pages import draft_of, release_patient_page
from mdt.meetings.actions.planning import apply_plan, lock_agendas, undo_plan
from mdt.meetings.actions.releasing import note_told, release_outcome
from mdt.meetings.actions.reminding import ask_reminder
from mdt.meetings.actions.signature_requests import ask_to_sign
from mdt.meetings.actions.signing import sign_decision
from mdt.meetings.actions.spoken import note_spoken, take_back_spoken
from mdt.meetings.actions.table import begin_break, clear_table, end_break, put_on_table

__all__ = [
    "ActionError",
    "Branch",
    "Choice",
    "Condition",
    "Content",
    "Disagreement",
    "Onward",
    "Refused",
    "Rejection",
    "StaleForm",
    "Step",
    "amend_decision",
    "apply_plan",
    "ask_reminder",
    "ask_to_sign",
    "begin_break",
    "cancel_meeting",
    "change_meeting",
    "clear_table",
    "commit_opinion",
    "defer",
    "discard_desk_draft",
    "draft_of",
    "end_break",
    "end_condition",
    "finish_meeting",
    "list_case",
    "lock_agendas",
    "mark_attendance",
    "mark_step_done",
    "mark_those_who_come",
    "move_case",
    "note_spoken",
    "note_told",
    "open_meeting",
    "order_agenda",
    "plan_meeting",
    "postpone_condition",
    "pull_back",
    "put_on_table",
    "record_decision",
    "record_dissent",
    "record_standard_of_care",
    "release_outcome",
    "release_patient_page",
    "reopen_step",
    "reveal_opinions",
    "review_condition",
    "save_desk_draft",
    "sign_decision",
    "sign_protocol",
    "sign_standard_of_care",
    "take_back_mark",
    "take_back_spoken",
    "take_back_those_marked",
    "triage_case",
    "undo_plan",
    "undo_pull_back",
    "unlist_case",
    "withdraw_dissent",
]
