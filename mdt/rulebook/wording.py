"""Codes of rule files in the reader's language, and rules as the pages show them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from classification.comparison import alternatives
from classification.condition_words import Condition, conditions
from classification.edition import Citation, Edition
from classification.facts import Fact, Text
from classification.partition import Test
from mdt.rulebook.library import FLAG
from mdt.rulebook.models import Judgement

QUESTIONS: Final = {
    "resectable": _("Can it be resected?"),
    "limited": _("Is the disease limited?"),
    "stage": _("Which stage?"),
    "guideline": _("What does the guideline say?"),
    "trial": _("Is the trial a potential match?"),
    "molecular": _("Which molecular class?"),
    "fitness": _("Is the patient fit for it?"),
}
PHASES: Final = {"baseline": _("fixed at presentation"), "restaging": _("follows restaging")}
RECRUITMENT: Final = {
    "recruiting": _("recruiting"),
    "closed": _("closed to recruitment"),
    "terminated": _("terminated"),
    "completed": _("completed"),
    "unknown": _("recruitment not known"),
}
STANCES: Final = {
    "class": "",
    "meets": _("criteria met"),
    "not_met": _("criteria not met"),
    "silent": _("the source is silent"),
    "pending": _("not known yet"),
}
OPTION_STATUSES: Final = {
    "recommended": _("Recommended"),
    "consider": _("Consider"),
    "not_recommended": _("Not recommended"),
    "contraindicated": _("Contraindicated"),
    "undetermined": _("Undetermined"),
}
EVIDENCE: Final = {
    "RCT": _("RCT"),
    "consensus": _("Consensus"),
    "observational": _("Observational"),
    "extrapolated": _("Extrapolated"),
    "house_rule": _("House rule"),
    "guideline": _("Guideline"),
    "single_arm": _("Single-arm trial"),
}
EFFECTS: Final = {
    "hold": _("undetermined until it is open"),
    "forbid": _("contraindicated while it is closed"),
    "against": _("not recommended while it is closed"),
    "note": _("shown only"),
}
OPTION_KINDS: Final = {
    "curative_surgery": _("Curative surgery"),
    "perioperative": _("Perioperative therapy"),
    "conversion": _("Conversion therapy"),
    "liver_directed": _("Liver-directed therapy"),
    "systemic": _("Systemic therapy"),
    "palliative": _("Palliative procedure"),
    "supportive": _("Supportive care"),
    "trial": pgettext_lazy("kind of option", "Trial"),
}
HEADS: Final = {
    "edition": _("Edition"),
    "name": _("Name"),
    "question": _("Question"),
    "phase": _("Phase"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid until"),
    "reading": _("Reading"),
    "note": _("Note"),
    "category": _("Category"),
    "text": _("Sentence"),
    "citation": _("Citation"),
    "doi": "DOI",
    "label": _("Label"),
    "any": _("At least one of"),
}
# Editions named by neither year nor number: which one it is was not read in the source.
EDITIONS: Final = {"recalled": pgettext_lazy("edition", "not known")}
LABELS: Final = {"confirmed": _("read in the source"), "unverified": _("unverified")}
PLACEHOLDER = re.compile(r"\{(\w+)\}")


def language() -> str:
    """The language of the page, as the classification names it."""
    return "en" if (get_language() or "en").startswith("en") else "zh-hans"


def said(text: Text | None) -> str:
    """A text of a rule file in the reader's language; "" for none."""
    return text(language()) if text is not None else ""


def worded(codes: Mapping[str, Any], code: str) -> str:
    """A code in words; a code without words as it stands."""
    return str(codes.get(code, code))


def sentence(text: Text, facts: Mapping[str, Fact]) -> str:
    """A rule's sentence, with the label of a fact, in marks of its own, where a case would put its value."""

    def slot(at: re.Match) -> str:
        fact = facts.get(at[1])
        return _("‹%(fact)s›") % {"fact": fact.label(language())} if fact else at[0]

    return PLACEHOLDER.sub(slot, said(text))


@dataclass(frozen=True)
class ShownRule:
    """One rule as a row of a table, with what was found when it was compared with the paper."""

    id: str
    conditions: tuple[Condition, ...]
    alternatives: tuple[tuple[Condition, ...], ...]
    unless: tuple[Condition, ...]
    answer: str
    text: str
    citation: Mapping[str, str]
    judgement: Judgement | None
    is_built_in: bool = False
    """Raised by the program itself, with no condition in the file: its sentence alone says when."""

    @property
    def anchor(self) -> str:
        return re.sub(r"[^\w.-]", "-", self.id)

    @property
    def is_verified(self) -> bool:
        return self.judgement is not None and self.judgement.verdict == Judgement.Verdict.AS_IN_PAPER

    def words(self) -> str:
        """Everything that a search may find it by, in this language."""
        named = [*self.conditions, *self.unless, *(each for choice in self.alternatives for each in choice)]
        stated = " ".join(f"{each.label} {each.words}" for each in named)
        return " ".join([self.id, self.answer, self.text, stated, *self.citation.values()])


def stated(tests: Mapping[str, Test] | None, facts: Mapping[str, Fact]) -> tuple[Condition, ...]:
    """A conjunction in words; nothing for none."""
    return conditions(tests or {}, facts, language())


def cited(citation: Citation) -> dict[str, str]:
    """Source, locator, text, doi and label in the reader's language."""
    return citation.as_dict(language())


@dataclass(frozen=True)
class ShownComponent:
    """A component with its rows."""

    id: str
    label: str
    rules: tuple[ShownRule, ...]


def shown_components(
    edition: Edition, facts: Mapping[str, Fact], judgements: Mapping[str, Judgement]
) -> tuple[ShownComponent, ...]:
    """Every component of an edition as a table."""
    categories = {category.score: said(category.labels) for category in edition.categories}
    return tuple(
        ShownComponent(
            component.id,
            said(component.labels),
            tuple(
                ShownRule(
                    rule.id,
                    stated(rule.when, facts),
                    alternatives(rule, facts, language()),
                    (),
                    categories.get(rule.score, str(rule.score)),
                    sentence(rule.texts, facts),
                    cited(rule.citation),
                    judgements.get(rule.id),
                )
                for rule in component.rules
            ),
        )
        for component in edition.components
    )


def shown_flags(
    edition: Edition, facts: Mapping[str, Fact], judgements: Mapping[str, Judgement]
) -> tuple[ShownRule, ...]:
    """Every flag of an edition as a row."""
    return tuple(
        ShownRule(
            f"{FLAG}{flag.id}",
            stated(flag.when, facts),
            (),
            stated(flag.unless, facts),
            _names(edition, flag.category),
            sentence(flag.texts, facts),
            cited(flag.citation),
            judgements.get(f"{FLAG}{flag.id}"),
            bool(flag.built_in),
        )
        for flag in edition.flags
    )


def _names(edition: Edition, ids: Iterable[str]) -> str:
    labels = {category.id: said(category.labels) for category in edition.categories}
    return ", ".join(labels[each] for each in ids)
