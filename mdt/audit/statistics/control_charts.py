"""Control charts: does a figure move, or does it only vary as it always has?

Limits after Shewhart: three sigma around the centre. Rules that mark a real change are those of NHS England, *Making
data count*: a point beyond a limit; seven or more points in a row on one side of the centre; six or more in a row that
only rise, or only fall; two of three neighbouring points in the outer third (beyond two sigma) on the same side.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import sqrt

XMR_SIGMA = 1.128
"""d2 of two neighbouring values: mean moving range / 1.128 is one sigma."""
SHIFT, TREND = 7, 6


class Signal(StrEnum):
    """Why a point is marked."""

    BEYOND_LIMIT = "beyond-limit"
    SHIFT = "shift"
    TREND = "trend"
    OUTER_THIRD = "outer-third"


@dataclass(frozen=True)
class Point:
    """One period. `value` is None where nothing happened; such a period breaks no run and is drawn as a gap."""

    value: float | None
    centre: float
    low: float
    high: float
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True)
class Chart:
    """Points in the order of time."""

    points: list[Point] = field(default_factory=list)

    @property
    def has_changed(self) -> bool:
        return any(point.signals for point in self.points)


def p_chart(periods: Sequence[tuple[int, int]]) -> Chart:
    """Shares: `periods` hold (count, total). Limits follow each period's total and stay inside 0 and 1.

    Raises ValueError for a count above its total.
    """
    if any(not 0 <= count <= total for count, total in periods):
        raise ValueError("a count lies above its total")
    everybody = sum(total for _count, total in periods)
    if not everybody:
        return Chart([Point(None, 0.0, 0.0, 1.0) for _period in periods])
    centre = sum(count for count, _total in periods) / everybody
    points = []
    for count, total in periods:
        if not total:
            points.append(Point(None, centre, 0.0, 1.0))
            continue
        sigma = sqrt(centre * (1 - centre) / total)
        points.append(Point(count / total, centre, max(0.0, centre - 3 * sigma), min(1.0, centre + 3 * sigma)))
    # The spread of each point, from its own total: the limits drawn may be cut at 0 and 1.
    sigmas = [sqrt(centre * (1 - centre) / total) if total else 0.0 for _count, total in periods]
    return Chart(_marked(points, sigmas))


def xmr_chart(values: Sequence[float | None], *, at_least: float | None = None) -> Chart:
    """Single values (XmR): limits from the mean moving range of neighbours. `at_least`: no lower limit below this.

    With fewer than two values there is no range: the limits lie on the centre, and nothing is marked.
    """
    known = [value for value in values if value is not None]
    if not known:
        return Chart([Point(None, 0.0, 0.0, 0.0) for _value in values])
    centre = sum(known) / len(known)
    ranges = [abs(after - before) for before, after in itertools.pairwise(known)]
    sigma = sum(ranges) / len(ranges) / XMR_SIGMA if ranges else 0.0
    low = centre - 3 * sigma if at_least is None else max(at_least, centre - 3 * sigma)
    points = [Point(value, centre, low, centre + 3 * sigma) for value in values]
    return Chart(_marked(points, [sigma] * len(points)) if ranges else points)


def _marked(points: list[Point], sigmas: list[float]) -> list[Point]:
    """The points with the signals that they are part of."""
    places = [place for place, point in enumerate(points) if point.value is not None]
    away = {place: points[place].value - points[place].centre for place in places}
    marks: dict[int, set[Signal]] = {place: set() for place in places}
    for place in places:
        if sigmas[place] and abs(away[place]) > 3 * sigmas[place] * (1 + 1e-12):
            marks[place].add(Signal.BEYOND_LIMIT)
    for run in _runs(places, lambda one, two: away[one] * away[two] > 0, SHIFT):
        for place in run:
            marks[place].add(Signal.SHIFT)
    for rises in (1, -1):
        for run in _runs(places, lambda one, two, way=rises: (points[two].value - points[one].value) * way > 0, TREND):
            for place in run:
                marks[place].add(Signal.TREND)
    for three in zip(places, places[1:], places[2:], strict=False):
        for side in (1, -1):
            outer = [place for place in three if sigmas[place] and away[place] * side > 2 * sigmas[place]]
            if len(outer) >= 2:
                for place in outer:
                    marks[place].add(Signal.OUTER_THIRD)
    order = list(Signal)
    return [
        Point(p.value, p.centre, p.low, p.high, tuple(sorted(marks.get(place, ()), key=order.index)))
        for place, p in enumerate(points)
    ]


def _runs(places: list[int], joins: Callable[[int, int], bool], least: int) -> list[list[int]]:
    """Stretches of at least `least` places of which each joins the one before it."""
    runs, run = [], places[:1]
    for before, place in itertools.pairwise(places):
        if joins(before, place):
            run.append(place)
            continue
        runs.append(run)
        run = [place]
    return [run for run in [*runs, run] if len(run) >= least]
