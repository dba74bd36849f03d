"""The stage: the case as the whole room reads it, from the snapshot of one proposal."""

from cases.case_page import proposal_context
from cases.models import Case, Proposal
from mdt.meetings.glance import glance_at

DETAILED_OPTIONS = 3  # what one screen holds; the others are one click away


# What of a proposal's page is findings only. Whatever is added there stays sealed until it is named here.
FINDINGS = ("has_liver", "lesions", "liver_facts")


def sealed_stage_context(case: Case, proposal: Proposal) -> dict:
    """Facts, picture and contradictions, without a word of what the rules say to them."""
    shown = proposal_context(case, proposal, None)
    return {
        **{name: shown[name] for name in FINDINGS},
        "stage_key": _key(proposal),
        "case": case,
        "contradictions": [{**entry, "effect": ""} for entry in shown["contradictions"]],
        "glance": glance_at(case.pathway, proposal),
    }


def stage_context(case: Case, proposal: Proposal) -> dict:
    """Facts, picture, contradictions, systems and options of one proposal."""
    shown = proposal_context(case, proposal, None)
    return {
        **shown,
        "case": case,
        "stage_key": _key(proposal),
        "options": shown["options"][:DETAILED_OPTIONS],
        "more_options": shown["options"][DETAILED_OPTIONS:],
        "glance": glance_at(case.pathway, proposal),
    }


def _key(proposal: Proposal) -> str:
    """What the rendered stage is kept under: another with every new proposal."""
    return f"{proposal.pk}.{proposal.made_at.isoformat()}"
