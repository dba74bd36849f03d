"""What every drawing is made of: marks with a class and coordinates, scales and ticks, and room for words.

Units are those of the view box; y grows downwards. Colours, dashes and weights come from the style sheet by class, so
that the same drawing stands in light, in dark and on paper.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH = 640.0
LINE = 14.0
"""Least distance between two lines of words."""


@dataclass(frozen=True)
class Path:
    """A line, an outline or a filled shape, in SVG's own words; `note` is shown where one points at it."""

    css: str
    d: str
    note: str = ""
    kind: str = "path"


@dataclass(frozen=True)
class Box:
    css: str
    x: float
    y: float
    width: float
    height: float
    note: str = ""
    kind: str = "box"


@dataclass(frozen=True)
class Dot:
    css: str
    x: float
    y: float
    radius: float
    note: str = ""
    kind: str = "dot"


@dataclass(frozen=True)
class Words:
    """Words at the foot of a line of text; class `mid` centres them on x, `end` lets them end there."""

    css: str
    x: float
    y: float
    text: str
    kind: str = "words"


Mark = Path | Box | Dot | Words


@dataclass(frozen=True)
class Drawing:
    """Marks from back to front. Without marks there is nothing to draw."""

    height: float
    marks: tuple[Mark, ...] = ()
    width: float = WIDTH


@dataclass(frozen=True)
class Scale:
    """From values to places: `first` lies at `start`, `last` at `end`. `first` and `last` differ."""

    first: float
    last: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.first) / (self.last - self.first)


def number(value: float) -> str:
    """A coordinate as SVG takes it, to a hundredth: "46", "12.5"."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(points: Sequence[tuple[float, float]]) -> str:
    """A line from point to point."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def across(x_from: float, x_to: float, y: float) -> str:
    return f"M{number(x_from)} {number(y)}H{number(x_to)}"


def down(x: float, y_from: float, y_to: float) -> str:
    return f"M{number(x)} {number(y_from)}V{number(y_to)}"


def staircase(points: Sequence[tuple[float, float]]) -> str:
    """Along each height until the next point's place, then up or down to it."""
    (x, y), *rest = points
    return f"M{number(x)} {number(y)}" + "".join(f"H{number(x)}V{number(y)}" for x, y in rest)


def nice_step(reach: float, most: int = 6) -> float:
    """A step of 1, 2 or 5 times a power of ten of which at most `most` cover the reach, which is above 0."""
    least = reach / most
    power = 10.0 ** floor(log10(least))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least * (1 - 1e-9))


def steps_over(first: float, last: float, step: float) -> list[float]:
    """Multiples of the step from at or below `first` to at or above `last`."""
    low, high = floor(first / step + 1e-9), ceil(last / step - 1e-9)
    return [place * step for place in range(low, high + 1)]


def words_width(text: str) -> float:
    """About how wide words are at the drawings' size; a Chinese character counts as two letters, rounded up."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return 12.2 * wide + 6.6 * (len(text) - wide)


def spread(wanted: Sequence[float], low: float, high: float, distance: float = LINE) -> list[float]:
    """Places near the wanted ones, in their order, no two closer than the distance and all between low and high.

    Where there is no room for that, they stand evenly from low to high.
    """
    order = sorted(range(len(wanted)), key=lambda each: wanted[each])
    if len(order) > 1 and distance * (len(order) - 1) > high - low:
        distance = (high - low) / (len(order) - 1)
    places = [0.0] * len(wanted)
    floor_here = low
    for each in order:
        places[each] = floor_here = max(wanted[each], floor_here)
        floor_here += distance
    ceiling = high
    for each in reversed(order):
        places[each] = ceiling = min(places[each], ceiling)
        ceiling -= distance
    return places
