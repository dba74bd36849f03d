"""Good prices: subgradient ascent on the two relaxations of certificate.py."""

from __future__ import annotations

import numpy as np

from mdt.meetings.planning.solver.packing import most_gain
from mdt.meetings.planning.solver.problem import FORBIDDEN, Problem

SMALLEST_STEP = 1e-4


def prices_of_minutes(
    problem: Problem, *, upper: float, start: np.ndarray | None = None, rounds: int = 400, step: float = 1.0
) -> np.ndarray:
    """What a minute of each meeting is worth. `upper` is the cost of any answer; `start` are earlier prices.

    Where the minutes suffice, prices are 0 after one round.
    """
    table, minutes = problem.table, problem.minutes.astype(float)
    capacity, m = problem.capacity.astype(float), problem.meetings
    prices = np.zeros(m + 1)
    if start is not None:
        prices[:m] = start
    best, best_prices, way, stalled = -FORBIDDEN, prices.copy(), np.zeros(m), 0
    rows = np.arange(problem.cases)
    for _round in range(rounds):
        priced = table + minutes[:, None] * prices[None, :]
        chosen = priced.argmin(axis=1)
        bound = priced[rows, chosen].sum() - prices[:m] @ capacity
        excess = np.bincount(chosen, minutes, m + 1)[:m] - capacity
        if bound > best + 1e-9 * abs(best):
            best, best_prices, stalled = bound, prices.copy(), 0
        else:
            stalled += 1
            if stalled >= 8:
                step, stalled, prices = step * 0.6, 0, best_prices.copy()
                way[:] = 0
                continue
        if (excess <= 0).all() and not (prices[:m] * excess).any():
            break
        if step < SMALLEST_STEP:
            break
        way = 0.7 * way + excess
        along = np.where((prices[:m] <= 0) & (way < 0), 0, way)
        length = along @ along
        if not length:
            way[:] = 0
            continue
        prices[:m] = np.maximum(0, prices[:m] + step * max(upper - bound, 0) / length * along)
    return best_prices[:m]


def prices_of_cases(problem: Problem, *, upper: float, minute_prices: np.ndarray, rounds: int) -> np.ndarray:
    """What it is worth to place each case: begins with the cheapest place at the prices of minutes."""
    with_none = np.append(minute_prices, 0.0)
    prices = (problem.table + problem.minutes[:, None] * with_none[None, :]).min(axis=1)
    best, best_prices, way = -FORBIDDEN, prices, np.zeros(problem.cases)
    step, stalled = 1.0, 0
    cost, waiting = problem.cost.astype(float), problem.waiting.astype(float)
    for _round in range(rounds):
        gain = np.where(problem.fits, prices[:, None] - cost, 0)
        gained, chosen = most_gain(gain, problem.minutes, problem.capacity)
        bound = prices.sum() - gained.sum() + np.minimum(0, waiting - prices).sum()
        if bound > best + 1e-6:
            best, best_prices, stalled = bound, prices, 0
        else:
            stalled += 1
            if stalled >= 5:
                step, stalled, prices = step * 0.6, 0, best_prices
                way = np.zeros(problem.cases)
                continue
        served = 1 - chosen.sum(axis=1) - (waiting < prices)
        if not served.any() or step < SMALLEST_STEP or np.ceil(best) >= upper:
            break
        way = 0.5 * way + served
        prices = prices + step * max(upper - bound, 0) / max(way @ way, 1e-9) * way
    return best_prices
