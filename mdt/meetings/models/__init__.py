from mdt.meetings.models.decision import ChosenOption, Decision, Dissent, NextStep, SignOff
from mdt.meetings.models.document import Document
from mdt.meetings.models.meeting import AgendaItem, AttendanceMark, Meeting
from mdt.meetings.models.outcome import Finish, PatientPage, Recipient, Release, SignatureRequest, StepMark, Told
from mdt.meetings.models.series import CoreMember, Invitation, Reply, Series
from mdt.meetings.models.working_days import ClosedDay, TeamCalendar

__all__ = [
    "AgendaItem",
    "AttendanceMark",
    "ChosenOption",
    "ClosedDay",
    "CoreMember",
    "Decision",
    "Dissent",
    "Document",
    "Finish",
    "Invitation",
    "Meeting",
    "NextStep",
    "PatientPage",
    "Recipient",
    "Release",
    "Reply",
    "Series",
    "SignOff",
    "SignatureRequest",
    "StepMark",
    "TeamCalendar",
    "Told",
]
