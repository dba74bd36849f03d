"""The rest of a small problem, looked through to the end: branch and bound at fixed prices of minutes."""

from __future__ import annotations

import numpy as np

from mdt.meetings.planning.solver.certificate import UNIT
from mdt.meetings.planning.solver.problem import NOWHERE, Problem

MOST_CASES, MOST_NODES = 24, 20_000


def exhaust(problem: Problem, prices: tuple[int, ...], best: np.ndarray) -> tuple[np.ndarray, bool]:
    """The cheapest answer that a search finds which begins with `best`, and whether it ruled out every other.

    A branch is left when what is placed, and the cheapest place of every case that is not, at the prices of minutes,
    cost as much as the best answer so far. Whole numbers throughout. Gives up after MOST_NODES branches,
    and does not begin with more than MOST_CASES cases.
    """
    if problem.cases > MOST_CASES:
        return best, False
    price = np.append(np.array(prices, np.int64), 0)
    table = problem.table.astype(np.int64) * UNIT + problem.minutes[:, None] * price[None, :]
    ordered = np.sort(table, axis=1)
    regret = ordered[:, min(1, problem.meetings)] - ordered[:, 0]
    cases = np.argsort(-regret, kind="stable").tolist()
    open_places = [
        [(int(table[case, place]), int(place)) for place in np.argsort(table[case], kind="stable")
         if place == problem.meetings or problem.fits[case, place]]
        for case in cases
    ]  # fmt: skip
    least_after = [0] * (len(cases) + 1)
    for at in range(len(cases) - 1, -1, -1):
        least_after[at] = least_after[at + 1] + open_places[at][0][0]
    minutes = [int(problem.minutes[case]) for case in cases]
    free = [*problem.capacity.tolist(), 10**9]
    offset = int(price[:-1] @ problem.capacity)
    found, limit = best, (problem.cost_of(best) - 1) * UNIT  # an answer that is better costs at most so much
    chosen, tried, spent = [-1] * len(cases), [0] * (len(cases) + 1), [0] * (len(cases) + 1)
    at, nodes = 0, 0
    while at >= 0:
        nodes += 1
        if nodes > MOST_NODES:
            return found, False
        if at == len(cases):
            place = np.empty(len(cases), np.int64)
            place[cases] = chosen
            place = np.where(place == problem.meetings, NOWHERE, place)
            if problem.cost_of(place) < problem.cost_of(found):
                found, limit = place, (problem.cost_of(place) - 1) * UNIT
            at -= 1
            continue
        if chosen[at] >= 0:  # back from below: take the case out again
            free[chosen[at]] += minutes[at]
            chosen[at] = -1
        while tried[at] < len(open_places[at]):
            cost, place = open_places[at][tried[at]]
            tried[at] += 1
            if spent[at] + cost + least_after[at + 1] - offset > limit:
                tried[at] = len(open_places[at])  # the places that follow are dearer still
            elif free[place] >= minutes[at]:
                chosen[at] = place
                free[place] -= minutes[at]
                spent[at + 1] = spent[at] + cost
                break
        if chosen[at] < 0:
            tried[at] = 0
            at -= 1
        else:
            at += 1
            if at < len(cases):
                tried[at] = 0
    return found, True
