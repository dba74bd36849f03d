"""One case: the project beside rule engines, over the same random cases in the same run.

Run: python -m bench.classify_case [--cases 10000] [--parts one many whole] [--json FILE]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import hand, ours, peers, slow_peers
from .cases import random_cases
from .many_rules import measure_many
from .timing import Timed, in_turns, percentile, print_table, write_json
from .truth import truth

SEED = 20261123
CLOCK = time.process_time
"""Seconds of all threads of this process, those of the peers among them; what other processes take is left out."""
CHUNK = 250
WARM_CASES = 30_000
SLOW = 1000
"""So many cases show an engine's answers where it takes milliseconds for each."""
BASE = "hand-written, compact: states + missing"
OURS = "this project: decide (types, missing)"
EXPLAINED = "this project: explain (rows, answers, missing)"
OWN = (OURS, EXPLAINED)
TRACED = "zen-engine graph, trace=True"


def one_system(cases: int) -> dict[str, Any]:
    """Part a1. Every engine that gives an answer is compared with brute force on every case."""
    # Two of them, as they remember: else each would meet what the other has just answered.
    system, explainer = ours.OneSystem(), ours.OneSystem()
    engines: dict[str, Callable] = {
        OURS: system.decide,
        EXPLAINED: explainer.explain,
        "hand-written, label only": hand.label_only,
        BASE: hand.compact,
        "zen-engine, one compiled expression": peers.zen_expression(),
        "zen-engine graph": peers.zen_plain(),
        TRACED: peers.zen_trace(),
        "json-logic-qubit": slow_peers.json_logic(),
        "rule-engine": slow_peers.rule_engine(),
        "zen-engine graph, naive (no rails)": peers.zen_naive(),
    }
    drawn = list(random_cases(cases, SEED))
    forms = {name: "facts" if name in OWN else "plain" for name in engines}
    chunks = [
        {name: [getattr(case, form) for case in drawn[at : at + CHUNK]] for name, form in forms.items()}
        for at in range(0, cases - CHUNK + 1, CHUNK)
    ]
    # A server that has run for a while: whoever remembers has seen other cases, never those that are timed.
    fresh = {name: 0.0 for name in engines}
    for number, case in enumerate(random_cases(WARM_CASES, SEED + 1)):
        for name in engines if number < CHUNK else (*OWN, BASE):
            form = getattr(case, forms[name])
            started = CLOCK()
            engines[name](form)
            fresh[name] += CLOCK() - started if number < CHUNK else 0
    timed = in_turns(engines, chunks, at_most={"rule-engine": 2, "json-logic-qubit": 8}, clock=CLOCK)
    right, met = ({name: [0, 0] for name in engines} for _ in range(2))
    missing = {OURS: 0, EXPLAINED: 0, BASE: 0}
    for number, case in enumerate(drawn):
        possible, flips = truth(case.full)
        want = next(iter(possible)) if len(possible) == 1 else "U"
        for name, answer in engines.items():
            if name == "rule-engine" and number >= SLOW:
                continue
            got = answer(getattr(case, forms[name]))
            met[name][case.is_incomplete] += 1
            if name in OWN:
                missing[name] += system.missing(got) == flips
                is_right = system.possible(got) == possible
            elif name == BASE:
                missing[name] += frozenset(got[2]) == flips
                is_right = got[0] == want
            else:
                is_right = got == want
            right[name][case.is_incomplete] += is_right
    incomplete = sum(case.is_incomplete for case in drawn)
    medians = {name: median_us(engines[name], forms[name]) for name in (*OWN, BASE, TRACED)}
    rows = [
        {
            **row_of(each, timed[BASE], timed[OURS]),
            "median us": medians.get(name),
            "first 250, us": 1e6 * fresh[name] / CHUNK,
            "complete right": f"{right[name][0]:,}/{met[name][0]:,}",
            "incomplete right": f"{right[name][1]:,}/{met[name][1]:,}",
            "missing right": f"{missing[name]:,}/{cases:,}" if name in missing else None,
        }
        for name, each in timed.items()
    ]
    lesions = sum(len(case.facts["liver_lesions"]) for case in drawn) / cases
    print_table(f"a1. One case, one system: {cases:,} cases, {lesions:.1f} lesions, {incomplete:,} incomplete", rows)
    summary = {
        "zen with trace / decide (goal >= 10)": timed[TRACED].times(timed[OURS]),
        "zen with trace / explain": timed[TRACED].times(timed[EXPLAINED]),
        "decide / hand-written compact (goal <= 3)": timed[OURS].times(timed[BASE]),
        "medians: zen with trace / decide": medians[TRACED] / medians[OURS],
        "means: zen with trace / decide": sum(timed[TRACED].seconds) / sum(timed[OURS].seconds),
    }
    print_summary(summary)
    return {"rows": rows, "summary": summary}


def median_us(answer: Callable, form: str) -> float:
    """The middle one of other new cases, each timed alone."""
    seconds = []
    for case in random_cases(SLOW, SEED + 9):
        own = getattr(case, form)
        started = CLOCK()
        answer(own)
        seconds.append(CLOCK() - started)
    return 1e6 * statistics.median(seconds)


def row_of(each: Timed, base: Timed, own: Timed) -> dict[str, Any]:
    """Cells that every table has."""
    return {
        "engine": each.name,
        "us a case": each.per_case_us,
        "cases/s": 1e6 / each.per_case_us,
        "x hand-written": each.times(base),
        "x ours": each.times(own),
    }


def print_summary(summary: dict[str, float]) -> None:
    for name, value in summary.items():
        print(f"{name}: {value:.3g}")


COLD = """
import time
started = time.process_time()
from bench import ours
decide = ours.whole_case()
loaded = time.process_time()
from bench.cases import random_cases
case = next(random_cases(1, 3))
ready = time.process_time()
decide(case.facts)
print(loaded - started, time.process_time() - ready)
"""


def whole_case(cases: int) -> dict[str, Any]:
    """Part a3. Cases that were never seen before, and the same cases again; a cold start on its own."""
    rows, summary = [], {}
    warm = ours.whole_case()
    for case in random_cases(CHUNK, SEED + 1):
        warm(case.facts)
    for number, (name, decide) in enumerate(
        (
            ("all systems, options, missing: no words", ours.whole_case()),
            ("the same with every word, English", ours.whole_case_with_words()),
        )
    ):
        # The rules remember in both ways of asking: each way gets cases of its own.
        drawn = list(random_cases(cases, SEED + 2 + number))
        for turn in ("first time", "again"):
            seconds = []
            for case in drawn:
                started = CLOCK()
                decide(case.facts)
                seconds.append(1e6 * (CLOCK() - started))
            p50, p99 = statistics.median(seconds), percentile(seconds, 0.99)
            rows.append({"what": f"{name}, {turn}", "p50 us": p50, "p99 us": p99, "max us": max(seconds)})
            summary.setdefault("whole case, no words, first time: p99 us (goal <= 300)", p99)
    cold = [
        [float(part) for part in subprocess.check_output([sys.executable, "-c", COLD], text=True).split()]
        for _ in range(5)
    ]
    load, first = (statistics.median(column) for column in zip(*cold, strict=True))
    print_table(f"a3. A whole case, {cases:,} cases", rows)
    summary |= {"cold start: import and load the rules, ms": 1e3 * load, "cold start: first case, ms": 1e3 * first}
    print_summary(summary)
    return {"rows": rows, "summary": summary}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--parts", nargs="+", choices=("one", "many", "whole"), default=("one", "many", "whole"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    measures = {"one": one_system, "many": measure_many, "whole": whole_case}
    report = {part: measures[part](arguments.cases) for part in arguments.parts}
    write_json(arguments.json, report)


if __name__ == "__main__":
    main()
