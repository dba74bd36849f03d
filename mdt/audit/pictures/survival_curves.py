"""Kaplan and Meier's curves with their bands, those still observed as ticks, numbers at risk, published figures apart.

A curve ends where the last of its patients was last seen: nothing is drawn beyond what was observed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from mdt.audit.pictures.shapes import (
    LINE,
    WIDTH,
    Box,
    Drawing,
    Mark,
    Path,
    Scale,
    Words,
    across,
    down,
    line,
    number,
    spread,
    staircase,
    words_width,
)
from mdt.audit.statistics import Curve
from mdt.audit.statistics.survival import Step

DAYS_IN_MONTH = 365.25 / 12
TOP, BOTTOM = 14.0, 300.0
LEAST_MONTHS = 12
MOST_MONTHS = 120
STEPS = (3, 6, 12, 24)
MOST_STEPS = 400
"""More steps than these lie closer together than a screen shows."""
"""Months between two ticks: as many as fit, never more than seven stretches."""


@dataclass(frozen=True)
class Arm:
    """A group: the mark at the end of its curve, its name with that mark, and its curve in days."""

    mark: str
    name: str
    curve: Curve


@dataclass(frozen=True)
class Published:
    """A figure from a paper: drawn as a symbol, never joined to a curve."""

    name: str
    months: float
    survival: float


def months_of(days: float) -> float:
    return days / DAYS_IN_MONTH


def months_shown(arms: Sequence[Arm], published: Sequence[Published]) -> tuple[int, int]:
    """Where the axis ends, and the step of its ticks, in months."""
    seen = [months_of(arm.curve.steps[-1].time) for arm in arms if arm.curve.steps]
    reach = min(max([LEAST_MONTHS, *seen, *(each.months for each in published)]), MOST_MONTHS)
    step = next((step for step in STEPS if reach <= 7 * step), STEPS[-1])
    return -int(-reach // step) * step, step


def survival_drawing(arms: Sequence[Arm], published: Sequence[Published] = ()) -> Drawing:
    """All that is on the picture. Without patients nothing is drawn, published figures neither."""
    arms = [arm for arm in arms if arm.curve.patients]
    if not arms:
        return Drawing(BOTTOM)
    last, step = months_shown(arms, published)
    left = max(56.0, 50 + max(words_width(arm.name) for arm in arms))
    right = WIDTH - 16 - max(words_width(arm.mark) for arm in arms)
    x, y = Scale(0, last, left, right), Scale(0, 1, BOTTOM, TOP)
    marks = [*_frame(x, y, last, step)]
    for place, arm in enumerate(arms):
        marks += _band(arm, x, y)
        marks += _curve(arm, place, x, y)
    marks += _ends(arms, x, y)
    foot = BOTTOM + 36
    marks += [*_symbols(published, x, y), *_legend(published, left, foot)]
    foot += 18 * len({each.name for each in published})
    marks += _at_risk(arms, x, foot, range(0, last + 1, step))
    return Drawing(foot + 22 + 16 * len(arms), tuple(marks))


def _frame(x: Scale, y: Scale, last: int, step: int):
    for share in (0, 0.25, 0.5, 0.75, 1):
        yield Path("gr", across(x.start, x.end, y(share)))
        yield Words("end", x.start - 8, y(share) + 4, f"{share * 100:.0f} %")
    yield Path("ax", across(x.start, x.end, BOTTOM))
    for month in range(0, last + 1, step):
        yield Path("ax", down(x(month), BOTTOM, BOTTOM + 5))
        yield Words("mid", x(month), BOTTOM + 19, str(month))
    yield Words("mid", (x.start + x.end) / 2, BOTTOM + 34, _("months from the decision"))


def _shown(steps: Sequence[Step], x: Scale) -> list[Step]:
    """Steps up to the end of the axis. Of more than the eye can part only the last in each half of a dot."""
    shown = [step for step in steps if months_of(step.time) <= x.last]
    if len(shown) <= MOST_STEPS:
        return shown
    return list({round(2 * x(months_of(step.time))): step for step in shown}.values())


def _places(arm: Arm, x: Scale, of) -> list[tuple[float, float]]:
    """Corners of a curve up to the end of the axis: each step's place and height, then where it ends."""
    shown = _shown(arm.curve.steps, x)
    points = [(x(months_of(step.time)), of(step)) for step in shown]
    end = min(months_of(arm.curve.steps[-1].time), x.last)
    return [*points, (x(end), of(shown[-1]))]


def _band(arm: Arm, x: Scale, y: Scale) -> list[Mark]:
    high = _places(arm, x, lambda step: y(step.high))
    low = _places(arm, x, lambda step: y(step.low))
    if all(above == below for above, below in zip(high, low, strict=True)):
        return []
    back = "".join(f"V{number(here[1])}H{number(here[0])}" for here in reversed(low[:-1]))
    return [Path("band", f"{staircase(high)}{back}Z")]


def _curve(arm: Arm, place: int, x: Scale, y: Scale) -> list[Mark]:
    marks: list[Mark] = [Path(f"ln ln{place + 1}", staircase(_places(arm, x, lambda step: y(step.survival))), arm.name)]
    for step in _shown([step for step in arm.curve.steps if step.censored and step.time], x):
        marks.append(Path("cens", down(x(months_of(step.time)), y(step.survival) - 4, y(step.survival) + 4)))
    return marks


def _ends(arms: Sequence[Arm], x: Scale, y: Scale) -> list[Mark]:
    """The mark of each curve beside its end: a long line to the edge would look like patients still observed."""
    ends = [_places(arm, x, lambda step: y(step.survival))[-1] for arm in arms]
    marks: list[Mark] = []
    for arm, (end, height), place in zip(arms, ends, spread([each[1] for each in ends], TOP, BOTTOM), strict=True):
        if abs(place - height) > 3:
            marks.append(Path("lead", line([(end, height), (end + 8, place)])))
        marks.append(Words("strong", end + 12, place + 4, arm.mark))
    return marks


def _symbol(place: int, x: float, y: float, note: str = "") -> Mark:
    """A diamond for the first published group, a square for the second, and so in turn."""
    if place % 2:
        return Box("ref", x - 6, y - 6, 12, 12, note)
    return Path("ref", f"M{number(x)} {number(y - 7)}l7 7l-7 7l-7 -7z", note)


def _named(published: Sequence[Published]) -> list[str]:
    return [name for name, _group in groupby(each.name for each in published)]


def _symbols(published: Sequence[Published], x: Scale, y: Scale) -> list[Mark]:
    names = _named(published)
    return [
        _symbol(names.index(each.name), x(each.months), y(each.survival), f"{each.name}: {each.survival * 100:.1f} %")
        for each in published
        if each.months <= x.last
    ]


def _legend(published: Sequence[Published], left: float, foot: float) -> list[Mark]:
    marks: list[Mark] = []
    for place, name in enumerate(_named(published)):
        at = foot + 14 + 18 * place
        marks += [_symbol(place, left + 7, at), Words("", left + 22, at + 4, name)]
    return marks


def _at_risk(arms: Sequence[Arm], x: Scale, foot: float, months: range) -> list[Mark]:
    """Under the axis, for each group: its line as a key, its name, and how many are still observed."""
    marks: list[Mark] = [Words("strong", 0, foot + LINE, _("Still observed"))]
    for place, arm in enumerate(arms):
        at = foot + LINE + 16 * (place + 1)
        marks.append(Path(f"ln ln{place + 1}", across(0, 20, at - 4)))
        marks.append(Words("strong", 25, at, arm.name))
        for month in months:
            marks.append(Words("mid", x(month), at, str(arm.curve.at_risk(month * DAYS_IN_MONTH))))
    return marks
