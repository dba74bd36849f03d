"""A bound that no agenda can be under, and the prices that prove it.

Two kinds, both by Lagrange's relaxation, which holds for any prices whatever:

- *minutes*: every meeting's minutes have a price, and every case goes to the place that is cheapest for itself.
  Sum of the cheapest places, less the price of all minutes that there are.
- *cases*: every case has a price, and every meeting takes, of all cases that may come, the ones that gain most within
  its minutes. Sum of the prices, less what the meetings gain. Closer, and dearer to work out: for small problems.

Prices are whole multiples of 1/1024 and everything is summed in whole numbers: no rounding can make a bound too high.
Costs are whole numbers too, so that the bound is rounded up to the next one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mdt.meetings.planning.solver.packing import most_gain
from mdt.meetings.planning.solver.problem import Problem

UNIT = 1024
NEVER = 2**53  # above every cost in units, far below what an int64 holds


@dataclass(frozen=True)
class Certificate:
    """`prices` in 1/1024 of a cost: one for each meeting ("minutes") or for each case ("cases")."""

    kind: Literal["minutes", "cases", "search"]
    prices: tuple[int, ...]

    def bound(self, problem: Problem) -> int:
        """What every answer to this problem costs at least. Costs are never negative, so never under 0."""
        units = _by_minutes(problem, self.prices) if self.kind == "minutes" else _by_cases(problem, self.prices)
        return max(0, -(-units // UNIT))


def by_minutes(prices: np.ndarray) -> Certificate:
    """Prices of a minute of each meeting, rounded to the unit; none is negative."""
    return Certificate("minutes", tuple(int(price) for price in np.rint(np.maximum(prices, 0) * UNIT)))


def by_cases(prices: np.ndarray) -> Certificate:
    return Certificate("cases", tuple(int(price) for price in np.rint(prices * UNIT)))


def _by_minutes(problem: Problem, prices: tuple[int, ...]) -> int:
    price = np.array(prices, np.int64).reshape(problem.meetings)
    places = np.where(problem.fits, problem.cost * UNIT + problem.minutes[:, None] * price[None, :], NEVER)
    cheapest = np.minimum(problem.waiting * UNIT, places.min(axis=1, initial=NEVER))
    return int(cheapest.sum()) - int(price @ problem.capacity)


def _by_cases(problem: Problem, prices: tuple[int, ...]) -> int:
    price = np.array(prices, np.int64).reshape(problem.cases)
    gain = np.where(problem.fits, price[:, None] - problem.cost * UNIT, 0)
    gained, _taken = most_gain(gain, problem.minutes, problem.capacity)
    out = np.minimum(0, problem.waiting * UNIT - price)
    return int(price.sum()) + int(out.sum()) - int(gained.sum())
