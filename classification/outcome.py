"""The answer to one case: exact and compact, with words rendered only when asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from . import explain
from .derive import with_derived
from .engine import SchemeResult, evaluate
from .facts import LANGUAGES, UNKNOWN, Standing, Text, known, parse_facts
from .lesions import figures_from_list, has_caudate_only
from .options import Weighed, weigh
from .rulebook import PathwayRules, Rulebook, load_rulebook
from .scheme import Scheme

NO_EDITION = Text(
    "No edition of this scheme was in force on the date of the case.", "在病例日期当日，本分型尚无生效版本。"
)
CURRENT_NOTE = Text(
    "What can be resected now, by the same rules. It does not replace the type at presentation.",
    "按同一规则判断的当前可切除性，不替代初诊分型。",
)


@dataclass(frozen=True)
class SystemAnswer:
    """One scheme's answer. ``result`` is None if no edition was in force."""

    scheme: Scheme
    result: SchemeResult | None
    state: str
    """``typed``, ``absent`` (no liver metastasis), ``after_therapy`` or ``no_edition``."""
    flags: tuple[str, ...]

    @property
    def possible(self) -> tuple[str, ...]:
        """The categories that some completion of what is not known gives."""
        return self._of("possible")

    @property
    def provisional(self) -> tuple[str, ...]:
        """The categories left under the pathway's assumptions."""
        return self._of("provisional")

    @property
    def category(self) -> str | None:
        return self.possible[0] if len(self.possible) == 1 else None

    def _of(self, part: str) -> tuple[str, ...]:
        if self.state == "absent":
            return ()
        if self.state != "typed" or self.result is None:
            return tuple(category.id for category in self.scheme.edition.categories)
        return tuple(explain.category_list(self.scheme, getattr(self.result, part)))


class Outcome:
    """What the rules say about one case. ``as_dict`` gives the whole of it as JSON-ready data."""

    def __init__(self, rules: PathwayRules, standings: Mapping[str, Standing], on: dt.date | None) -> None:
        self.rules, self.standings, self.on = rules, standings, on
        self.pathway = rules.pathway
        self.systems: dict[str, SystemAnswer] = {name: self._system(name) for name in self.rules.schemes}

    def _entry_values(self) -> tuple[str, ...]:
        entry = self.standings.get(self.pathway.entry_fact, UNKNOWN)
        return (entry.value,) if entry.kind == "known" else entry.values

    def _system(self, name: str) -> SystemAnswer:
        scheme = self.rules.in_force(name, self.on)
        if scheme is None:
            first = next(each for each in self.rules.compiled if each.edition.scheme == name)
            return SystemAnswer(first, None, "no_edition", ("NO_EDITION",))
        values = self._entry_values()
        result = evaluate(scheme, self.standings)
        raised = set()
        state = "typed"
        if values and set(values) <= set(self.pathway.absent):
            return SystemAnswer(scheme, result, "absent", self._flag_ids(scheme, {"entry_absent"}, ()))
        if set(values) & {*self.pathway.absent, *self.pathway.suspected}:
            raised.add("entry_suspected")
        if self.standings.get(self.pathway.baseline_fact) == known(False):
            raised.add("after_therapy")
            state = "after_therapy"
        lesions = self.standings.get("liver_lesions", UNKNOWN)
        if lesions.kind == "known" and has_caudate_only(lesions.value):
            raised.add("caudate")
        return SystemAnswer(scheme, result, state, self._flag_ids(scheme, raised, result.flags))

    @staticmethod
    def _flag_ids(scheme: Scheme, built_in: set[str], others: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(f.id for f in scheme.edition.flags if f.built_in in built_in or f.id in others)

    @cached_property
    def shown(self) -> dict[str, Standing]:
        """Stated facts, facts derived from them, and liver figures from the list where none is stated."""
        return {**figures_from_list(self.standings), **with_derived(self.standings)}

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that can change a category, the most decisive first."""
        ranks: dict[str, float] = {}
        for answer in self._typed():
            for item in answer.result.missing:
                ranks[item.fact] = min(item.rank, ranks.get(item.fact, 9.0))
        order = {name: at for at, name in enumerate(self.pathway.facts)}
        return tuple(sorted(ranks, key=lambda name: (ranks[name], order[name])))

    @property
    def irrelevant(self) -> tuple[str, ...]:
        """Facts that the rules ask about, that are not known, and that cannot change a category."""
        names = {name for answer in self._typed() for name in answer.result.irrelevant}
        return tuple(name for name in self.pathway.facts if name in names - set(self.missing))

    def _typed(self) -> list[SystemAnswer]:
        return [answer for answer in self.systems.values() if answer.state == "typed"]

    @cached_property
    def options(self) -> list[Weighed]:
        """Treatment options, weighed under the provisional type (or what can be resected now, after
        therapy).
        """
        answer = self.systems.get(self.rules.options.follows)
        possible: tuple[str, ...] = ()
        provisional: tuple[str, ...] = ()
        if answer is not None:
            possible, provisional = answer.possible, answer.provisional
            if answer.state == "after_therapy":
                possible, provisional = self._current(answer)
        return weigh(self.rules.options, self.pathway, self.shown, possible, provisional)

    @staticmethod
    def _current(answer: SystemAnswer) -> tuple[tuple[str, ...], tuple[str, ...]]:
        scheme, result = answer.scheme, answer.result
        return (
            tuple(explain.category_list(scheme, result.possible)),
            tuple(explain.category_list(scheme, result.provisional)),
        )

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """JSON-ready data with all words in ``language`` (en or zh-hans)."""
        if language not in LANGUAGES:
            raise ValueError(f"no language {language!r}; known: {', '.join(LANGUAGES)}")
        return {
            "pathway": self.pathway.id,
            "systems": {name: self._system_dict(answer, language) for name, answer in self.systems.items()},
            "missing": [self._missing_dict(name, language) for name in self.missing],
            "irrelevant": list(self.irrelevant),
            "options": [explain.option(each, self.pathway, self.shown, language) for each in self.options],
            "current_resectability": self._current_dict(language),
        }

    def _system_dict(self, answer: SystemAnswer, language: str) -> dict[str, Any]:
        scheme, edition = answer.scheme, answer.scheme.edition
        is_typed = answer.state == "typed"
        texts = {flag.id: flag.texts for flag in edition.flags} | {"NO_EDITION": NO_EDITION}
        assumed = explain.assumptions(scheme, answer.result, language) if is_typed else []
        return {
            "label": edition.labels(language),
            "edition": edition.edition if answer.result else None,
            "digest": edition.digest if answer.result else None,
            "status": edition.status if answer.result else "no_edition",
            "verified_by": edition.verified_by if answer.result else "",
            "reading": edition.reading if answer.result else "",
            "possible": list(answer.possible),
            "category": answer.category,
            "provisional": {
                "possible": list(answer.provisional),
                "assuming": {each["fact"]: each["value"] for each in assumed},
                "assumptions": assumed,
            },
            "categories": [
                {
                    "id": category.id,
                    "label": category.labels(language),
                    "text": category.texts(language),
                    "state": _state(category.id, answer.possible),
                    "provisional": category.id in answer.provisional,
                }
                for category in edition.categories
            ],
            "components": explain.components(scheme, answer.result, self.shown, language) if is_typed else [],
            "flags": list(answer.flags),
            "flag_texts": {name: texts[name](language) for name in answer.flags},
            "because": explain.because(scheme, answer.result, self.shown, language) if is_typed else [],
        }

    def _missing_dict(self, name: str, language: str) -> dict[str, Any]:
        fact = self.pathway.facts[name]
        decided, is_assumed = {}, False
        for scheme_name, answer in self.systems.items():
            if answer.state != "typed":
                continue
            item = next((item for item in answer.result.missing if item.fact == name), None)
            if item is not None:
                decided[scheme_name] = explain.decides(answer.scheme, item, self.standings, language)
            own = (answer.scheme.presumed[at].assumption.fact for at in answer.result.assuming)
            is_assumed = is_assumed or name in own
        return {
            "fact": name,
            "label": fact.label(language),
            "owner": fact.owner,
            "is_assumed": is_assumed,
            "decides": decided,
        }

    def _current_dict(self, language: str) -> dict[str, Any] | None:
        answer = self.systems.get(self.rules.options.follows) or next(iter(self.systems.values()), None)
        if answer is None or answer.state != "after_therapy":
            return None
        scheme, result = answer.scheme, answer.result
        possible, provisional = self._current(answer)
        return {
            "scheme": scheme.edition.scheme,
            "possible": list(possible),
            "provisional": list(provisional),
            "missing": [item.fact for item in result.missing],
            "components": explain.components(scheme, result, self.shown, language),
            "because": explain.because(scheme, result, self.shown, language),
            "note": CURRENT_NOTE(language),
        }


def _state(category: str, possible: tuple[str, ...]) -> str:
    if category not in possible:
        return "ruled_out"
    return "only" if len(possible) == 1 else "possible"


def classify(
    facts: Mapping[str, Any],
    rulebook: Rulebook | None = None,
    on: dt.date | None = None,
    pathway: str = "gclm",
) -> Outcome:
    """What the rules say about a case. Total: valid facts never raise; bad ones raise ``FactError``.

    ``facts`` is the facts object as JSON data. ``on`` is the clinical date that chooses the edition; without
    it the latest edition speaks. No clock is read. Raises ``KeyError`` for a pathway that the rulebook does
    not hold.
    """
    rules = (rulebook or load_rulebook())[pathway]
    return Outcome(rules, parse_facts(facts, rules.pathway.facts), on)
