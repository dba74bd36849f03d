from cases.models.case import Case, ReferenceCounter, Urgency, Waiting
from cases.models.finding import Finding, FindingDraft
from cases.models.patient import Patient
from cases.models.proposal import Proposal

__all__ = [
    "Case",
    "Finding",
    "FindingDraft",
    "Patient",
    "Proposal",
    "ReferenceCounter",
    "Urgency",
    "Waiting",
]
