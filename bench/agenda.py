"""Planning agendas: the project beside greedy filling, HiGHS and CP-SAT, on the same problems.

Run: python -m bench.agenda [--seeds 3] [--limit 10] [--sizes 50x10 200x15 1000x30 5000x50] [--json FILE]

Every solver runs in a process of its own (highspy and ortools cannot be loaded together) and answers with places, cost
and, where it has one, a bound; places are checked here, and every gap is over the best bound that anybody proved.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.agenda_problems import problem_of
from bench.timing import print_table, write_json

SIZES = ("50x10", "200x15", "1000x30", "5000x50")
SOLVERS = ("greedy", "ours", "ours, plan again", "HiGHS LP (bound)", "HiGHS MIP", "CP-SAT")
REPEATS = {"greedy": 5, "ours": 5, "ours, plan again": 5}


def answer(solver: str, cases: int, meetings: int, seed: int, limit: float) -> dict:
    """One solver on one problem, in this process: places (or None), cost, bound (or None), seconds, and more."""
    from bench import agenda_solvers

    problem = problem_of(cases, meetings, seed)
    run = agenda_solvers.SOLVERS[solver]
    found = [run(problem, limit) for _ in range(REPEATS.get(solver, 1))]
    middle = sorted(found, key=lambda one: one["seconds"])[len(found) // 2]
    return {**middle, "seconds": statistics.median(one["seconds"] for one in found)}


def in_own_process(solver: str, size: str, seed: int, limit: float) -> dict:
    cases, meetings = size.split("x")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "bench.agenda", "--answer", solver, cases, meetings, str(seed), str(limit)]
        subprocess.run([*command, str(path)], check=True, stdout=subprocess.DEVNULL)
        return json.loads(path.read_text())


def keeps_the_rules(problem, places: list[int]) -> bool:
    """Whether an answer is one: written without the solver, in whole numbers."""
    free = problem.capacity.tolist()
    for case, place in enumerate(places):
        if place < 0:
            continue
        free[place] -= int(problem.minutes[case])
        if not problem.allowed[case, place] or free[place] < 0:
            return False
    return True


def measure(sizes: list[str], seeds: int, limit: float) -> list[dict]:
    rows = []
    for size in sizes:
        gaps: dict[str, list[float]] = {}
        own: dict[str, list[float]] = {}
        seconds: dict[str, list[float]] = {}
        kept: dict[str, list[float]] = {}
        processor: dict[str, list[float]] = {}
        for seed in range(1, seeds + 1):
            problem = problem_of(*map(int, size.split("x")), seed)
            answers = {solver: in_own_process(solver, size, seed, limit) for solver in SOLVERS}
            # a plan after a change answers another problem, with a bound of its own
            bounds = [one["bound"] for name, one in answers.items() if name != "ours, plan again" and one["bound"]]
            best = max(bounds)
            for solver, one in answers.items():
                seconds.setdefault(solver, []).append(one["seconds"])
                if one.get("processor") is not None:
                    processor.setdefault(solver, []).append(one["processor"])
                if one.get("kept") is not None:
                    kept.setdefault(solver, []).append(one["kept"])
                if one["places"] is not None and solver != "ours, plan again":
                    assert keeps_the_rules(problem, one["places"]), f"{solver} broke a rule"
                    assert problem.cost_of(np.array(one["places"])) == one["cost"], solver
                    gaps.setdefault(solver, []).append(one["cost"] / best - 1)
                if one["bound"] and one["cost"]:
                    own.setdefault(solver, []).append(one["cost"] / one["bound"] - 1)
                if solver == "ours":
                    assert one["cost"] <= answers["greedy"]["cost"], "dearer than greedy"
        for solver in SOLVERS:
            rows.append(
                {
                    "size": size,
                    "solver": solver,
                    "gap %": _percent(gaps.get(solver)),
                    "worst gap %": _percent(gaps.get(solver), max),
                    "own certificate %": _percent(own.get(solver)),
                    "ms": 1e3 * statistics.median(seconds[solver]),
                    "processor ms": 1e3 * statistics.median(processor[solver]) if solver in processor else None,
                    "kept %": _percent(kept.get(solver), min),
                }
            )
        print_table(f"{size}, {seeds} problems", [row for row in rows if row["size"] == size])
    return rows


def _percent(values: list[float] | None, of=statistics.median) -> float | None:
    return round(100 * of(values), 2) if values else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--limit", type=float, default=10.0, help="seconds for HiGHS and CP-SAT")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--answer", nargs=6, metavar=("SOLVER", "CASES", "MEETINGS", "SEED", "LIMIT", "FILE"))
    asked = parser.parse_args()
    if asked.answer:
        solver, cases, meetings, seed, limit, path = asked.answer
        found = answer(solver, int(cases), int(meetings), int(seed), float(limit))
        Path(path).write_text(json.dumps(found))
        return
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at {time.strftime('%H:%M')}")
    rows = measure(list(asked.sizes), asked.seeds, asked.limit)
    write_json(asked.json, {"rows": rows, "limit": asked.limit, "seeds": asked.seeds})


if __name__ == "__main__":
    main()
