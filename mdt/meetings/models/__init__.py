from mdt.meetings.models.condition import ConditionStep, DecisionCondition
from mdt.meetings.models.decision import ChosenOption, Decision, NextStep, RejectedOption, SignOff
from mdt.meetings.models.dissent import Dissent, DissentWithdrawal
from mdt.meetings.models.document import Document
from mdt.meetings.models.draft import DeskDraft
from mdt.meetings.models.erased import ErasedItem
from mdt.meetings.models.lane import LaneStep, ProtocolSignOff
from mdt.meetings.models.meeting import AgendaItem, AttendanceMark, Meeting
from mdt.meetings.models.opinion import Opinion, Reveal
from mdt.meetings.models.outcome import Finish, PatientPage, Recipient, Release, SignatureRequest, StepMark, Told
from mdt.meetings.models.planning import AgendaPlan, PlanUndoing
from mdt.meetings.models.reminder import Reminder
from mdt.meetings.models.series import CoreMember, Invitation, Reply, Series
from mdt.meetings.models.spoken import Spoken
from mdt.meetings.models.table import Sitting
from mdt.meetings.models.working_days import ClosedDay, TeamCalendar

__all__ = [
    "AgendaItem",
    "AgendaPlan",
    "AttendanceMark",
    "ChosenOption",
    "ClosedDay",
    "ConditionStep",
    "CoreMember",
    "Decision",
    "DecisionCondition",
    "DeskDraft",
    "Dissent",
    "DissentWithdrawal",
    "Document",
    "ErasedItem",
    "Finish",
    "Invitation",
    "LaneStep",
    "Meeting",
    "NextStep",
    "Opinion",
    "PatientPage",
    "PlanUndoing",
    "ProtocolSignOff",
    "Recipient",
    "RejectedOption",
    "Release",
    "Reminder",
    "Reply",
    "Reveal",
    "Series",
    "SignOff",
    "SignatureRequest",
    "Sitting",
    "Spoken",
    "StepMark",
    "TeamCalendar",
    "Told",
]
