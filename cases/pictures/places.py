"""Where each lesion is drawn: at the centre of its segments, moved apart where several would overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cases.pictures.geometry import Geometry, Point, Polygon, liver_geometry
from cases.pictures.lesions import Lesion

_UNSIZED: Final = 22.1  # radius of a lesion whose size nobody stated
_SMALLEST: Final = 4.0  # below this a circle could not be seen
_GAP: Final = 3.0
_ROUNDS: Final = 80
_TURN: Final = math.pi * (3 - math.sqrt(5))  # golden angle: points on a spiral that never line up


@dataclass(frozen=True, slots=True)
class Circle:
    lesion: Lesion
    x: float
    y: float
    r: float
    is_clipped: bool

    @property
    def centre(self) -> Point:
        return (self.x, self.y)


def place(lesions: Sequence[Lesion]) -> tuple[Circle, ...]:
    """A circle to scale for each lesion whose segment is known; the largest first, so that none is hidden."""
    geometry = liver_geometry()
    placed = sorted((lesion for lesion in lesions if lesion.segments), key=lambda lesion: -(lesion.drawn_mm or 0))
    radii = [_radius(lesion, placed, geometry) for lesion in placed]
    homes = [_home(lesion.segments, geometry) for lesion in placed]
    regions = [_region(lesion.segments, geometry) for lesion in placed]
    points = _spread_start(placed, radii, homes)
    _move_apart(points, radii, homes, regions, geometry)
    return tuple(
        Circle(lesion, round(x, 1), round(y, 1), round(r, 1), _leaves((x, y), r, geometry.outline))
        for lesion, (x, y), r in zip(placed, points, radii, strict=True)
    )


def _radius(lesion: Lesion, placed: Sequence[Lesion], geometry: Geometry) -> float:
    if lesion.drawn_mm is not None:
        return max(_SMALLEST, min(lesion.drawn_mm / 2 * geometry.units_per_mm, geometry.width))
    alike = sum(1 for other in placed if other.segments == lesion.segments)
    return _UNSIZED if alike <= 2 else max(9.0, _UNSIZED * 1.6 / math.sqrt(alike))


def _home(names: Sequence[str], geometry: Geometry) -> Point:
    """The place of a lesion: its segment's centre; of several segments, the middle between them."""
    centres = [geometry.whole_segment_4 if name == "4" else geometry.segments[name].centre for name in names]
    middle = (sum(x for x, _ in centres) / len(centres), sum(y for _, y in centres) / len(centres))
    return middle if geometry.outline.contains(middle) else centres[0]


def _region(names: Sequence[str], geometry: Geometry) -> tuple[Polygon, ...]:
    split = [part for name in names for part in (("4a", "4b") if name == "4" else (name,))]
    return tuple(geometry.segments[part].polygon for part in split)


def _spread_start(placed: Sequence[Lesion], radii: Sequence[float], homes: Sequence[Point]) -> list[Point]:
    """Lesions of one place start on a small spiral around it."""
    seen: dict[tuple[str, ...], int] = {}
    points = []
    for lesion, radius, (x, y) in zip(placed, radii, homes, strict=True):
        turn = seen.get(lesion.segments, 0)
        seen[lesion.segments] = turn + 1
        away = min(radius, 40) * 1.1 * math.sqrt(turn)
        points.append((x + away * math.cos(turn * _TURN), y + away * math.sin(turn * _TURN)))
    return points


def _move_apart(
    points: list[Point],
    radii: Sequence[float],
    homes: Sequence[Point],
    regions: Sequence[tuple[Polygon, ...]],
    geometry: Geometry,
) -> None:
    """Push circles that overlap away from each other, and each back towards its own segments."""
    for _ in range(_ROUNDS):
        has_moved = False
        for i in range(len(points)):
            for j in range(i + 1, len(points)):
                has_moved |= _push(points, radii, i, j)
        for i, (point, home, region) in enumerate(zip(points, homes, regions, strict=True)):
            points[i] = _hold(point, radii[i], home, region, geometry)
        if not has_moved:
            return


def _push(points: list[Point], radii: Sequence[float], i: int, j: int) -> bool:
    (x1, y1), (x2, y2), reach = points[i], points[j], radii[i] + radii[j] + _GAP
    if abs(x2 - x1) > reach or abs(y2 - y1) > reach:
        return False
    distance = math.hypot(x2 - x1, y2 - y1)
    overlap = reach - distance
    if overlap <= 0.2:
        return False
    angle = math.atan2(y2 - y1, x2 - x1) if distance > 0.01 else (i + j) * _TURN
    share = radii[j] ** 2 / (radii[i] ** 2 + radii[j] ** 2)  # the larger one moves less
    dx, dy = math.cos(angle) * overlap, math.sin(angle) * overlap
    points[i] = (x1 - dx * share, y1 - dy * share)
    points[j] = (x2 + dx * (1 - share), y2 + dy * (1 - share))
    return True


def _hold(point: Point, radius: float, home: Point, region: Sequence[Polygon], geometry: Geometry) -> Point:
    """Draw a point back towards home until it lies in its own segments and, if it fits, inside the organ."""
    x, y = point
    for _ in range(8):
        away = math.hypot(x - home[0], y - home[1])
        if away < 1:
            return home
        spot = (round(x, 1), round(y, 1))
        reach = min(radius, 30) / away
        rim = (x + (x - home[0]) * reach, y + (y - home[1]) * reach)
        if any(part.contains(spot) for part in region) and all(map(geometry.outline.contains, (spot, rim))):
            return spot
        x, y = x + (home[0] - x) * 0.2, y + (home[1] - y) * 0.2
    spot = (round(x, 1), round(y, 1))
    return spot if geometry.outline.contains(spot) else home


def _leaves(centre: Point, radius: float, outline: Polygon) -> bool:
    """Whether any part of the circle lies outside the organ and has to be cut off."""
    turns = (step * math.tau / 24 for step in range(24))
    return not all(
        outline.contains((centre[0] + radius * math.cos(turn), centre[1] + radius * math.sin(turn))) for turn in turns
    )
