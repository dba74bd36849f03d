"""Which facts are settled: nothing more is waited for."""

from collections.abc import Mapping
from typing import Any

from cases.reasoning import pathway_of
from classification import Fact, Standing, parse_facts
from classification.derive import with_derived


def known_facts(pathway: str, facts: Mapping[str, Any]) -> set[str]:
    """Facts that are fully known from these, those that follow from others included; a code such as CYX ("not done or
    not readable") leaves its fact open."""
    vocabulary = pathway_of(pathway).facts
    standings = with_derived(parse_facts(facts, vocabulary))
    return {name for name, standing in standings.items() if _is_settled(vocabulary.get(name), standing)}


def _is_settled(fact: Fact | None, standing: Standing) -> bool:
    if standing.kind == "known" and fact is not None and fact.type == "choice":
        return len(fact.exact(standing.value)) == 1
    return standing.kind in ("known", "not_applicable")
