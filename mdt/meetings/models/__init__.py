from mdt.meetings.models.decision import ChosenOption, Decision, Dissent, NextStep, SignOff
from mdt.meetings.models.document import Document
from mdt.meetings.models.meeting import AgendaItem, AttendanceMark, Meeting

__all__ = [
    "AgendaItem",
    "AttendanceMark",
    "ChosenOption",
    "Decision",
    "Dissent",
    "Document",
    "Meeting",
    "NextStep",
    "SignOff",
]
