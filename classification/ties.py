"""Facts tied by combinations that cannot occur: which come into play together, and what to do where they clash.

A liver is diffuse only in both lobes; what is invaded is touched. A scheme that asks about one of two tied facts hears
what is said of the other. Statements that exclude one another leave no combination: then one side at a time is taken as
unsaid and the other is kept, so that both stay possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from .partition import Test
from .pathway import Impossible

Parts = tuple[tuple[int, ...], ...]


def add_tied(tests: dict[str, list[Test]], impossible: Iterable[Impossible]) -> None:
    """Add the tests of all combinations that cannot occur and speak, even through others, of a fact in play."""
    waiting = list(impossible)
    while True:
        tied = [item for item in waiting if any(name in tests for name in item.when)]
        if not tied:
            return
        for item in tied:
            for name, test in item.when.items():
                tests.setdefault(name, []).append(test)
        waiting = [item for item in waiting if item not in tied]


def releases(barred: Sequence[set[int]]) -> tuple[Parts, ...]:
    """What to take as unsaid where statements clash, the least first: positions of facts that go together.

    ``barred`` holds the positions of the facts of each combination that cannot occur. Those that share a fact are one
    knot; its sides are the facts that all of its combinations name, and the others. One side of one knot is tried
    before one side of each knot.
    """
    knots: list[list[set[int]]] = []
    for item in barred:
        near = [knot for knot in knots if any(item & other for other in knot)]
        knots = [knot for knot in knots if knot not in near] + [[item, *(other for knot in near for other in knot)]]
    sides = []
    for knot in knots:
        shared = set.intersection(*knot)
        sides.append([tuple(sorted(side)) for side in (shared, set.union(*knot) - shared) if side])
    single = tuple(side for own in sides for side in own)
    if len(sides) < 2:
        return (single,) if single else ()
    return (single, tuple(tuple(sorted(sum(chosen, ()))) for chosen in product(*sides)))
