"""Labels beside the liver with lines that lead to the lesions: four corners, no two on top of each other."""

from __future__ import annotations

import itertools
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cases.pictures.geometry import Box, Point, liver_geometry
from cases.pictures.places import Circle

_STEP: Final = 3
_CLEAR_OF_ORGAN: Final = 10
_FARTHEST: Final = 2600  # how far a stack of labels may grow away from the organ


@dataclass(frozen=True, slots=True)
class Sizes:
    """Type sizes of one use of the picture, and the width that labels may fill."""

    tag: float
    note: float
    left: float
    right: float

    @property
    def line(self) -> float:
        return self.tag * 1.25

    def width(self, text: str, *, is_note: bool = False) -> float:
        """A generous estimate: no text may turn out wider on the page than it is planned here."""
        return sum(_advance(char) for char in text) * (self.note if is_note else self.tag)


PAGE: Final = Sizes(tag=13.5, note=12.5, left=2, right=716)
ROOM: Final = Sizes(tag=23, note=22, left=2, right=736)


@dataclass(frozen=True, slots=True)
class Label:
    """Up to two lines of text with a leader; ``x``, ``y`` is the first baseline's start."""

    number: int
    lines: tuple[str, ...]
    x: float
    y: float
    box: Box
    leader: str

    @property
    def head(self) -> str:
        return self.lines[0]

    @property
    def second(self) -> str:
        return self.lines[1] if len(self.lines) > 1 else ""

    @property
    def second_y(self) -> float:
        return round(self.y + (self.box.bottom - self.box.top) / 2, 1)


@dataclass(frozen=True, slots=True)
class _Corner:
    """One free corner beside the organ, and how its stack of labels grows."""

    is_right: bool
    is_top: bool
    x: float
    start: float

    def rows(self) -> Iterable[float]:
        """Upper edges to try, nearest to the organ first."""
        step = -_STEP if self.is_top else _STEP
        return (self.start + step * count for count in range(_FARTHEST // _STEP))


_ORDERS: Final[tuple[Callable[[Circle], float], ...]] = (
    lambda circle: circle.x,
    lambda circle: -circle.x,
    lambda circle: circle.y,
    lambda circle: -circle.y,
)


def lay_out(
    circles: Sequence[Circle], texts: dict[int, tuple[str, ...]], sizes: Sizes, taken: Sequence[Box]
) -> tuple[Label, ...]:
    """Labels for all circles: ``texts`` holds each lesion's lines, ``taken`` the boxes of other words."""
    corners = _corners(sizes)
    members: dict[_Corner, list[Circle]] = {corner: [] for corner in corners}
    for circle in sorted(circles, key=lambda circle: circle.lesion.number):
        members[min(corners, key=lambda corner: _cost(circle, corner, len(members[corner])))].append(circle)
    boxes = list(taken)
    labels: list[Label] = []
    for corner, group in members.items():
        best = min(
            (_stack(corner, sorted(group, key=order), texts, sizes, boxes) for order in _ORDERS),
            key=_crossings,
        )
        labels += best
        boxes += [label.box for label in best]
    return tuple(sorted(labels, key=lambda label: label.number))


def _corners(sizes: Sizes) -> tuple[_Corner, ...]:
    right = 468 if sizes is PAGE else 492
    return (
        _Corner(is_right=True, is_top=False, x=right, start=240),
        _Corner(is_right=False, is_top=True, x=sizes.left, start=70),
        _Corner(is_right=False, is_top=False, x=sizes.left, start=380),
        _Corner(is_right=True, is_top=True, x=right, start=60),
    )


def _cost(circle: Circle, corner: _Corner, load: int) -> float:
    """Far corners and full corners are dear."""
    geometry = liver_geometry()
    x = geometry.width * 0.72 if corner.is_right else 60
    y = (40 if corner.is_right else 20) if corner.is_top else (300 if corner.is_right else geometry.height)
    return math.hypot(circle.x - x, circle.y - y) + 22 * load


def _stack(
    corner: _Corner,
    group: Sequence[Circle],
    texts: dict[int, tuple[str, ...]],
    sizes: Sizes,
    taken: Sequence[Box],
) -> tuple[Label, ...]:
    """The labels of one corner, one above the other, in the given order away from the organ."""
    boxes = list(taken)
    placed: list[tuple[Circle, tuple[str, ...], Box]] = []
    for circle in group:
        lines = texts[circle.lesion.number]
        width = max(sizes.width(line, is_note=index > 0) for index, line in enumerate(lines))
        box = _free_box(corner, width, sizes.line * len(lines), sizes, boxes)
        boxes.append(box)
        placed.append((circle, lines, box))
    elbow = corner.x - 16 if corner.is_right else max((box.right for *_, box in placed), default=0) + 16
    return tuple(
        Label(
            number=circle.lesion.number,
            lines=lines,
            x=round(box.left, 1),
            y=round(box.top + sizes.line * 0.78, 1),
            box=box,
            leader=_leader(circle, box, elbow, sizes, None if corner.is_right else sizes.width(lines[0])),
        )
        for circle, lines, box in placed
    )


def _free_box(corner: _Corner, width: float, height: float, sizes: Sizes, taken: Sequence[Box]) -> Box:
    left = max(sizes.left, min(corner.x, sizes.right - width))
    for top in corner.rows():
        box = Box(left, top, left + width, top + height)
        if not _meets_organ(box) and not any(box.meets(other, 2) for other in taken):
            return box
    raise AssertionError("a stack of labels has no end")  # pragma: no cover: every row beyond the organ is free


def _meets_organ(box: Box) -> bool:
    edges = liver_geometry().side_edges(box.top - _CLEAR_OF_ORGAN, box.bottom + _CLEAR_OF_ORGAN)
    return edges is not None and (
        box.left < edges[1] + 2 * _CLEAR_OF_ORGAN and box.right > edges[0] - 2 * _CLEAR_OF_ORGAN
    )


def _leader(circle: Circle, box: Box, elbow: float, sizes: Sizes, head: float | None) -> str:
    """From the rim by an elbow to the label; ``head``: width of the first line, if the leader comes from the right."""
    y = box.top + sizes.line / 2
    end = box.left - 5 if head is None else box.left + head + 5
    x1, y1 = _rim(circle, (elbow, y))
    return f"M{x1:.0f} {y1:.0f}L{elbow:.0f} {y:.0f}L{end:.0f} {y:.0f}"


def _rim(circle: Circle, towards: Point) -> Point:
    """Where the line leaves the circle, or the organ if the circle is cut off before."""
    outline = liver_geometry().outline
    angle = math.atan2(towards[1] - circle.y, towards[0] - circle.x)
    reach = circle.r
    while reach > 4 and not outline.contains((circle.x + reach * math.cos(angle), circle.y + reach * math.sin(angle))):
        reach -= 4
    return (circle.x + reach * math.cos(angle), circle.y + reach * math.sin(angle))


def _crossings(labels: Sequence[Label]) -> int:
    lines = [_first_piece(label.leader) for label in labels]
    return sum(_cross(one, other) for one, other in itertools.combinations(lines, 2))


def _first_piece(leader: str) -> tuple[Point, Point]:
    numbers = [float(part) for piece in leader[1:].split("L")[:2] for part in piece.split()]
    return ((numbers[0], numbers[1]), (numbers[2], numbers[3]))


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    def turn(a: Point, b: Point, c: Point) -> bool:
        return (b[0] - a[0]) * (c[1] - a[1]) > (b[1] - a[1]) * (c[0] - a[0])

    (a, b), (c, d) = one, other
    return turn(a, c, d) != turn(b, c, d) and turn(a, b, c) != turn(a, b, d)


def _advance(char: str) -> float:
    """Width of a character in parts of the type size."""
    if unicodedata.east_asian_width(char) in "WF":
        return 1.02
    return 0.34 if char in " .,·+ilj|'" else 0.92 if char in "mMwW–—" else 0.64
