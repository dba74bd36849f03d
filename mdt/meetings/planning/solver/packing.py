"""Filling minutes: which of some cases together gain most and still fit. Exact, by dynamic programming."""

from __future__ import annotations

import numpy as np


def most_gain(gain: np.ndarray, minutes: np.ndarray, capacity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For every meeting by itself: the most that a set of cases can gain within its minutes, and that set.

    `gain` is n × m; what gains nothing is left out. Returns m gains and an n × m table of who is taken. Whole
    numbers in, whole numbers out.
    """
    n, m = gain.shape
    top = int(capacity.max(initial=0))
    best = np.zeros((m, top + 1), gain.dtype)
    taken = np.zeros((n, m, top + 1), bool)
    for case in range(n):
        need = int(minutes[case])
        meetings = np.nonzero(gain[case] > 0)[0]
        if not len(meetings) or need > top:
            continue
        rows = best[meetings]
        with_it = rows[:, : top + 1 - need] + gain[case, meetings, None]
        better = with_it > rows[:, need:]
        taken[case, meetings, need:] = better
        rows[:, need:] = np.where(better, with_it, rows[:, need:])
        best[meetings] = rows
    every, left = np.arange(m), capacity.astype(np.int64)
    chosen = np.zeros((n, m), bool)
    for case in range(n - 1, -1, -1):
        chosen[case] = taken[case, every, left]
        left = left - np.where(chosen[case], int(minutes[case]), 0)
    return best[every, capacity], chosen


def best_set(gain: np.ndarray, minutes: np.ndarray, capacity: int, core: int = 40) -> np.ndarray:
    """Positions of the cases that gain most within one meeting's minutes; every gain is positive.

    Cases that gain most for a minute are taken, those that gain least left out, and the `core` between them weighed
    exactly: with more cases than that it is the best set almost always, and always one that fits.
    """
    if minutes.sum() <= capacity:
        return np.arange(len(gain))
    ranked = np.argsort(-gain / minutes, kind="stable")
    filled = np.cumsum(minutes[ranked])
    edge = int(np.searchsorted(filled, capacity, side="right"))
    first = max(0, edge - core // 2)
    sure, doubtful = ranked[:first], ranked[first : edge + core // 2]
    left = int(capacity - (filled[first - 1] if first else 0))
    _gained, chosen = most_gain(gain[doubtful, None], minutes[doubtful], np.array([left]))
    return np.concatenate([sure, doubtful[chosen[:, 0]]])
