"""Another edition or reading asked about the facts of a case: what it answers, what changed, and why.

The answers compared are those that ``report.system`` gives and a proposal stores, so the old one need not be worked
out again: it is what was said that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from . import report
from .edition_file import read_edition
from .outcome import Outcome
from .pathway import RULES
from .rulebook import PathwayRules, load_rulebook
from .scheme import compile_scheme

System = Mapping[str, Any]


class NotThere(LookupError):
    """Rules that were asked for and that the rulebook does not hold; the message names what it does hold."""


@dataclass(frozen=True)
class Says:
    """What one component of an answer said: the row that spoke ("" if none alone did), its sentence, its categories."""

    rule: str
    text: str
    possible: tuple[str, ...]
    provisional: tuple[str, ...]
    is_assumed: bool


@dataclass(frozen=True)
class Part:
    """One component before and after; None on the side that has no such component."""

    id: str
    label: str
    before: Says | None
    after: Says | None

    @property
    def is_changed(self) -> bool:
        """Whether it leaves other categories now: that is what can change the type."""
        return self.before is None or self.after is None or _leaves(self.before) != _leaves(self.after)


@dataclass(frozen=True)
class Remarks:
    """Names that only one side has, each with its words."""

    gone: Mapping[str, str]
    new: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.gone or self.new)


@dataclass(frozen=True)
class Replay:
    """Two answers of one scheme to the same facts. ``before`` is None if the scheme was not asked then."""

    before: System | None
    after: System
    parts: tuple[Part, ...]
    flags: Remarks
    missing: Remarks
    assumptions: Remarks

    @property
    def is_changed(self) -> bool:
        """Whether another category is possible or provisional."""
        return self.before is None or _categories(self.before) != _categories(self.after)

    @property
    def why(self) -> tuple[Part, ...]:
        """The components that leave other categories than before."""
        return tuple(part for part in self.parts if part.is_changed)


def _leaves(says: Says) -> tuple[set[str], set[str]]:
    return set(says.possible), set(says.provisional)


def _categories(system: System) -> tuple[set[str], set[str]]:
    return set(system["possible"]), set(system["provisional"]["possible"])


def rules_of(
    pathway: str,
    scheme: str,
    edition: str | None = None,
    reading: str | None = None,
    folder: str | Path | None = None,
) -> PathwayRules:
    """A pathway with one edition of one scheme, the latest one by default, in a reading of its choice.

    ``folder`` holds rule files from outside instead of those of the package. Raises ``NotThere`` for a pathway, scheme,
    edition or reading that there is not, ``RulebookError`` for a folder that cannot be used.
    """
    if folder is None:
        return _installed(pathway, scheme, edition, reading)
    return _rules_of(pathway, scheme, edition, reading, Path(folder))


@lru_cache(maxsize=64)
def _installed(pathway: str, scheme: str, edition: str | None, reading: str | None) -> PathwayRules:
    return _rules_of(pathway, scheme, edition, reading, None)


def _rules_of(pathway: str, scheme: str, edition: str | None, reading: str | None, folder: Path | None) -> PathwayRules:
    pathways = load_rulebook(folder).pathways
    if pathway not in pathways:
        raise NotThere(f"no pathway {pathway!r}; there is {', '.join(pathways)}")
    rules = pathways[pathway]
    own = sorted((each for each in rules.compiled if each.edition.scheme == scheme), key=lambda c: c.edition.valid_from)
    if not own:
        raise NotThere(f"no scheme {scheme!r}; there is {', '.join(rules.schemes)}")
    chosen = next((each for each in own if each.edition.edition == edition), None) if edition else own[-1]
    if chosen is None:
        known = ", ".join(each.edition.edition for each in own)
        raise NotThere(f"no edition {edition!r} of {scheme}; there is {known}")
    if reading and reading != chosen.edition.reading:
        if reading not in chosen.edition.readings:
            known = ", ".join(chosen.edition.readings) or "only one"
            raise NotThere(f"no reading {reading!r} of {scheme}; there is {known}")
        path = _file(folder, pathway, chosen.edition.file)
        chosen = compile_scheme(read_edition(path, rules.pathway.facts, reading), rules.pathway)
    return rules.with_only(chosen)


def _file(folder: Path | None, pathway: str, name: str) -> Path:
    if folder is None:
        return RULES / pathway / name
    return folder / name if (folder / name).is_file() else folder / pathway / name


def answer(
    rules: PathwayRules, facts: Mapping[str, Any], restaging: Mapping[str, Any] | None, language: str
) -> dict[str, Any]:
    """What rules with one edition (``rules_of``) answer, with reasons, as a proposal stores it.

    ``facts`` and ``restaging`` are as for ``classify``. Raises ``FactError`` for a value that the rules do not know.
    """
    outcome = Outcome(rules, facts, None, restaging)
    (system,) = outcome.systems.values()
    return report.system(outcome, system, language)


def compare(before: System | None, after: System, fact_labels: Mapping[str, str] | None = None) -> Replay:
    """What changed from one answer of a scheme to another, component by component. Both in the same language.

    ``fact_labels`` gives words for missing facts; without it they are named.
    """
    words = fact_labels or {}
    old = before or {"possible": (), "provisional": {"possible": ()}}
    return Replay(
        before=before,
        after=after,
        parts=_parts(old, after),
        flags=_remarks(old.get("flag_texts") or {}, after.get("flag_texts") or {}),
        missing=_remarks(
            *({name: words.get(name, name) for name in side.get("missing") or ()} for side in (old, after))
        ),
        assumptions=_remarks(
            *(
                {each["fact"]: each["text"] for each in side["provisional"].get("assumptions") or ()}
                for side in (old, after)
            )
        ),
    )


def _parts(before: System, after: System) -> tuple[Part, ...]:
    sides = [({part["id"]: part for part in side.get("components") or ()}, side) for side in (before, after)]
    labels = {name: part["label"] for components, _ in sides for name, part in components.items()}
    said = [{name: _says(part, side) for name, part in components.items()} for components, side in sides]
    return tuple(Part(name, label, said[0].get(name), said[1].get(name)) for name, label in labels.items())


def _says(component: Mapping[str, Any], system: System) -> Says:
    spoke = next((each for each in system.get("because") or () if each.get("component") == component["id"]), None)
    return Says(
        rule=spoke["rule"] if spoke else "",
        text=spoke["text"] if spoke else component["why"],
        possible=tuple(component["possible"]),
        provisional=tuple(component["provisional"]),
        is_assumed=bool(spoke and spoke["is_assumed"]),
    )


def _remarks(before: Mapping[str, str], after: Mapping[str, str]) -> Remarks:
    return Remarks(
        gone={name: text for name, text in before.items() if name not in after},
        new={name: text for name, text in after.items() if name not in before},
    )
