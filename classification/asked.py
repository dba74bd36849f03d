"""What an edition asks: the tests that it makes of each fact, and which facts hang together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .edition import Edition
from .lesions import FIGURES
from .partition import Test
from .pathway import Pathway
from .ties import add_tied


def _every_test(edition: Edition, pathway: Pathway) -> Iterator[Mapping[str, Test]]:
    for component in edition.components:
        for rule in component.rules:
            yield rule.when
            yield from rule.any
    for flag in edition.flags:
        yield from (tests for tests in (flag.when, flag.unless) if tests)
    for item in edition.unstated:
        yield item.when


def tests_by_fact(edition: Edition, pathway: Pathway) -> dict[str, list[Test]]:
    """Every question that an edition, and what is assumed or cannot occur in its pathway, asks about a fact."""
    tests: dict[str, list[Test]] = {}
    for table in _every_test(edition, pathway):
        for name, test in table.items():
            tests.setdefault(name, []).append(test)
    for item in edition.unstated:
        tests.setdefault(item.fact, []).append(Test(values=frozenset([item.only])))
    for assumption in pathway.assumptions:
        if assumption.fact in tests:
            tests[assumption.fact].append(assumption.test)
            for name, test in assumption.when.items():
                tests.setdefault(name, []).append(test)
    add_tied(tests, pathway.impossible)  # last: nothing is assumed of a fact that the scheme does not ask about
    return tests


def groups_of_facts(edition: Edition, pathway: Pathway, used: Mapping) -> list[tuple[list[str], list[int]]]:
    """Facts joined whenever one component, assumption, impossibility or lesion list speaks of both."""
    leader: dict[str, str] = {}

    def find(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            name = leader[name]
        return name

    def join(names: Iterable[str]) -> None:
        names = [name for name in names if name in used]
        for name in names:
            leader[find(name)] = find(names[0])

    component_facts = [
        tuple(dict.fromkeys(name for rule in component.rules for name in rule.facts))
        for component in edition.components
    ]
    for names in component_facts:
        join(names)
    asked = {name for names in component_facts for name in names}
    for item in edition.unstated:
        join([item.fact, *item.when])
    for assumption in pathway.assumptions:
        if assumption.fact in asked:
            join([assumption.fact, *assumption.when])
    join(name for name in FIGURES if name in asked)
    for _ in pathway.impossible:  # as often as one tie can lead to another
        for item in pathway.impossible:
            if any(name in leader for name in item.when):
                join(item.when)
    members: dict[str, list[str]] = {}
    for name in used:
        if name in leader:
            members.setdefault(find(name), []).append(name)
    order = {name: at for at, name in enumerate(pathway.facts)}
    groups = []
    for names in members.values():
        own = [at for at, facts in enumerate(component_facts) if facts and facts[0] in names]
        if own:
            groups.append((sorted(names, key=order.__getitem__), own))
    return sorted(groups, key=lambda group: group[1][0])
