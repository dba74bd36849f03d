"""One function for each solver of bench.agenda; each imports its library only when it is asked."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from bench.agenda_ours import NOWHERE, Problem, greedy, replan, solve


def _told(places, cost, bound, seconds, **more) -> dict:
    places = None if places is None else [int(place) for place in places]
    return {"places": places, "cost": None if cost is None else int(cost), "bound": bound, "seconds": seconds, **more}


def by_greedy(problem: Problem, limit: float) -> dict:
    problem.table  # noqa: B018 - the table of costs is part of the problem, for all alike
    started = time.perf_counter()
    places = greedy(problem)
    return _told(places, problem.cost_of(places), None, time.perf_counter() - started)


def ours(problem: Problem, limit: float) -> dict:
    problem = replace(problem)  # remembers nothing of an earlier run
    started, used = time.perf_counter(), time.process_time()
    found = solve(problem)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    return _told(found.place, found.cost, found.bound, seconds, processor=processor)


def ours_again(problem: Problem, limit: float) -> dict:
    """A meeting in the first third is cancelled; `kept` is the share of the places that still stand."""
    first, gone = solve(problem), problem.meetings // 3
    prices = np.array(first.certificate.prices) if first.certificate.kind == "minutes" else None
    allowed = problem.allowed.copy()
    allowed[:, gone] = False
    changed = Problem(problem.minutes, problem.capacity, problem.cost, allowed, problem.waiting, problem.order)
    started, used = time.perf_counter(), time.process_time()
    again = replan(changed, first.place, prices)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    assert changed.is_kept_by(again.place)
    standing = int(((first.place != NOWHERE) & (first.place != gone)).sum())
    return _told(again.place, again.cost, again.bound, seconds, kept=again.kept / standing, processor=processor)


def _highs(problem: Problem, limit: float, *, whole: bool) -> dict:
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("time_limit", limit)
    case, meeting = np.nonzero(problem.fits)
    n, m, k = problem.cases, problem.meetings, len(case)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = k + n, n + m
    model.col_cost_ = np.concatenate([problem.cost[case, meeting], problem.waiting]).astype(float)
    model.col_lower_, model.col_upper_ = np.zeros(k + n), np.ones(k + n)
    model.row_lower_ = np.concatenate([np.ones(n), np.full(m, -highspy.kHighsInf)])
    model.row_upper_ = np.concatenate([np.ones(n), problem.capacity.astype(float)])
    index, value = np.empty(2 * k + n, np.int32), np.ones(2 * k + n)
    index[0 : 2 * k : 2], index[1 : 2 * k : 2], index[2 * k :] = case, n + meeting, np.arange(n)
    value[1 : 2 * k : 2] = problem.minutes[case]
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate([np.arange(0, 2 * k, 2), 2 * k + np.arange(n + 1)]).astype(np.int32)
    model.a_matrix_.index_, model.a_matrix_.value_ = index, value
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * (k + n)
    started = time.perf_counter()
    highs.passModel(model)
    highs.run()
    seconds = time.perf_counter() - started
    info = highs.getInfo()
    if not whole:
        return _told(None, None, info.objective_function_value, seconds)
    bound = info.mip_dual_bound
    if info.primal_solution_status != 2:
        return _told(None, None, bound, seconds)
    chosen = np.array(highs.getSolution().col_value)[:k] > 0.5
    places = np.full(n, NOWHERE)
    places[case[chosen]] = meeting[chosen]
    return _told(places, problem.cost_of(places), bound, seconds)


def highs_lp(problem: Problem, limit: float) -> dict:
    return _highs(problem, limit, whole=False)


def highs_mip(problem: Problem, limit: float) -> dict:
    return _highs(problem, limit, whole=True)


def cp_sat(problem: Problem, limit: float) -> dict:
    from ortools.sat.python import cp_model

    started = time.perf_counter()
    model = cp_model.CpModel()
    of_case: list[list] = [[] for _ in range(problem.cases)]
    of_meeting: list[list] = [[] for _ in range(problem.meetings)]
    terms, chosen = [], {}
    for case, meeting in zip(*(axis.tolist() for axis in np.nonzero(problem.fits)), strict=True):
        taken = model.new_bool_var("")
        chosen[case, meeting] = taken
        of_case[case].append(taken)
        of_meeting[meeting].append((int(problem.minutes[case]), taken))
        terms.append(int(problem.cost[case, meeting]) * taken)
    for case in range(problem.cases):
        nowhere = model.new_bool_var("")
        model.add_exactly_one([*of_case[case], nowhere])
        terms.append(int(problem.waiting[case]) * nowhere)
    for meeting, taken in enumerate(of_meeting):
        model.add(sum(minutes * one for minutes, one in taken) <= int(problem.capacity[meeting]))
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = limit
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    seconds = time.perf_counter() - started
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _told(None, None, solver.best_objective_bound, seconds)
    places = np.full(problem.cases, NOWHERE)
    for (case, meeting), taken in chosen.items():
        if solver.value(taken):
            places[case] = meeting
    return _told(places, problem.cost_of(places), solver.best_objective_bound, seconds)


SOLVERS = {
    "greedy": by_greedy,
    "ours": ours,
    "ours, plan again": ours_again,
    "HiGHS LP (bound)": highs_lp,
    "HiGHS MIP": highs_mip,
    "CP-SAT": cp_sat,
}
