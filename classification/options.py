"""Treatment options: status, arguments for and against, gates, and what is missing.

Options follow the provisional type. Conditions are answered true, false or undecided; an undecided condition
names the facts that it waits for. Options never say a dose.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .checking import Row, fact_named, read_toml, read_when
from .edition import Citation, Edition
from .edition_file import read_chinese, read_citation, read_sources
from .facts import UNKNOWN, Standing, Text
from .partition import Partition, Test, build
from .pathway import Pathway

STATUSES = ("recommended", "consider", "not_recommended", "contraindicated", "undetermined")
KINDS = ("RCT", "consensus", "observational", "extrapolated", "house_rule")
EFFECTS = {"hold": "undetermined", "forbid": "contraindicated", "against": "not_recommended", "note": ""}
FINAL = ("contraindicated", "not_recommended")
Tests = Mapping[str, Test]


@dataclass(frozen=True)
class Argument:
    id: str
    kind: str
    texts: Text
    citation: Citation
    when: Tests
    types: tuple[str, ...]


@dataclass(frozen=True)
class Gate:
    """Something that holds an option back. Closed unless its tests hold, or closed once they do."""

    id: str
    effect: str
    texts: Text
    citation: Citation
    closed_unless: Tests | None
    closed_if: Tests | None
    open_if: Tests | None

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(name for tests in (self.closed_unless, self.closed_if) if tests for name in tests)


@dataclass(frozen=True)
class StatusRule:
    types: tuple[str, ...]
    when: Tests
    status: str


@dataclass(frozen=True)
class Option:
    id: str
    labels: Text
    rules: tuple[StatusRule, ...]
    pro: tuple[Argument, ...]
    con: tuple[Argument, ...]
    gates: tuple[Gate, ...]
    asks: tuple[str, ...]
    note: Text | None


@dataclass(frozen=True, eq=False)
class Options:
    """All options of a pathway, with the cells of the facts that they ask about."""

    options: tuple[Option, ...]
    follows: str
    partitions: Mapping[str, Partition]
    masks: Mapping[int, int] = field(hash=False, compare=False, default_factory=dict)

    def __iter__(self):
        return iter(self.options)


@dataclass(frozen=True)
class Weighed:
    """One option as it stands for one case."""

    option: Option
    status: str
    by_type: Mapping[str, str]
    depends_on: str | None
    pro: tuple[Argument, ...]
    con: tuple[Argument, ...]
    gates: tuple[tuple[Gate, str], ...]
    missing: tuple[str, ...]


def read_options(path: Path, pathway: Pathway, editions: Iterable[Edition]) -> tuple[Options, str]:
    """Read options.toml; returns the options and the file's SHA-256."""
    table, digest = read_toml(path)
    keys = {"follows": "text", "sources": "table", "arguments": "table", "gates": "table", "option": "list"}
    top = Row(path.name, "", table, keys, {"sources_zh": "table"})
    categories = {c.id for edition in editions for c in edition.categories}
    ctx = {
        "facts": pathway.facts,
        "sources": read_sources(path.name, top["sources"]),
        "sources_zh": read_chinese(top),
        "categories": categories,
    }
    arguments = {name: _read_argument(path.name, name, entry, ctx) for name, entry in top["arguments"].items()}
    gates = {name: _read_gate(path.name, name, entry, ctx) for name, entry in top["gates"].items()}
    options: list[Option] = []
    for number, entry in enumerate(top["option"], 1):
        option = _read_option(path.name, entry, number, ctx, arguments, gates)
        if option.id in [other.id for other in options]:
            raise Row(path.name, option.id, entry, {}, dict.fromkeys(entry, "any")).refuse("repeated row id")
        options.append(option)
    tests: dict[str, list[Test]] = {}
    for each in _every_tests(options):
        for name, test in each.items():
            tests.setdefault(name, []).append(test)
    partitions = {name: build(pathway.facts[name], own) for name, own in tests.items()}
    masks = {id(test): partitions[name].test_mask(test) for name, own in tests.items() for test in own}
    return Options(tuple(options), top["follows"], partitions, masks), digest


def _every_tests(options: Iterable[Option]) -> Iterable[Tests]:
    for option in options:
        yield from (rule.when for rule in option.rules)
        yield from (argument.when for argument in (*option.pro, *option.con))
        for gate in option.gates:
            yield from (tests for tests in (gate.closed_unless, gate.closed_if, gate.open_if) if tests)


def _types(row: Row, ctx: dict) -> tuple[str, ...]:
    for name in row.strings("types"):
        if ctx["categories"] and name not in ctx["categories"]:
            raise row.refuse(f"unknown category {name!r}; known: {', '.join(sorted(ctx['categories']))}")
    return row.strings("types")


def _read_argument(file: str, name: str, entry: Any, ctx: dict) -> Argument:
    optional = {"when": "table", "types": "list", "cite": "table"}
    row = Row(file, f"arguments.{name}", entry, {"kind": "text", "text": "table"}, optional)
    if row["kind"] not in KINDS:
        raise row.refuse(f"unknown kind {row['kind']!r}; known: {', '.join(KINDS)}")
    citation = read_citation(row, ctx)
    when = read_when(row, row.get("when", {}), ctx["facts"])
    return Argument(name, row["kind"], row.text("text"), citation, when, _types(row, ctx))


def _read_gate(file: str, name: str, entry: Any, ctx: dict) -> Gate:
    optional = {"closed_unless": "table", "closed_if": "table", "open_if": "table", "cite": "table"}
    row = Row(file, f"gates.{name}", entry, {"effect": "text", "text": "table"}, optional)
    if row["effect"] not in EFFECTS:
        raise row.refuse(f"unknown effect {row['effect']!r}; known: {', '.join(EFFECTS)}")
    parts = [
        read_when(row, entry[key], ctx["facts"]) if key in entry else None
        for key in ("closed_unless", "closed_if", "open_if")
    ]
    return Gate(name, row["effect"], row.text("text"), read_citation(row, ctx), *parts)


def _read_option(file: str, entry: Any, number: int, ctx: dict, arguments: dict, gates: dict) -> Option:
    name = entry.get("id", f"option {number}") if isinstance(entry, dict) else f"option {number}"
    required = {
        "id": "text",
        "label": "table",
        "rules": "list",
        "for": "list",
        "against": "list",
        "gates": "list",
        "asks": "list",
    }
    row = Row(file, f"option {name}", entry, required, {"text": "table"})
    rules = []
    for item in row["rules"]:
        part = Row(file, row.name, item, {"status": "text"}, {"types": "list", "when": "table"})
        if part["status"] not in STATUSES:
            raise row.refuse(f"unknown status {part['status']!r}; known: {', '.join(STATUSES)}")
        when = read_when(row, part.get("when", {}), ctx["facts"])
        rules.append(StatusRule(_types(part, ctx), when, part["status"]))

    def named(key: str, known: dict) -> tuple:
        for item in row.strings(key):
            if item not in known:
                raise row.refuse(f"unknown name {item!r} in {key!r}")
        return tuple(known[item] for item in row.strings(key))

    asks = tuple(fact_named(row, item, ctx["facts"]).name for item in row.strings("asks"))
    note = row.text("text") if "text" in entry else None
    return Option(
        row["id"],
        row.text("label"),
        tuple(rules),
        named("for", arguments),
        named("against", arguments),
        named("gates", gates),
        asks,
        note,
    )


class _Case:
    """Answers tests for one case: True, False, or None while undecided."""

    def __init__(self, options: Options, standings: Mapping[str, Standing]) -> None:
        self.options, self.standings = options, standings
        self.cells = {n: p.mask(standings.get(n, UNKNOWN)) for n, p in options.partitions.items()}

    def test(self, name: str, test: Test) -> bool | None:
        mask, cells = self.options.masks[id(test)], self.cells[name]
        if not cells & ~mask:
            return True
        return False if not cells & mask else None

    def all(self, tests: Tests) -> bool | None:
        answers = [self.test(name, test) for name, test in tests.items()]
        return False if False in answers else None if None in answers else True

    def open_facts(self, tests: Tests) -> list[str]:
        return [name for name, test in tests.items() if self.test(name, test) is None]


def weigh(
    options: Options,
    pathway: Pathway,
    standings: Mapping[str, Standing],
    possible: tuple[str, ...],
    provisional: tuple[str, ...],
) -> list[Weighed]:
    """Every option for a case with derived facts, following the provisional types."""
    case = _Case(options, standings)
    return [_weigh(option, pathway, case, possible, provisional) for option in options]


def _status(option: Option, case: _Case, kind: str) -> tuple[str, list[str], bool]:
    """Status under one type, the facts it waits for, and whether the type was asked."""
    waiting: list[str] = []
    reached: list[str] = []
    typed = False
    for rule in option.rules:
        typed = typed or bool(rule.types)
        if rule.types and kind not in rule.types:
            continue
        holds = case.all(rule.when)
        if holds is False:
            continue
        reached.append(rule.status)
        if holds:
            break
        waiting += case.open_facts(rule.when)
    if not reached:
        return "undetermined", waiting, typed
    if len(set(reached)) == 1:
        return reached[0], [], typed
    return "undetermined", waiting, typed


def _weigh(option: Option, pathway: Pathway, case: _Case, possible: tuple, provisional: tuple) -> Weighed:
    by_type, waiting, typed = {}, [], False
    for kind in provisional:
        by_type[kind], facts, asked = _status(option, case, kind)
        waiting += facts
        typed = typed or asked
    if not provisional and not any(rule.types for rule in option.rules):
        by_type[""], waiting, _ = _status(option, case, "")
    statuses = set(by_type.values())
    status = statuses.pop() if len(statuses) == 1 else "undetermined"
    gates = []
    for gate in option.gates:
        state = _gate_state(gate, case)
        if state == "open":
            continue
        gates.append((gate, state))
        if state == "waiting":
            continue
        changed = EFFECTS[gate.effect]
        if changed == "undetermined":
            changed = "undetermined" if status in ("recommended", "consider") else ""
        if changed and status != "contraindicated":
            status = changed
        if changed in FINAL:
            typed = False  # closed whatever the type
    known_items = [r.facts for r in pathway.required if len(r.facts) > 1 and any(f in case.standings for f in r.facts)]
    covered = {name for facts in known_items for name in facts}
    wanted = [*waiting, *option.asks]
    for gate, _ in gates:
        wanted += [name for tests in (gate.closed_unless,) if tests for name in tests]
    missing = [n for n in dict.fromkeys(wanted) if not _is_known(case.standings.get(n)) and n not in covered]
    depends = provisional[0] if typed and len(provisional) == 1 and len(possible) > 1 else None
    return Weighed(
        option,
        status,
        by_type,
        depends,
        tuple(a for a in option.pro if _speaks(a, case, provisional)),
        tuple(a for a in option.con if _speaks(a, case, provisional)),
        tuple(gates),
        tuple(missing),
    )


def _is_known(standing: Standing | None) -> bool:
    return standing is not None and standing.kind in ("known", "not_applicable")


def _speaks(argument: Argument, case: _Case, provisional: tuple[str, ...]) -> bool:
    if argument.types and not set(argument.types) & set(provisional):
        return False
    return case.all(argument.when) is True


def _gate_state(gate: Gate, case: _Case) -> str:
    """``open``, ``closed``, or ``waiting`` for a fact that would close it."""
    if gate.open_if is not None and case.all(gate.open_if):
        return "open"
    if gate.closed_unless is not None:
        return "open" if case.all(gate.closed_unless) else "closed"
    if gate.closed_if is not None:
        holds = case.all(gate.closed_if)
        return "closed" if holds else "open" if holds is False or gate.effect == "note" else "waiting"
    return "closed"
