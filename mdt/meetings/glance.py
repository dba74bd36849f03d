"""Facts at a glance: a dozen lines that the whole room can read, from the proposal's snapshot."""

from dataclasses import dataclass, field

from django.utils.translation import get_language

from cases.models import Proposal
from cases.reasoning import describe, fact_label, pathway_of
from mdt.people.templatetags.looks import day

# Facts that a list of lesions answers where nobody stated them.
COUNTED_IN_LIST = {"liver_lesion_count", "liver_max_diameter_mm", "liver_lobes"}
DOES_NOT_APPLY = {"not_applicable": True}  # as stored; says nothing without the label of what does not apply


@dataclass
class Line:
    """One line: what is stated, and the labels of what the meeting should know and does not."""

    label: str
    stated: list[dict] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def glance_at(pathway: str, proposal: Proposal) -> list[Line]:
    """The lines for which anything is known now, or is required and missing."""
    language, rules, facts = get_language(), pathway_of(pathway), proposal.current_facts
    known = rules.facts
    wanted = {item["fact"] for item in proposal.readiness if item["state"] in ("missing", "stale")}
    lines = []
    for entry in rules.showing.glance:
        line = Line(entry.label(language))
        for fact in entry.facts:
            value = facts.get(fact)
            if value is None:
                if fact in wanted and not (fact in COUNTED_IN_LIST and facts.get("liver_lesions")):
                    line.missing.append(fact_label(pathway, fact, language))
                continue
            needs_label = fact in entry.named or value == DOES_NOT_APPLY
            text = describe(pathway, fact, value, language)
            if known[fact].type == "date" and isinstance(value, str):
                text = day(value)
            line.stated.append(
                {
                    "text": text,
                    "label": fact_label(pathway, fact, language) if needs_label else "",
                    "is_disputed": any(found["fact"] == fact for found in proposal.contradictions),
                }
            )
        if line.stated or line.missing:
            lines.append(line)
    return lines
