"""Giving every case a place: meeting after meeting at the prices of minutes, or as a person would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mdt.meetings.planning.solver.packing import best_set
from mdt.meetings.planning.solver.problem import NOWHERE, Problem

BOUNDLESS = 10**9  # minutes of "no meeting"


class Draft:
    """An answer that is being worked on: `place` of each case (the number of meetings means none), free minutes."""

    def __init__(self, problem: Problem, place: np.ndarray):
        self.problem = problem
        self.place = np.where(place == NOWHERE, problem.meetings, place)
        load = np.bincount(self.place, problem.minutes, problem.meetings + 1)
        self.free = np.append(problem.capacity, BOUNDLESS) - load

    @property
    def cost(self) -> float:
        return self.problem.table[np.arange(self.problem.cases), self.place].sum()

    def move(self, case: int, to: int) -> None:
        minutes = self.problem.minutes[case]
        self.free[self.place[case]] += minutes
        self.free[to] -= minutes
        self.place[case] = to

    def answer(self) -> np.ndarray:
        return np.where(self.place == self.problem.meetings, NOWHERE, self.place)


def greedy(problem: Problem) -> np.ndarray:
    """As a person fills agendas: in the given order, each case to its best place where it still fits."""
    place, free = np.full(problem.cases, NOWHERE), problem.capacity.astype(np.int64)
    table = problem.table
    for case in problem.order.tolist():
        costs = np.append(np.where(free >= problem.minutes[case], table[case, :-1], np.inf), table[case, -1])
        best = int(costs.argmin())
        if best < problem.meetings:
            place[case] = best
            free[best] -= problem.minutes[case]
    return place


def in_sequence(
    problem: Problem,
    prices: np.ndarray,
    meetings: Sequence[int],
    cases: np.ndarray,
    capacity: np.ndarray,
) -> np.ndarray:
    """Fill `meetings` one after the other with `cases`, each with the set that gains most against all that come after.

    A case gains what its cheapest later place, at the prices of minutes, costs more than this one. The first meetings
    are filled exactly; the price of minutes says what to leave for the later ones. Returns the place of each of
    `cases`, the number of meetings for none.
    """
    table, minutes = problem.table, problem.minutes
    places, open_cases = np.full(len(cases), problem.meetings), np.arange(len(cases))
    columns = np.array([*meetings, problem.meetings])
    costs = table[cases[:, None], columns]
    later = costs + minutes[cases, None] * np.append(prices[columns[:-1]], 0.0)
    later = np.minimum.accumulate(later[:, ::-1], axis=1)[:, ::-1]
    for at, meeting in enumerate(meetings):
        gain = later[open_cases, at + 1] - costs[open_cases, at]
        wanted = np.nonzero(gain > 0)[0]
        if not len(wanted):
            continue
        rows = open_cases[wanted]
        taken = wanted[best_set(gain[wanted], minutes[cases[rows]], int(capacity[meeting]))]
        places[open_cases[taken]] = meeting
        stays = np.ones(len(open_cases), bool)
        stays[taken] = False
        open_cases = open_cases[stays]
    return places
