"""A pathway: its vocabulary, who is asked what, what makes a case ready, and what is meant by silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from .checking import Row, RulebookError, fact_named, read_toml, read_when
from .facts import Fact, FactError, Standing, Text
from .lesions import LIST_FIGURES
from .partition import Test
from .showing import KEYS as SHOWING_KEYS
from .showing import Showing, read_showing
from .vocabulary import Impossible as Impossible
from .vocabulary import read_vocabulary

RULES = Path(__file__).parent / "rules"
ASSUMPTION_LIMIT = 100


@dataclass(frozen=True)
class Section:
    """One section of a discipline's form: its group id and the facts in the order in which they are asked."""

    id: str
    labels: Text
    facts: tuple[Fact, ...]

    def label(self, language: str = "en") -> str:
        return self.labels(language)


@dataclass(frozen=True)
class Required:
    """One item that a case needs before the meeting. Any one of ``facts`` is enough."""

    id: str
    facts: tuple[str, ...]
    owner: str
    labels: Text
    case_field: bool = False
    max_age_days: int | None = None
    """After so many days what was stated no longer counts as ready; None: it does not age for this item."""

    def label(self, language: str = "en") -> str:
        return self.labels(language)


@dataclass(frozen=True)
class Assumption:
    """What is usually meant when nobody mentioned a fact, with its condition and its words."""

    fact: str
    value: Any
    standing: Standing
    test: Test
    when: Mapping[str, Test]
    owner: str
    texts: Text
    confirms: Text

    def text(self, language: str = "en") -> str:
        return self.texts(language)

    def confirm(self, language: str = "en") -> str:
        return self.confirms(language)


@dataclass(frozen=True)
class Pathway:
    """Everything about a pathway except the rules of its schemes."""

    id: str
    labels: Text
    facts: Mapping[str, Fact]
    groups: Mapping[str, Text]
    ask: Mapping[str, tuple[Section, ...]]
    required: tuple[Required, ...]
    assumptions: tuple[Assumption, ...]
    impossible: tuple[Impossible, ...]
    quorum: tuple[str, ...]
    prevails: tuple[str, ...]
    entry_fact: str
    absent: tuple[str, ...]
    suspected: tuple[str, ...]
    baseline_fact: str
    schemes: tuple[str, ...]
    """Schemes in the order in which they are shown; the first one leads. Those not named follow."""
    showing: Showing
    digest: str

    @cached_property
    def order(self) -> dict[str, int]:
        """The place of each fact in the vocabulary."""
        return {name: at for at, name in enumerate(self.facts)}

    def label(self, language: str = "en") -> str:
        return self.labels(language)

    @cached_property
    def age_limits(self) -> Mapping[str, int]:
        """Fact → days after which a statement of it is too old: its own limit, or a required item's if that is less.

        An item's limit holds for what it is derived from, too.
        """
        limits = {name: fact.max_age_days for name, fact in self.facts.items() if fact.max_age_days is not None}
        for item in self.required:
            if item.max_age_days is not None:
                for name in self.sources_of(item):
                    limits[name] = min(item.max_age_days, limits.get(name, item.max_age_days))
        return limits

    def sources_of(self, item: Required) -> tuple[str, ...]:
        """The facts of a required item, and those that it follows from where nobody stated it."""
        names = list(item.facts)
        for name in item.facts:
            names += [*self.facts[name].derived_from, *(["liver_lesions"] if name in LIST_FIGURES else [])]
        return tuple(dict.fromkeys(name for name in names if name in self.facts))

    def groups_for(self, discipline: str) -> tuple[Section, ...]:
        """The form of a discipline; empty for one that is asked nothing."""
        return self.ask.get(discipline, ())

    def facts_for(self, discipline: str) -> tuple[Fact, ...]:
        return tuple(fact for section in self.groups_for(discipline) for fact in section.facts)


def _read_required(file: str, entry: Any, number: int, facts: Mapping[str, Fact]) -> Required:
    name = entry.get("id", f"required {number}") if isinstance(entry, dict) else f"required {number}"
    optional = {"any_of": "list", "case_field": "flag", "owner": "text", "label": "table", "max_age_days": "whole"}
    row = Row(file, f"required.{name}", entry, {"id": "text"}, optional)
    names = row.strings("any_of")
    found = [fact_named(row, item, facts) for item in names]
    if bool(row.get("case_field", False)) == bool(names):
        raise row.refuse("needs either case_field = true or any_of with facts")
    if not found and not ("owner" in entry and "label" in entry):
        raise row.refuse("a case field needs owner and label")
    limit = row.get("max_age_days")
    if limit is not None and (limit < 1 or not found):
        raise row.refuse("max_age_days is a number of days of at least 1, for facts only")
    owner = row.disciplines("owner")[0] if "owner" in entry else found[0].owner
    labels = row.text("label") if "label" in entry else found[0].labels
    return Required(row.id(), names, owner, labels, bool(row.get("case_field", False)), limit)


def _read_assumption(file: str, entry: Any, facts: Mapping[str, Fact]) -> Assumption:
    name = entry.get("fact", "?") if isinstance(entry, dict) else "?"
    keys = {"fact": "text", "value": "any", "text": "table", "confirm": "table"}
    row = Row(file, f"assumption.{name}", entry, keys, {"when": "table"})
    fact = fact_named(row, row["fact"], facts)
    value = row["value"]
    try:
        standing = fact.parse(value)
    except FactError as error:
        raise row.refuse(f"unknown value: {error}") from None
    if fact.type in ("set", "sites") and value == []:
        test = Test(empty=True)
    elif fact.type == "choice" and isinstance(value, str) and value not in fact.unknown_values:
        test = Test(values=frozenset(fact.exact(value)))
    elif fact.type == "yes_no" and isinstance(value, bool):
        test = Test(values=frozenset([value]))
    else:
        raise row.refuse(f"no assumption can be made about {fact.name!r} = {value!r}")
    when = read_when(row, row.get("when", {}), facts)
    return Assumption(fact.name, value, standing, test, when, fact.owner, row.text("text"), row.text("confirm"))


def read_pathway(folder: Path, fallback: Path | None = None) -> Pathway:
    """Read facts.toml and pathway.toml of a folder; a file that is not there is taken from ``fallback``."""

    def find(name: str) -> Path:
        return folder / name if (folder / name).exists() or fallback is None else fallback / name

    facts, groups, impossible, facts_digest = read_vocabulary(find("facts.toml"))
    path = find("pathway.toml")
    table, digest = read_toml(path)
    keys = {
        "id": "text",
        "label": "table",
        "entry_fact": "text",
        "absent": "list",
        "suspected": "list",
        "baseline_fact": "text",
        "quorum": "list",
        "prevails": "list",
        "ask": "table",
        "required": "list",
    }
    top = Row(path.name, "", table, keys, {"assumption": "list", "schemes": "list", **SHOWING_KEYS})
    top.disciplines("quorum")
    for name in top.strings("prevails"):
        if name not in ("owner", "latest"):
            raise top.refuse(f"unknown precedence {name!r}; known: owner, latest")
    entry = fact_named(top, top["entry_fact"], facts)
    if entry.type != "choice":
        raise top.refuse(f"entry_fact {entry.name!r} must be of type choice")
    for value in (*top.strings("absent"), *top.strings("suspected")):
        if value not in entry.values:
            raise top.refuse(f"unknown value {value!r} of {entry.name!r}")
    if fact_named(top, top["baseline_fact"], facts).type != "yes_no":
        raise top.refuse(f"baseline_fact {top['baseline_fact']!r} must be of type yes_no")
    ask = {}
    for discipline, sections in top["ask"].items():
        row = Row(path.name, f"ask.{discipline}", {"discipline": discipline}, {"discipline": "text"}, {})
        row.disciplines("discipline")
        if not isinstance(sections, list):
            raise row.refuse("needs a list of sections, each with group and facts")
        ask[discipline] = tuple(_read_section(path.name, discipline, item, groups, facts) for item in sections)
    required = tuple(_read_required(path.name, item, n, facts) for n, item in enumerate(top["required"], 1))
    ids = [item.id for item in required]
    for item in ids:
        if ids.count(item) > 1:
            raise RulebookError(path.name, f"required.{item}", "repeated row id")
    assumptions = tuple(_read_assumption(path.name, item, facts) for item in top.get("assumption", []))
    if len(assumptions) > ASSUMPTION_LIMIT:
        raise top.refuse(f"more than {ASSUMPTION_LIMIT} assumptions")
    return Pathway(
        id=top.id(),
        labels=top.text("label"),
        facts=facts,
        groups=groups,
        ask=ask,
        required=required,
        assumptions=assumptions,
        impossible=impossible,
        quorum=top.strings("quorum"),
        prevails=top.strings("prevails"),
        entry_fact=top["entry_fact"],
        absent=top.strings("absent"),
        suspected=top.strings("suspected"),
        baseline_fact=top["baseline_fact"],
        schemes=top.strings("schemes"),
        showing=read_showing(top, facts, groups, tuple(name for item in required for name in item.facts)),
        digest=facts_digest[:32] + digest[:32],
    )


def _read_section(file: str, discipline: str, entry: Any, groups: Mapping[str, Text], facts: Mapping[str, Fact]):
    row = Row(file, f"ask.{discipline}", entry, {"group": "text", "facts": "list"}, {})
    if row["group"] not in groups:
        raise row.refuse(f"unknown group {row['group']!r}; known: {', '.join(groups)}")
    return Section(
        row["group"],
        groups[row["group"]],
        tuple(fact_named(row, name, facts) for name in row.strings("facts")),
    )


@lru_cache(maxsize=8)
def load_pathway(pathway: str = "gclm") -> Pathway:
    """A pathway that ships with the package. Raises ``KeyError`` naming those that exist."""
    if not (RULES / pathway / "pathway.toml").is_file():
        known = sorted(folder.parent.name for folder in RULES.glob("*/pathway.toml"))
        raise KeyError(f"no pathway {pathway!r}; known: {', '.join(known)}")
    return read_pathway(RULES / pathway)
