"""Planning from the start, and again after a change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mdt.meetings.planning.solver.certificate import UNIT, Certificate, by_cases, by_minutes
from mdt.meetings.planning.solver.exhaust import exhaust
from mdt.meetings.planning.solver.improve import improve
from mdt.meetings.planning.solver.places import Draft, greedy, in_sequence
from mdt.meetings.planning.solver.prices import prices_of_cases, prices_of_minutes
from mdt.meetings.planning.solver.problem import MOST, NOWHERE, Agendas, Problem

CLOSE_ENOUGH = 0.005  # of the bound: beyond that only small problems, where it costs nothing, are worked on
SMALL, MIDDLING, LARGE = 1500, 8000, 100_000  # cases times meetings
SEED = 20261123


def solve(problem: Problem) -> Agendas:
    """A plan for every case; the same problem always gives the same plan. Never dearer than `greedy`."""
    by_hand = greedy(problem)
    if not problem.cases or not problem.meetings:
        return _answered(problem, by_hand, by_minutes(np.zeros(problem.meetings)))
    size = problem.cases * problem.meetings
    prices = prices_of_minutes(problem, upper=problem.cost_of(by_hand))
    bound = by_minutes(prices).bound(problem)
    best = _filled(problem, prices)
    improve(best, rounds=40, among=400 if size <= LARGE else 100)
    if size <= MIDDLING and best.cost > bound:
        enough = bound if size <= SMALL else bound * (1 + CLOSE_ENOUGH)
        best = _reworked(problem, prices, best, rounds=min(120, 60_000 // size), enough=enough)
    if problem.cost_of(by_hand) < best.cost:
        best = Draft(problem, by_hand)
    return _proved(problem, best.answer(), prices)


def replan(problem: Problem, previous: np.ndarray, prices: np.ndarray | None = None) -> Agendas:
    """Plan again with as little moved as possible: after a meeting is cancelled, a case added, a place fixed.

    `previous` holds the place of each case until now (NOWHERE for none) and `prices` those of an earlier plan, in
    1/1024. Of the places that are still possible, at least 95 of 100 are kept; a case is moved only where that
    helps others by more than the trouble of moving.
    """
    if not problem.cases or not problem.meetings:
        return solve(problem)
    standing = _still_standing(problem, previous)
    size, may_move = problem.cases * problem.meetings, int((standing != NOWHERE).sum()) // 20
    answer = _patched(problem, standing, may_move)
    upper = problem.cost_of(answer)
    rounds = 400 if size <= MIDDLING else 60
    start = None if prices is None else prices / UNIT
    prices = prices_of_minutes(problem, upper=upper, start=start, rounds=rounds)
    least, most = _trouble(problem), 500 * _trouble(problem)
    for _try in range(5 if size <= MIDDLING else 3 if size <= LARGE else 0):
        trouble = (least * most) ** 0.5
        other = _patched(problem, _with_trouble(problem, standing, int(trouble), prices), may_move, standing)
        is_stable = int(((other != standing) & (standing != NOWHERE)).sum()) <= may_move
        if is_stable and problem.cost_of(other) < problem.cost_of(answer):
            answer = other
        least, most = (least, trouble) if is_stable else (trouble, most)
    kept = int(((answer == standing) & (standing != NOWHERE)).sum())
    proved = _proved(problem, answer, prices, is_final=True)
    return replace(proved, kept=kept)


def _patched(problem: Problem, place: np.ndarray, may_move: int, standing: np.ndarray | None = None) -> np.ndarray:
    """Cases without a place put where they fit, and up to `may_move` others moved where that helps by more than the
    trouble of it; those that left their standing place already count among them."""
    standing = place if standing is None else standing
    stay = np.where((standing != NOWHERE) & (standing == place), _trouble(problem), 0.0)
    draft = Draft(problem, place)
    _insert(draft)
    moved = int(((standing != NOWHERE) & (standing != place)).sum())
    improve(draft, rounds=12, among=60, stay=stay, budget=max(0, may_move - moved))
    return draft.answer()


def _with_trouble(problem: Problem, standing: np.ndarray, trouble: int, prices: np.ndarray) -> np.ndarray:
    """The whole plan anew, as if leaving a standing place cost `trouble`."""
    held = standing != NOWHERE
    cost, waiting = problem.cost + trouble * held[:, None], problem.waiting + trouble * held
    cost[held, standing[held]] -= trouble
    most = MOST["cost"]
    dearer = replace(problem, cost=np.minimum(cost, most), waiting=np.minimum(waiting, most))
    upper = dearer.cost_of(_patched(dearer, standing, 0))
    rounds = 60 if problem.cases * problem.meetings <= MIDDLING else 25
    near = prices_of_minutes(dearer, upper=upper, start=prices, rounds=rounds)
    return _filled(dearer, near).answer()


def _proved(problem: Problem, place: np.ndarray, prices: np.ndarray, *, is_final: bool = False) -> Agendas:
    """An answer with the closest bound that its size affords; a search to the end may find a better answer too.

    `is_final`: only prove, do not change the answer.
    """
    certificate = by_minutes(prices)
    size = problem.cases * problem.meetings
    if size > SMALL or problem.cost_of(place) <= certificate.bound(problem):
        return _answered(problem, place, certificate)
    better, is_best = (place, False) if is_final else exhaust(problem, certificate.prices, place)
    if is_best:
        return _answered(problem, better, Certificate("search", certificate.prices))
    place = better
    cost = problem.cost_of(place)
    closer = by_cases(prices_of_cases(problem, upper=cost, minute_prices=prices, rounds=min(60, 30_000 // size)))
    return _answered(problem, place, max(certificate, closer, key=lambda proof: proof.bound(problem)))


def _answered(problem: Problem, place: np.ndarray, certificate: Certificate, kept: int = 0) -> Agendas:
    cost = problem.cost_of(place)
    bound = cost if certificate.kind == "search" else certificate.bound(problem)
    return Agendas(place, cost, certificate, bound, kept)


def _filled(problem: Problem, prices: np.ndarray) -> Draft:
    meetings, cases = range(problem.meetings), np.arange(problem.cases)
    return Draft(problem, in_sequence(problem, prices, meetings, cases, problem.capacity))


def _reworked(problem: Problem, prices: np.ndarray, best: Draft, *, rounds: int, enough: float) -> Draft:
    """Empty a few meetings at a time and fill them anew at slightly other prices; keep what is cheaper."""
    chance, m = np.random.default_rng(SEED), problem.meetings
    for number in range(rounds):
        if best.cost <= enough:
            break
        shaken = prices * chance.uniform(0.85, 1.15, m)
        if number < rounds // 6:
            draft = _filled(problem, shaken)
        else:
            emptied = np.sort(chance.choice(m, min(m, 4), replace=False))
            cases = np.nonzero(np.isin(best.place, emptied) | (best.place == m))[0]
            place = best.place.copy()
            place[cases] = in_sequence(problem, shaken, emptied.tolist(), cases, problem.capacity)
            draft = Draft(problem, place)
        improve(draft, rounds=20)
        if draft.cost < best.cost:
            best = draft
    return best


def _trouble(problem: Problem) -> float:
    """What moving one case is taken to cost: a tenth of what an average case costs in its cheapest place."""
    return max(1.0, float(problem.table.min(axis=1).mean()) / 10)


def _still_standing(problem: Problem, previous: np.ndarray) -> np.ndarray:
    """The earlier places that are still allowed; from a meeting that is now too full, those go that lose least."""
    place = np.where(previous == NOWHERE, problem.meetings, previous)
    rows = np.arange(problem.cases)
    held = np.where(problem.table[rows, place] >= 1e12, problem.meetings, place)
    load = np.bincount(held, problem.minutes, problem.meetings + 1)[:-1]
    for meeting in np.nonzero(load > problem.capacity)[0].tolist():
        inside = np.nonzero(held == meeting)[0]
        loss = (problem.waiting[inside] - problem.table[inside, meeting]) / problem.minutes[inside]
        for case in inside[np.argsort(loss, kind="stable")].tolist():
            if load[meeting] <= problem.capacity[meeting]:
                break
            load[meeting] -= problem.minutes[case]
            held[case] = problem.meetings
    return np.where(held == problem.meetings, NOWHERE, held)


def _insert(draft: Draft) -> None:
    """Put every case without a place where it fits, the most pressing first."""
    problem = draft.problem
    for case in problem.order[draft.place[problem.order] == problem.meetings].tolist():
        costs = np.where(draft.free >= problem.minutes[case], problem.table[case], np.inf)
        draft.move(case, int(costs.argmin()))
