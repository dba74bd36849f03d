"""The answer to one case: exact and compact, with explanations and words worked out only when asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from . import report
from .decision import Decision, decide
from .derive import with_derived
from .engine import Missing, SchemeResult, evaluate, missing_of
from .facts import UNKNOWN, Standing
from .lesions import figures_from_list, has_caudate_only
from .options import Weighed
from .phases import split
from .rulebook import PathwayRules, Rulebook, load_rulebook
from .scheme import Scheme
from .weighing import weigh

Facts = Mapping[str, Any]


class View:
    """One set of facts of a case, as every scheme sees it. Raises ``FactError`` for a value that is not allowed."""

    def __init__(self, rules: PathwayRules, facts: Facts, phase: str) -> None:
        self.rules, self.facts, self.phase = rules, facts, phase
        (self.keys, self.liver), self.standings = rules.reader.read(facts)
        entry = facts.get(rules.pathway.entry_fact)
        if entry is None:
            self.entry_values: tuple[str, ...] = ()
        elif entry.__class__ is str:
            self.entry_values = (entry,)
        else:
            standing = rules.pathway.facts[rules.pathway.entry_fact].parse(entry)
            self.entry_values = (standing.value,) if standing.kind == "known" else standing.values
        self.is_absent = bool(self.entry_values) and set(self.entry_values) <= set(rules.pathway.absent)

    @cached_property
    def shown(self) -> dict[str, Standing]:
        """Stated facts, facts derived from them, and liver figures from the list where none is stated."""
        return {**figures_from_list(self.standings), **with_derived(self.standings)}

    @cached_property
    def built_in(self) -> frozenset[str]:
        """Remarks that the engine itself finds about these facts."""
        if self.is_absent:
            return frozenset(["entry_absent"])
        pathway = self.rules.pathway
        raised = set()
        if set(self.entry_values) & {*pathway.absent, *pathway.suspected}:
            raised.add("entry_suspected")
        lesions = self.standings.get("liver_lesions", UNKNOWN)
        if lesions.kind == "known" and has_caudate_only(lesions.value):
            raised.add("caudate")
        return frozenset(raised)


class SystemAnswer:
    """One scheme's answer to one set of facts.

    ``state`` is ``typed``, ``absent`` (the disease of the pathway is not there), ``after_therapy`` (nothing is known of
    baseline) or ``no_edition``. ``at_baseline`` is, for a scheme that follows the course, its answer before treatment.
    """

    def __init__(
        self, scheme: Scheme, key: int, view: View, state: str, at_baseline: SystemAnswer | None = None
    ) -> None:
        self.scheme, self.key, self.view, self.state, self.at_baseline = scheme, key, view, state, at_baseline
        if state == "typed":
            self.decision: Decision = decide(scheme, key, view.liver)

    @property
    def result(self) -> SchemeResult:
        """Everything needed to explain the decision."""
        return evaluate(self.scheme, self.key, self.view.liver)

    @property
    def possible(self) -> tuple[str, ...]:
        """The categories that some completion of what is not known gives, the best first."""
        if self.state == "typed":
            return self.scheme.categories_of[self.decision.possible]
        return self._untyped

    @property
    def provisional(self) -> tuple[str, ...]:
        """The categories left under the pathway's assumptions."""
        if self.state == "typed":
            return self.scheme.categories_of[self.decision.provisional]
        return self._untyped

    @property
    def category(self) -> str | None:
        """The category if only one is possible."""
        return self.possible[0] if len(self.possible) == 1 else None

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts whose answer alone can change the category, in the order of the vocabulary."""
        return self.scheme.facts_of[self.decision.missing] if self.state == "typed" else ()

    @property
    def narrowing(self) -> tuple[Missing, ...]:
        """The same, those that narrow the categories most first, with what each answer leaves."""
        return missing_of(self.scheme, self.key, self.view.liver) if self.missing else ()

    @cached_property
    def flags(self) -> tuple[str, ...]:
        if self.state == "no_edition":
            return ("NO_EDITION",)
        raised = set(self.view.built_in)
        if self.state == "after_therapy":
            raised.add("after_therapy")
        others = self.result.flags if self.state == "typed" else ()
        return tuple(f.id for f in self.scheme.edition.flags if f.built_in in raised or f.id in others)

    @property
    def _untyped(self) -> tuple[str, ...]:
        """Nothing is possible where the disease is not there; else nothing is ruled out."""
        if self.state == "absent":
            return ()
        return tuple(category.id for category in self.scheme.edition.categories if category.outside is None)


class Outcome:
    """What the rules say about one case. ``as_dict`` gives the whole of it as JSON-ready data.

    ``facts`` and ``restaging`` are facts objects as JSON data. Raises ``FactError`` for a value that is not allowed.
    """

    def __init__(self, rules: PathwayRules, facts: Facts, on: dt.date | None, restaging: Facts | None = None) -> None:
        self.rules, self.on, self.pathway = rules, on, rules.pathway
        self.phases = split(facts, restaging, rules.pathway)
        self.baseline = View(rules, self.phases.baseline, "baseline")
        self.now = View(rules, self.phases.now, "restaging") if self.phases.has_restaging else self.baseline
        self._courses: dict[tuple[str, ...], View] = {}
        self._is_absent = (self.baseline if self.phases.has_baseline else self.now).is_absent
        answers = {
            scheme.edition.scheme: self._answer(scheme, first, full) for scheme, first, full in rules.in_force_on(on)
        }
        self.systems: dict[str, SystemAnswer] = {
            name: answers[name] if name in answers else self._no_edition(name) for name in rules.schemes
        }

    def _answer(self, scheme: Scheme, first: int, full: int) -> SystemAnswer:
        before = self.baseline.keys >> first & full
        if self._is_absent:
            return SystemAnswer(scheme, before, self.baseline if self.phases.has_baseline else self.now, "absent")
        if not self.phases.has_restaging:
            return SystemAnswer(scheme, before, self.baseline, "typed")
        if scheme.edition.phase == "baseline":
            if self.phases.has_baseline:
                return SystemAnswer(scheme, before, self.baseline, "typed")
            return SystemAnswer(scheme, before, self.now, "after_therapy")
        names = scheme.edition.from_restaging
        if names not in self._courses:
            self._courses[names] = View(self.rules, self.phases.for_edition(scheme.edition), "restaging")
        course = self._courses[names]
        at_baseline = SystemAnswer(scheme, before, self.baseline, "typed") if self.phases.has_baseline else None
        return SystemAnswer(scheme, course.keys >> first & full, course, "typed", at_baseline)

    def _no_edition(self, name: str) -> SystemAnswer:
        scheme = next(each for each in self.rules.compiled if each.edition.scheme == name)
        return SystemAnswer(scheme, 0, self.baseline, "no_edition")

    @property
    def shown(self) -> dict[str, Standing]:
        """What is known now, with all that follows from it."""
        return self.now.shown

    @cached_property
    def current(self) -> SystemAnswer | None:
        """What can be resected now: the leading scheme asked about restaging; None before treatment.

        What the first staging contradicts is not assumed: a peritoneal metastasis of which the restaging says nothing
        has not gone, it has not been looked at.
        """
        leading = self.systems.get(self.rules.options.follows) or next(iter(self.systems.values()), None)
        if leading is None or not self.phases.has_restaging or leading.state in ("absent", "no_edition"):
            return None
        first, full = next((f, b) for scheme, f, b in self.rules.in_force_on(self.on) if scheme is leading.scheme)
        key = self.now.keys >> first & full
        for each in leading.scheme.presumed:
            fact = each.assumption.fact
            before = self.baseline.standings.get(fact, UNKNOWN)
            if fact not in self.now.facts and before not in (UNKNOWN, each.assumption.standing):
                key |= 1 << leading.scheme.places[fact][1]  # as if stated, with every value left open
        return SystemAnswer(leading.scheme, key, self.now, "typed")

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Facts that can change a category of any scheme, those that narrow the most first."""
        left = self.narrowing
        order = self.pathway.order
        return tuple(sorted(left, key=lambda name: (-left[name], order[name])))

    @cached_property
    def narrowing(self) -> dict[str, float]:
        """For each missing fact, how many categories its answer rules out on average, over all schemes together."""
        ruled_out: dict[str, float] = {}
        for answer in self._typed():
            for item in answer.narrowing:
                ruled_out[item.fact] = ruled_out.get(item.fact, 0) + len(answer.possible) * (1 - item.rank)
        return ruled_out

    @property
    def irrelevant(self) -> tuple[str, ...]:
        """Facts that the rules ask about, that are not known, and that cannot change a category."""
        names = {name for answer in self._typed() for name in answer.result.irrelevant}
        return tuple(name for name in self.pathway.facts if name in names - set(self.missing))

    def _typed(self) -> list[SystemAnswer]:
        return [answer for answer in self.systems.values() if answer.state == "typed"]

    @cached_property
    def followed(self) -> SystemAnswer | None:
        """The answer whose type the treatment options follow: the leading one, or what can be resected now."""
        return self.current or self.systems.get(self.rules.options.follows)

    @cached_property
    def open_type(self) -> tuple[str, ...]:
        """The missing facts that keep open which type the options follow; what is assumed does not."""
        answer = self.followed
        if answer is None or answer.state != "typed":
            return ()
        assumed = {answer.scheme.presumed[at].assumption.fact for at in answer.result.assuming}
        return tuple(name for name in answer.missing if name not in assumed)

    @cached_property
    def options(self) -> list[Weighed]:
        """Treatment options, weighed under the provisional type (or what can be resected now, after treatment)."""
        answer = self.followed
        possible = answer.possible if answer else ()
        provisional = answer.provisional if answer else ()
        return weigh(self.rules.options, self.shown, possible, provisional)

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """JSON-ready data with all words in ``language`` (en or zh-hans)."""
        return report.as_dict(self, language)


def classify(
    facts: Facts,
    rulebook: Rulebook | None = None,
    on: dt.date | None = None,
    pathway: str = "gclm",
    restaging: Facts | None = None,
) -> Outcome:
    """What the rules say about a case. Total: valid facts never raise; bad ones raise ``FactError``.

    ``facts`` is the facts object as JSON data; ``restaging`` holds what was found after treatment began, apart. ``on``
    is the clinical date that chooses the editions; without it the latest ones speak. No clock is read. Raises
    ``KeyError`` for a pathway that the rulebook does not hold.
    """
    return Outcome((rulebook or load_rulebook())[pathway], facts, on, restaging)
