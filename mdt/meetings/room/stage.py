"""The stage: the case as the whole room reads it, from the snapshot of one proposal."""

import time
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from cases.case_page import proposal_context
from cases.models import Case, Proposal
from mdt.meetings.glance import glance_at
from mdt.meetings.room.shared import Shared

DETAILED_OPTIONS = 3  # what one screen holds; the others are one click away


KEPT_FOR = 20  # seconds: when the table moves, a room full of people asks for the same case at once
_kept: dict[tuple, tuple[float, dict[str, Any]]] = {}


def _shown(case: Case, proposal: Proposal) -> dict[str, Any]:
    """What a proposal's snapshot says, worked out once for everybody who reads it in one language. Leave it as it is.

    A proposal is written once; what may change beside it (who compared a rule with the paper) is KEPT_FOR old at most.
    """
    key = (proposal.pk, proposal.made_at, case.reference, case.version, get_language(), timezone.localdate())
    kept, now = _kept.get(key), time.monotonic()
    if kept is None or now - kept[0] > KEPT_FOR:
        if len(_kept) > 50:
            _kept.clear()
        kept = _kept[key] = (now, proposal_context(case, proposal, None))
    return kept[1]


def stage_of(shared: Shared) -> dict[str, Any]:
    """What the stage shows of the case in the room, to everybody alike; sealed, while the opinions are."""
    context = sealed_stage_context if shared.item.is_sealed else stage_context
    return shared.once("stage", lambda: context(shared.case, shared.proposal))


# What of a proposal's page is findings only. Whatever is added there stays sealed until it is named here.
FINDINGS = ("has_liver", "lesions", "liver_facts", "spread")


def sealed_stage_context(case: Case, proposal: Proposal) -> dict:
    """Facts, picture and contradictions, without a word of what the rules say to them."""
    shown = _shown(case, proposal)
    return {
        **{name: shown[name] for name in FINDINGS if name in shown},
        "case": case,
        "contradictions": [{**entry, "effect": ""} for entry in shown["contradictions"]],
        "glance": glance_at(case.pathway, proposal),
    }


def stage_context(case: Case, proposal: Proposal) -> dict:
    """Facts, picture, contradictions, systems and options of one proposal."""
    shown = _shown(case, proposal)
    return {
        **shown,
        "case": case,
        "options": shown["options"][:DETAILED_OPTIONS],
        "more_options": shown["options"][DETAILED_OPTIONS:],
        "all_options": shown["options"],
        "glance": glance_at(case.pathway, proposal),
    }
