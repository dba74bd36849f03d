"""Nodes, peritoneum and liver remnant of a proposal for the page: a picture, and for each place its source."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import get_language

from cases.models import Proposal
from cases.pictures.spread import draw_spread
from cases.reasoning import describe, fact_label, has_fact, owners_of

ASKED: Final = ("n_category", "nodes_beyond_d2", "peritoneum")
"""A pathway that asks for none of these has no such picture."""


def spread_of(pathway: str, proposal: Proposal, *, at_first: bool = False) -> dict[str, Any]:
    """`spread` and `spread_rows`; empty for a pathway without these facts.

    After a restaging as it is now; `at_first`: as it was at the first staging.
    """
    if not all(has_fact(pathway, fact) for fact in ASKED):
        return {}
    facts, statements = (
        (proposal.facts, proposal.statements) if at_first else (proposal.current_facts, proposal.current_statements)
    )
    spread = draw_spread(facts, name="spread-first" if at_first else "spread")
    places = [(mark.fact, mark.label, mark.word) for mark in (*spread.nodes, *spread.abdomen)]
    if spread.index:
        places.append(("pci", fact_label(pathway, "pci", get_language()), spread.index))
    rows = [
        {"label": label, "word": word, "said": _counting(statements.get(fact)), "owner": owners_of(pathway, fact)[0]}
        for fact, label, word in places
        if has_fact(pathway, fact)
    ]
    return {"spread": spread, "spread_rows": rows}


def holding(proposal: Proposal, fact: str) -> dict[str, Any] | None:
    """The statement that counts now; None where nobody said anything."""
    return _counting(proposal.current_statements.get(fact))


def _counting(said: Sequence[dict[str, Any]] | None) -> dict[str, Any] | None:
    return next((entry for entry in said or () if entry["holds"]), None)


def remnant_of(pathway: str, proposal: Proposal) -> dict[str, Any] | None:
    """The future liver remnant as measured, in per cent; None for a pathway that does not ask for it.

    `low` and `high` are what it is at least and at most; both None where it is not stated. Nothing is computed from
    the lesions: what will be left depends on an operation that nobody has decided.
    """
    if not has_fact(pathway, "flr_percent"):
        return None
    value, language = proposal.current_facts.get("flr_percent"), get_language()
    low = high = value if isinstance(value, int | float) else None
    if isinstance(value, dict):
        low, high = value.get("at_least"), value.get("at_most")
    return {
        "label": fact_label(pathway, "flr_percent", language),
        "text": describe(pathway, "flr_percent", value, language) if value is not None else "",
        "low": low,
        "high": high,
        "span": round((100 if high is None else high) - (low or 0), 1),
        "is_range": value is not None and low != high,
        "said": holding(proposal, "flr_percent"),
        "owner": owners_of(pathway, "flr_percent")[0],
    }
