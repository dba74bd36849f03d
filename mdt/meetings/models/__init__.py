from mdt.meetings.models.decision import ChosenOption, Decision, Dissent, NextStep, SignOff
from mdt.meetings.models.document import Document
from mdt.meetings.models.meeting import AgendaItem, AttendanceMark, Meeting
from mdt.meetings.models.outcome import Finish, PatientPage, Release, SignatureRequest, StepMark, Told

__all__ = [
    "AgendaItem",
    "AttendanceMark",
    "ChosenOption",
    "Decision",
    "Dissent",
    "Document",
    "Finish",
    "Meeting",
    "NextStep",
    "PatientPage",
    "Release",
    "SignOff",
    "SignatureRequest",
    "StepMark",
    "Told",
]
