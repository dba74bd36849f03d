"""Lying bars: how often each, the longest first as given; and spans of days: median and middle half."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mdt.audit.pictures.shapes import (
    WIDTH,
    Box,
    Drawing,
    Mark,
    Path,
    Scale,
    Words,
    down,
    nice_step,
    number,
    steps_over,
    words_width,
)

TOP = 8.0
ROW = 26.0
SPAN_ROW = 44.0


@dataclass(frozen=True)
class Bar:
    name: str
    count: int
    words: str
    """What stands behind the bar: "12 (40 %)"."""


def bars_drawing(bars: Sequence[Bar]) -> Drawing:
    """Bars from a common 0; their lengths are to each other as their counts."""
    most = max((bar.count for bar in bars), default=0)
    if not most:
        return Drawing(TOP)
    left = max(words_width(bar.name) for bar in bars) + 10
    right = WIDTH - max(words_width(bar.words) for bar in bars) - 8
    x = Scale(0, most, left, right)
    marks: list[Mark] = [Path("ax", down(left, TOP, TOP + ROW * len(bars)))]
    for place, bar in enumerate(bars):
        y = TOP + ROW * place
        marks.append(Words("end", left - 8, y + ROW / 2 + 4, bar.name))
        if bar.count:
            marks.append(Box("bar", left, y + 5, x(bar.count) - left, ROW - 10, f"{bar.name}: {bar.words}"))
        marks.append(Words("strong", x(bar.count) + 6, y + ROW / 2 + 4, bar.words))
    return Drawing(TOP + ROW * len(bars) + 4, tuple(marks))


@dataclass(frozen=True)
class Span:
    """Days of one step: quartiles over its cases, None where no case has both days; `target`: at most so many days."""

    name: str
    cases: int
    quartiles: tuple[float, float, float] | None
    target: float | None = None


def spans_drawing(spans: Sequence[Span]) -> Drawing:
    """Each step with its middle half as a bar and its median as a stroke, on one scale of days."""
    known = [span.quartiles for span in spans if span.quartiles]
    if not known:
        return Drawing(TOP)
    targets = [span.target for span in spans if span.target is not None]
    first = min(0.0, *(quartiles[0] for quartiles in known))
    last = max(1.0, *(quartiles[2] for quartiles in known), *targets)
    step = max(1.0, nice_step(last - first))
    ticks = steps_over(first, last, step)
    left = max(words_width(span.name) for span in spans) + 12
    x = Scale(ticks[0], ticks[-1], left, WIDTH - 62)
    foot = TOP + SPAN_ROW * len(spans)
    marks: list[Mark] = []
    for tick in ticks:
        marks += [Path("gr", down(x(tick), TOP, foot)), Words("mid", x(tick), foot + 16, number(tick))]
    marks.append(Words("end", WIDTH, foot + 16, _("days")))
    for place, span in enumerate(spans):
        marks += _span(span, x, TOP + SPAN_ROW * (place + 0.5))
    return Drawing(foot + 24, tuple(marks))


def _span(span: Span, x: Scale, y: float) -> list[Mark]:
    marks: list[Mark] = [Words("end", x.start - 10, y + 4, span.name)]
    if span.quartiles is None:
        return [*marks, Words("", x.start + 8, y + 4, _("not known"))]
    low, middle, high = span.quartiles
    words = _("%(days)s d") % {"days": number(middle)}
    note = f"{span.name}: {words} ({number(low)}–{number(high)})"
    marks.append(Box("iqr", x(low), y - 9, x(high) - x(low), 18, note))
    marks.append(Box("bar", x(middle) - 2.5, y - 13, 5, 26))
    if span.target is not None:
        marks.append(Path("target", down(x(span.target), y - 18, y + 18)))
        said = _("target %(days)s d") % {"days": number(span.target)}
        css, beside = ("", 6) if x(span.target) + 6 + words_width(said) < WIDTH else ("end", -6)
        marks.append(Words(css, x(span.target) + beside, y + 20, said))
    marks.append(Words("strong", max(x(high), x(middle) + 2.5) + 8, y + 4, words))
    return marks
