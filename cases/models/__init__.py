from cases.models.case import Case, ReferenceCounter, Urgency, Waiting
from cases.models.correction import PatientCorrection
from cases.models.finding import Finding, FindingDraft
from cases.models.patient import Patient
from cases.models.proposal import Proposal
from cases.models.psychosocial import NotesOpening, PsychosocialNote
from cases.models.quotation import Quotation
from cases.models.record import FactRecord
from cases.models.restaging import Restaging

__all__ = [
    "Case",
    "FactRecord",
    "Finding",
    "FindingDraft",
    "NotesOpening",
    "Patient",
    "PatientCorrection",
    "Proposal",
    "PsychosocialNote",
    "Quotation",
    "ReferenceCounter",
    "Restaging",
    "Urgency",
    "Waiting",
]
