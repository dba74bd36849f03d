"""May the meeting decide on this case?

The disciplines in the room against those that the pathway asks for: always, and where certain options are open. Below
that a published minimum may still be met; it is shown, and does not make a meeting quorate.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.translation import get_language

from cases.models import Case, Proposal
from cases.reasoning import option_labels, quorum_of, quorum_rules_of
from classification.quorum import Needed, QuorumRules


@dataclass(frozen=True)
class Rule:
    """One rule that asks for somebody: in words, with its citation, and who of them is not here.

    `options`: the ids of the open options because of which it asks, of the case's `pathway`.
    """

    rule: Needed
    missing: list[str]
    options: tuple[str, ...] = ()
    pathway: str = ""

    @property
    def is_met(self) -> bool:
        return not self.missing

    @property
    def text(self) -> str:
        return self.rule.text(get_language() or "en")

    @property
    def because(self) -> list[str]:
        """The open options that ask for them, in words; empty where the rule always holds."""
        return option_labels(self.pathway, self.options, get_language() or "en") if self.options else []

    @property
    def note(self) -> str:
        return self.rule.note(get_language() or "en")

    @property
    def citation(self) -> dict[str, str]:
        return self.rule.citation.as_dict(get_language() or "en")

    @property
    def is_unverified(self) -> bool:
        return self.rule.citation.label != "confirmed"

    def as_kept(self) -> dict[str, Any]:
        """How a decision keeps it: its words stay readable after the rule has changed."""
        languages = [code for code, _name in settings.LANGUAGES]
        return {
            "id": self.rule.id,
            "text": {code: self.rule.text(code) for code in languages},
            "note": {code: self.rule.note(code) for code in languages},
            "citation": {code: self.rule.citation.as_dict(code) for code in languages},
            "missing": self.missing,
        }


@dataclass(frozen=True)
class Quorum:
    """The answer, and the disciplines that are asked for and not here, in the pathway's order.

    `perhaps`: of a sealed case the rules that may ask for somebody who is not here, once its table is open. They are
    those of every case of the pathway: nothing of this one is in them.
    """

    is_quorate: bool
    missing: list[str]
    required: list[str] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    minimum: Rule | None = None
    perhaps: list[Rule] = field(default_factory=list)

    @property
    def meets_minimum(self) -> bool:
        """Below the pathway's quorum, but not below the published minimum."""
        return not self.is_quorate and self.minimum is not None and self.minimum.is_met

    def as_kept(self) -> dict[str, Any]:
        """The rules that asked for somebody, and where the quorum failed the minimum."""
        kept: dict[str, Any] = {"rules": [rule.as_kept() for rule in self.rules]}
        if not self.is_quorate and self.minimum is not None:
            kept["minimum"] = self.minimum.as_kept()
        return kept


def check(present: Iterable[str], required: Iterable[str]) -> Quorum:
    """Quorate when every required discipline is present; one person is enough for a discipline."""
    here, required = set(present), list(dict.fromkeys(required))
    missing = [discipline for discipline in required if discipline not in here]
    return Quorum(not missing, missing, required)


def quorum_for(case: Case, proposal: Proposal | None, present: Iterable[str]) -> Quorum:
    """The quorum of one case, by the disciplines present. Without a proposal (none made, or still sealed) nobody is
    asked for because of an option."""
    here, rules = set(present), quorum_rules_of(case.pathway)
    options, categories = _offered(proposal) if proposal is not None else ({}, ())
    opened = rules.opened_by(options)
    found = [
        Rule(rule, _away(rule.disciplines, here), opened.get(rule.id, ()), case.pathway)
        for rule in rules.applying(options, categories)
    ]
    asked = [*rules.required, *(code for rule in found for code in rule.rule.disciplines)]
    answer = check(here, asked)
    minimum = Rule(rules.minimum, _away(rules.minimum.disciplines, here)) if rules.minimum else None
    return Quorum(answer.is_quorate, answer.missing, answer.required, found, minimum, _perhaps(rules, here, proposal))


def _perhaps(rules: QuorumRules, here: set[str], proposal: Proposal | None) -> list[Rule]:
    """Who may be asked for beside those that every case needs, and is not here; nobody once the proposal is open."""
    if proposal is not None:
        return []
    beyond = [Rule(rule.needed, _away(rule.needed.disciplines, here | set(rules.required))) for rule in rules.also]
    return [rule for rule in beyond if rule.missing]


def _away(disciplines: Iterable[str], here: set[str]) -> list[str]:
    return [code for code in disciplines if code not in here]


def newest_proposals(cases: Iterable[int]) -> dict[int, Proposal]:
    """Case id → its newest proposal, with what the quorum reads of it. One query, and one for those not read yet."""
    newest = Proposal.objects.filter(case=OuterRef("case")).order_by("-number").values("pk")[:1]
    rows = Proposal.objects.filter(case__in=list(cases), pk=Subquery(newest)).only("case", "made_at", "system")
    found = {row.case_id: row for row in rows}
    unread = [row.pk for row in found.values() if not _box(row.pk, row.made_at)]
    if unread:
        contents = ("made_at", "system", "outcome_packed", "outcome_plain")
        for row in Proposal.objects.filter(pk__in=unread).only(*contents):
            _offered(row)
    return found


def needed_for(case: Case, proposal: Proposal | None) -> tuple[str, ...]:
    """The disciplines that must be present for this case, in order: those that every case needs come first.

    Without a proposal (none made, or still sealed) nobody is asked for because of an option.
    """
    beyond = quorum_rules_of(case.pathway).beyond(*_offered(proposal)) if proposal is not None else ()
    return (*quorum_of(case.pathway), *beyond)


def perhaps_needed(case: Case) -> tuple[str, ...]:
    """Disciplines that cases of this pathway may need beyond the others: what can be said of a sealed case."""
    return quorum_rules_of(case.pathway).possible_beyond


def offered_by(answer: dict[str, Any], system: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Option → status, and the categories of the leading scheme that are possible, in the outcome of a proposal."""
    found = answer["systems"].get(system, {})
    assumed = (found.get("provisional") or {}).get("possible") or []
    options = {option["id"]: option["status"] for option in answer.get("options") or ()}
    return options, tuple(assumed or found.get("possible") or ())


def _offered(proposal: Proposal) -> tuple[dict[str, str], tuple[str, ...]]:
    """The same of one proposal. It is written once: read once per process."""
    box = _box(proposal.pk, proposal.made_at)
    if not box:
        box.append(offered_by(proposal.answer_in("en"), proposal.system))
    return box[0]


@lru_cache(maxsize=2000)
def _box(_pk: int, _made_at: datetime) -> list:
    """An empty place for what was read from one proposal."""
    return []
