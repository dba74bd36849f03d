"""The stage: the case as the whole room reads it, from the snapshot of one proposal."""

from cases.case_page import proposal_context
from cases.models import Case, Proposal
from mdt.meetings.glance import glance_at

DETAILED_OPTIONS = 3  # what one screen holds; the others are one click away


def stage_context(case: Case, proposal: Proposal) -> dict:
    """Facts, picture, contradictions, systems and options of one proposal."""
    shown = proposal_context(case, proposal, None)
    return {
        **shown,
        "case": case,
        "options": shown["options"][:DETAILED_OPTIONS],
        "more_options": shown["options"][DETAILED_OPTIONS:],
        "glance": glance_at(case.pathway, proposal),
    }
