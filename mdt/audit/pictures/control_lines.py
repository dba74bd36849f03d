"""Control charts drawn: points joined over time, centre and limits, and a number at each point that marks a change.

The scale need not begin at 0: whether a figure moves is read from its limits, not from its height.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from django.utils.translation import gettext as _

from mdt.audit.pictures.shapes import (
    WIDTH,
    Dot,
    Drawing,
    Mark,
    Path,
    Scale,
    Words,
    across,
    line,
    nice_step,
    number,
    steps_over,
    words_width,
)
from mdt.audit.statistics import Chart, Point, Signal

TOP, BOTTOM, LEFT, RIGHT = 20.0, 226.0, 48.0, 584.0
RULES = (Signal.BEYOND_LIMIT, Signal.SHIFT, Signal.TREND, Signal.OUTER_THIRD)
"""In the order in which pages number them."""


@dataclass(frozen=True)
class Period:
    """What stands under a point: the short name, how many cases, and the words shown when one points at it.

    `year` stands below the name, once for each year: "Dec 2025" under every point would leave room for every second.
    """

    name: str
    total: int
    note: str = ""
    year: str = ""


def rule_numbers(point: Point) -> list[int]:
    """Which of the rules mark a point, as pages number them: 1 to 4."""
    return [place for place, rule in enumerate(RULES, start=1) if rule in point.signals]


def control_drawing(
    periods: Sequence[Period], chart: Chart, *, is_share: bool, target: float | None = None, target_word: str = ""
) -> Drawing:
    """Periods and points go together one by one. Without any value nothing is drawn. `target_word` names the target."""
    known = [point for point in chart.points if point.value is not None]
    if not known:
        return Drawing(BOTTOM)
    y = _heights(known, is_share, target)
    wide = (RIGHT - LEFT) / len(periods)
    places = [LEFT + wide * (place + 0.5) for place in range(len(periods))]
    marks: list[Mark] = [*_grid(y, is_share)]
    marks += _limits(places, wide, chart.points, y)
    marks.append(Path("centre", across(LEFT, RIGHT, y(known[0].centre))))
    if target is not None:
        marks.append(Path("target", across(LEFT, RIGHT, y(target))))
    marks += _joined(places, chart.points, y)
    marks += _points(places, periods, chart.points, y)
    marks += _beside(known, y, target, target_word or _("target"))
    marks += _under(places, periods, wide)
    return Drawing(_counts_at(periods) + 7, tuple(marks))


def _heights(known: Sequence[Point], is_share: bool, target: float | None) -> Scale:
    """A scale that holds every value, limit and target, ending on ticks; shares stay between 0 and 1."""
    held = [value for point in known for value in (point.value, point.low, point.high, point.centre)]
    held += [] if target is None else [target]
    reach = (max(held) - min(held)) or (0.2 if is_share else 1.0)
    ticks = steps_over(min(held), min(held) + reach, nice_step(reach))
    first, last = ticks[0], ticks[-1]
    if is_share:
        first, last = max(0.0, first), min(1.0, last)
        first = first if first < last else last - 0.2
    return Scale(first, last, BOTTOM, TOP)


def _grid(y: Scale, is_share: bool):
    for tick in steps_over(y.first, y.last, nice_step(y.last - y.first)):
        if y.first - 1e-9 <= tick <= y.last + 1e-9:
            yield Path("gr", across(LEFT, RIGHT, y(tick)))
            words = f"{number(tick * 100)} %" if is_share else number(tick)
            yield Words("end", LEFT - 8, y(tick) + 4, words)


def _limits(places: list[float], wide: float, points: Sequence[Point], y: Scale) -> list[Mark]:
    """Upper and lower limit as wide as each period; none where nothing happened."""
    marks: list[Mark] = []
    for limit in ("high", "low"):
        d, before = "", None
        for place, point in zip(places, points, strict=True):
            if point.value is None:
                before = None
                continue
            height = number(y(getattr(point, limit)))
            start = f"M{number(place - wide / 2)} {height}" if before is None else f"V{height}"
            d += f"{start}H{number(place + wide / 2)}"
            before = height
        marks.append(Path("limit", d))
    return marks


def _joined(places: list[float], points: Sequence[Point], y: Scale) -> list[Mark]:
    """Lines between neighbours; a period in which nothing happened is a gap."""
    pairs = pairwise(zip(places, points, strict=True))
    return [
        Path("ln", line([(before, y(one.value)), (place, y(two.value))]))
        for (before, one), (place, two) in pairs
        if one.value is not None and two.value is not None
    ]


def _points(places: list[float], periods: Sequence[Period], points: Sequence[Point], y: Scale) -> list[Mark]:
    marks: list[Mark] = []
    for x, period, point in zip(places, periods, points, strict=True):
        if point.value is None:
            continue
        rules = rule_numbers(point)
        marks.append(Dot("pt bad" if rules else "pt", x, y(point.value), 6 if rules else 4.5, period.note))
        if rules:
            above = y(point.value) - 11 if y(point.value) - 22 > 0 else y(point.value) + 20
            marks.append(Words("mid strong", x, above, ",".join(map(str, rules))))
    return marks


def _beside(known: Sequence[Point], y: Scale, target: float | None, target_word: str) -> list[Mark]:
    """What the lines are, at their right end; the later one gives way where two would meet."""
    named = [(_("mean"), y(known[-1].centre)), (_("limit"), y(known[-1].high)), (_("limit"), y(known[-1].low))]
    if target is not None:
        named.insert(1, (target_word, y(target)))
    marks, taken = [], []
    for words, height in named:
        if all(abs(height - other) >= 12 for other in taken):
            taken.append(height)
            marks.append(Words("", RIGHT + 6, height + 4, words))
    return marks


def _under(places: list[float], periods: Sequence[Period], wide: float) -> list[Mark]:
    """Names and numbers of the periods, as many as there is room for, always with the last one."""
    widest = max(words_width(period.name) for period in periods) + 6
    every = max(1, ceil(widest / wide))
    counts_at = _counts_at(periods)
    marks: list[Mark] = [Words("", 0, counts_at, _("cases"))]
    for place in range(len(periods) - 1, -1, -every):
        period = periods[place]
        x = min(places[place], WIDTH - words_width(period.name) / 2)
        marks.append(Words("mid", x, BOTTOM + 19, period.name))
        marks.append(Words("mid", x, counts_at, str(period.total)))
        if period.year and (place < every or periods[place - every].year != period.year):
            marks.append(Words("mid strong", x, BOTTOM + 34, period.year))
    return marks


def _counts_at(periods: Sequence[Period]) -> float:
    """The height of the numbers of cases: under the years, where there are any."""
    return BOTTOM + (50 if any(period.year for period in periods) else 35)
