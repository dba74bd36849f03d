"""What the desk takes over from the findings: the patient's wish, comorbidity and fitness, with their sources."""

from dataclasses import dataclass, field

from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from cases.models import Proposal
from cases.reasoning import LANGUAGES, describe, fact_label, pathway_of

FACTORS = ("preference", "comorbidity")


@dataclass(frozen=True)
class Factor:
    """Words for the decision, and the statements that they were taken from."""

    text: str = ""
    sources: list[dict[str, str]] = field(default_factory=list)


def factors_of(proposal: Proposal) -> dict[str, Factor]:
    """Both factors in the language that is active; empty where nobody recorded anything."""
    showing = pathway_of(proposal.case.pathway).showing
    return {name: _factor(proposal, getattr(showing, name)) for name in FACTORS}


def sources_of(proposal: Proposal, name: str, text: str) -> list[dict[str, str]]:
    """The sources, while the words are still those of the findings, in whichever language; else none."""
    for language in LANGUAGES:
        with override(language):
            factor = factors_of(proposal)[name]
        if factor.text and factor.text == text.strip():
            return factor.sources
    return []


def _factor(proposal: Proposal, facts: tuple[str, ...]) -> Factor:
    words, sources, language, pathway = [], [], get_language(), proposal.case.pathway
    for fact in facts:
        said = proposal.current_statements.get(fact) or proposal.statements.get(fact) or ()
        held = next((statement for statement in said if statement["holds"]), None)
        if held is None:
            continue
        text = describe(pathway, fact, held["value"], language)
        if pathway_of(pathway).facts[fact].type != "text":
            text = _("%(fact)s: %(value)s") % {"fact": fact_label(pathway, fact, language), "value": text}
        words.append(text)
        sources.append({"discipline": held["discipline"], "by": held["by"], "on": held["on"] or ""})
    return Factor(_joined(words), [source for place, source in enumerate(sources) if source not in sources[:place]])


def _joined(words: list[str]) -> str:
    """What was said, after one another: somebody's whole sentence keeps its own stop and gets no second one."""
    text = ""
    for each in words:
        if text:
            text += {".": " ", "。": ""}.get(text[-1], _("; "))
        text += each
    return text
