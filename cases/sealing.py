"""The pages of a case while a meeting gathers opinions first: the queue names no type, and neither do they unasked.

A page covers what the rules say and offers to show it; whoever asks is logged as having seen the proposal.
"""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from cases.models import Case

SHOWN = "shown"
# What of the overview is findings only. Whatever is added there stays covered until it is named here.
FINDINGS = (
    *("case", "restricted_openings", "emergencies", "may", "badge", "tab", "tabs"),
    *(
        "has_liver",
        "lesions",
        "liver_facts",
        "spread",
        "spread_rows",
        "remnant",
        "facts_by_discipline",
        "to_restage",
    ),
)


def is_covered(case: Case, request: HttpRequest) -> bool:
    """Whether this page must not say what the rules propose: the case is sealed, and the reader did not ask for it."""
    return case.is_sealed and request.GET.get("proposal") != SHOWN


def name_in_log(case: Case, page: str, *, tells: bool = False) -> str:
    """How the log names the opening of a page that leaves out what the rules propose while the case is sealed.

    `tells`: something on it does all the same, such as the decision of an earlier meeting.
    """
    return f"sealed {page}" if case.is_sealed and not tells else page


def findings_only(context: Mapping[str, Any]) -> dict[str, Any]:
    """What a covered overview may be rendered from."""
    return {
        **{name: context[name] for name in FINDINGS if name in context},
        "is_covered": True,
        "readiness": [{**item, "moves_type": False} for item in context.get("readiness", [])],
        "contradictions": [{**entry, "effect": ""} for entry in context.get("contradictions", [])],
        "timeline": [{**point, "types": ""} for point in context.get("timeline", [])],
    }
