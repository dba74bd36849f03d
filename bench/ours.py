"""The project's side of every measurement, in one place. The rest of bench/ knows the project by these names only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from classification import Decider, Outcome, classify, load_rulebook
from classification.decision import Decision
from classification.engine import SchemeResult
from classification.panel import Panel
from classification.pathway import RULES

Facts = dict[str, Any]


class OneSystem:
    """The C-GCLM type of one case, reading A, from the facts object as JSON data gives it.

    ``decide`` gives types possible, types provisional and missing facts. ``explain`` adds what stands behind them:
    for each component the rows that may speak, the assumptions, and what each answer to a missing fact would leave.
    """

    def __init__(self) -> None:
        # Read anew, as the rules of the package are shared in a process, and with them what they remember.
        rules = load_rulebook(RULES, readings={"c-gclm": "A"})["gclm"]
        self._decider = Decider(rules, "c-gclm")
        self.decide: Callable[[Facts], Decision] = self._decider.decide
        self.explain: Callable[[Facts], SchemeResult] = self._decider.explain

    def possible(self, answer: Decision | SchemeResult) -> frozenset[str]:
        if isinstance(answer, SchemeResult):
            return frozenset(self._decider.scheme.category_ids[score] for score in answer.possible)
        return frozenset(self._decider.categories(answer.possible))

    def missing(self, answer: Decision | SchemeResult) -> frozenset[str]:
        if isinstance(answer, SchemeResult):
            return frozenset(item.fact for item in answer.missing)
        return frozenset(self._decider.missing(answer))


class ManyRules:
    """Every scheme of a folder of rule files over one case: one reading of the facts, one decision for each scheme."""

    def __init__(self, folder: Path) -> None:
        (rules,) = load_rulebook(folder).pathways.values()
        schemes = [scheme for name in rules.schemes if (scheme := rules.in_force(name, None)) is not None]
        self._panel = Panel(rules.pathway, schemes)
        self.decide: Callable[[Facts], int] = self._panel.read
        """What is timed: one word that holds, for each rule in the order of the files, rows and missing facts."""

    def _decisions(self, word: int) -> list[Decision]:
        return [self._panel.decision(at, word) for at in range(len(self._panel.schemes))]

    def states(self, word: int) -> tuple[bool | None, ...]:
        return tuple({2: False, 4: True}.get(each.possible) for each in self._decisions(word))

    def missing(self, word: int) -> frozenset[str]:
        return frozenset(
            name
            for scheme, each in zip(self._panel.schemes, self._decisions(word), strict=True)
            for name, at in scheme.missing_places.items()
            if each.missing >> at & 1
        )


def whole_case() -> Callable[[Facts], Outcome]:
    """All systems, missing facts and weighed options of one case; no words."""
    rulebook = load_rulebook()

    def answer(facts: Facts) -> Outcome:
        outcome = classify(facts, rulebook)
        for system in outcome.systems.values():
            system.possible, system.provisional, system.missing  # noqa: B018  worked out on demand: this is it
        outcome.missing, outcome.options  # noqa: B018
        return outcome

    return answer


def whole_case_with_words() -> Callable[[Facts], dict[str, Any]]:
    """The same as the JSON-ready answer in English."""
    rulebook = load_rulebook()
    return lambda facts: classify(facts, rulebook).as_dict()


class StoredArchive:
    """Many cases by columns: what a save keeps, the answers of all records, and a replay of what is stored."""

    def __init__(self, scheme: str = "c-gclm") -> None:
        from classification.columnar import Archive
        from classification.columns import Layout
        from classification.replay import rules_of

        self._rules = rules_of("gclm", scheme, reading="A" if scheme == "c-gclm" else None)
        self.layout = Layout(load_rulebook()["gclm"].reader)
        self.archive = Archive(self._rules, scheme, self.layout)

    def pack(self, facts: Facts) -> bytes:
        """The record that a save would keep."""
        return self.layout.pack(facts)

    def possible(self, records: Any, facts_of: Callable[[int], Facts]) -> Any:
        """Bits of possible categories for all records; ``facts_of`` gives the facts of those that cannot say all."""
        return self.archive.decide(records, lambda place: (facts_of(place), None)).possible

    def irregular_share(self, records: Any) -> float:
        return float(self.archive.is_irregular(records).mean())

    def differs(self, every: list[Facts]) -> int:
        """How many cases are answered otherwise than one by one: possible, provisional or missing."""
        (name,) = self._rules.schemes
        records = self.layout.unpack(b"".join(map(self.pack, every)))
        found = self.archive.decide(records, lambda place: (every[place], None))
        one_by_one = (Outcome(self._rules, facts, None).systems[name].decision[:3] for facts in every)
        by_columns = zip(*(side.tolist() for side in found), strict=True)
        return sum(one != other for one, other in zip(one_by_one, by_columns, strict=True))

    def old_answers(self, every: list[Facts]) -> list[tuple[str, str]]:
        """Possible and provisional types under reading B, as a proposal keeps them, to compare with."""
        decider = Decider(load_rulebook(readings={"c-gclm": "B"})["gclm"], "c-gclm")
        found = (decider.decide(facts) for facts in every)
        return [(" ".join(decider.categories(d.possible)), " ".join(decider.categories(d.provisional))) for d in found]

    def changed(self, chunks: Any, facts_of: Any) -> Any:
        """Chunks of (id, record, old possible, old provisional) to lists of changed rows."""
        from classification.replay_many import Tally, replay_records

        return replay_records(self.archive, chunks, facts_of, Tally())
