"""Paired timing: every engine meets every chunk of cases once, in turns, so that noise falls on all alike."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Timed:
    """Seconds of one engine for each chunk."""

    name: str
    seconds: list[float] = field(default_factory=list)
    cases: int = 0

    @property
    def per_case_us(self) -> float:
        return 1e6 * statistics.median(self.seconds) / self.cases

    def times(self, other: Timed) -> float:
        """How many times as long as another one: the median of the paired ratio over the chunks that both met."""
        return statistics.median(a / b for a, b in zip(self.seconds, other.seconds, strict=False))


def in_turns(
    engines: Mapping[str, Callable],
    chunks: Sequence[Mapping[str, Sequence]],
    at_most: Mapping[str, int] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Timed]:
    """Each engine over each chunk; a chunk holds, for each engine, its form of the same cases.

    The order rotates from chunk to chunk. Nothing is measured twice: an engine that remembers answers
    meets each case for the first time. ``clock`` counts seconds; that of the process is deaf to its neighbours on a
    machine that is shared. ``at_most`` spares a slow engine all but its first so many chunks.
    """
    timed = {name: Timed(name, cases=len(chunks[0][name])) for name in engines}
    names = list(engines)
    for number, chunk in enumerate(chunks):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            if at_most and number >= at_most.get(name, len(chunks)):
                continue
            answer, cases = engines[name], chunk[name]
            gc.collect()
            started = clock()
            for case in cases:
                answer(case)
            timed[name].seconds.append(clock() - started)
    return timed


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def print_table(title: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """One line for each row, columns as wide as they need to be."""
    print(f"\n{title}")
    columns = list(rows[0])
    texts = [[_text(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[at]) for line in texts)) for at, column in enumerate(columns)]
    for line in (columns, *texts):
        first, *rest = (
            text.ljust(w) if not at else text.rjust(w) for at, (text, w) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join((first, *rest)).rstrip())


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    return str(value)


def write_json(path: Path | None, report: Mapping[str, Any]) -> None:
    if path is not None:
        path.write_text(json.dumps(report, indent=1) + "\n")
