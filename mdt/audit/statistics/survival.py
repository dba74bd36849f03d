"""Survival: Kaplan and Meier's curve with its confidence band, and the log-rank test between groups."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import erfc, exp, inf, log, pi, sqrt
from statistics import NormalDist

Patient = tuple[float, bool]
"""Time under observation, in one unit throughout, and whether the event happened at its end (else: censored)."""
Patients = Iterable[Patient] | Mapping[Patient, int]
"""One by one, or how many there are of each: a million of them have few different days."""


@dataclass(frozen=True)
class Step:
    """The curve from `time` to the next step. `at_risk`: under observation just before `time`."""

    time: float
    at_risk: int
    events: int
    censored: int
    survival: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """Steps in the order of time; the first stands at 0."""

    patients: int
    events: int
    steps: list[Step]

    def at(self, time: float) -> Step:
        """The step that holds at a time. Raises ValueError before 0 and for an empty curve."""
        held = [step for step in self.steps if step.time <= time]
        if not held:
            raise ValueError("no step holds at this time")
        return held[-1]

    def at_risk(self, time: float) -> int:
        """How many are still under observation just before `time`."""
        gone = sum(step.events + step.censored for step in self.steps if step.time < time)
        return self.patients - gone

    @property
    def median(self) -> float | None:
        """The first time at which half or fewer survive; None where the curve does not come down so far."""
        return next((step.time for step in self.steps if step.survival <= 0.5), None)


def _counted(patients: Patients) -> Counter[Patient]:
    """How many patients there are of each time and end. Raises ValueError for a time below 0."""
    counts = patients.items() if isinstance(patients, Mapping) else Counter(patients).items()
    counted: Counter[Patient] = Counter()
    for (time, event), number in counts:
        if time < 0:
            raise ValueError("a time under observation lies below 0")
        counted[float(time), bool(event)] += number
    return +counted


def _at_each_time(counted: Mapping[Patient, int], *, events_only: bool = False) -> Counter[float]:
    """How many leave at each time."""
    leaving: Counter[float] = Counter()
    for (time, event), number in counted.items():
        if event or not events_only:
            leaving[time] += number
    return leaving


def kaplan_meier(patients: Patients, confidence: float = 0.95) -> Curve:
    """The product-limit estimate (J Am Stat Assoc 1958;53:457) of patients as (time, event).

    The band is Greenwood's, on the log-minus-log scale, so that it stays inside 0 and 1 (Kalbfleisch and Prentice
    1980). Where nobody has died yet, and once nobody survives, it has no width. Raises ValueError for a time below 0.
    """
    counted = _counted(patients)
    if not counted:
        return Curve(0, 0, [])
    events = _at_each_time(counted, events_only=True)
    censored = _at_each_time(counted) - events
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    everybody = counted.total()
    at_risk, survival, spread = everybody, 1.0, 0.0
    steps = []
    for time in sorted({0.0, *events, *censored}):
        died = events[time]
        if died:
            survival *= 1 - died / at_risk
            spread += died / (at_risk * (at_risk - died)) if died < at_risk else inf
        low, high = _band(survival, spread, z)
        steps.append(Step(time, at_risk, died, censored[time], survival, low, high))
        at_risk -= died + censored[time]
    return Curve(everybody, events.total(), steps)


def _band(survival: float, spread: float, z: float) -> tuple[float, float]:
    if survival in (0.0, 1.0):
        return survival, survival
    half = z * sqrt(spread) / log(survival)
    return survival ** exp(-half), survival ** exp(half)


@dataclass(frozen=True)
class LogRank:
    """The statistic, its degrees of freedom, and the chance of one so large if the groups did not differ."""

    chi_square: float
    degrees: int
    p: float


def log_rank(groups: Mapping[str, Patients]) -> LogRank | None:
    """Mantel's log-rank test (Cancer Chemother Rep 1966;50:163) of two or more groups, unweighted.

    Groups of which nobody was left at the first event say nothing and are not counted. None where it says nothing at
    all: fewer than two groups are left, or no event that could tell them apart.
    """
    samples = [counted for counted in map(_counted, groups.values()) if counted]
    first = min((time for counted in samples for time, event in counted if event), default=0.0)
    samples = [counted for counted in samples if max(time for time, _event in counted) >= first]
    if len(samples) < 2:
        return None
    size = len(samples) - 1
    difference = [0.0] * len(samples)
    covariance = [[0.0] * size for _row in range(size)]
    events = [_at_each_time(counted, events_only=True) for counted in samples]
    leaving = [_at_each_time(counted) for counted in samples]
    risk = [counted.total() for counted in samples]
    for time in sorted({time for times in leaving for time in times}):
        died = [times[time] for times in events]
        if any(died):
            _add(difference, covariance, risk, died)
        risk = [before - times[time] for before, times in zip(risk, leaving, strict=True)]
    solution = _solved(covariance, difference[:size])
    if solution is None:
        return None
    chi_square = sum(part * value for part, value in zip(difference, solution, strict=False))
    return LogRank(chi_square, size, chi_square_tail(chi_square, size))


def _add(difference: list[float], covariance: list[list[float]], risk: list[int], died: list[int]) -> None:
    """What one moment adds: deaths observed less expected in each group, and how these vary together."""
    everybody, deaths = sum(risk), sum(died)
    for group, (own, lost) in enumerate(zip(risk, died, strict=True)):
        difference[group] += lost - deaths * own / everybody
    if everybody == 1:
        return
    weight = deaths * (everybody - deaths) / (everybody - 1)
    for row, line in enumerate(covariance):
        for column in range(len(line)):
            line[column] += weight * risk[row] / everybody * ((row == column) - risk[column] / everybody)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """The solution of a small system by elimination with pivots; None where it has none."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        pivot = max(range(place, len(rows)), key=lambda row: abs(rows[row][place]))
        if abs(rows[pivot][place]) < 1e-12:
            return None
        rows[place], rows[pivot] = rows[pivot], rows[place]
        for other in range(len(rows)):
            if other != place:
                factor = rows[other][place] / rows[place][place]
                rows[other] = [value - factor * own for value, own in zip(rows[other], rows[place], strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]


def chi_square_tail(value: float, degrees: int) -> float:
    """The chance of a chi-square above `value`: the closed form for whole degrees of freedom."""
    half = max(value, 0.0) / 2
    if degrees % 2:
        tail, term = erfc(sqrt(half)), 2 * sqrt(half / pi) * exp(-half)
        for place in range(3, degrees + 1, 2):
            tail += term
            term *= 2 * half / place
        return tail
    tail = term = exp(-half)
    for place in range(1, degrees // 2):
        term *= half / place
        tail += term
    return tail
