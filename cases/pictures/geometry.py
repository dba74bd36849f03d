"""The outline of the liver and its segments as numbers: points, polygons, what lies inside what."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

Point = tuple[float, float]

_FILE: Final = Path(__file__).with_name("liver_geometry.json")
_NUMBERS: Final = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle; y grows downwards as in SVG."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0) -> bool:
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def within(self, other: Box) -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed line of straight pieces."""

    points: tuple[Point, ...]

    @classmethod
    def from_path(cls, path: str) -> Polygon:
        numbers = [float(number) for number in _NUMBERS.findall(path)]
        return cls(tuple(zip(numbers[::2], numbers[1::2], strict=True)))

    def contains(self, point: Point) -> bool:
        x, y = point
        inside = False
        before = self.points[-1]
        for corner in self.points:
            if (corner[1] > y) != (before[1] > y):
                crossing = corner[0] + (y - corner[1]) * (before[0] - corner[0]) / (before[1] - corner[1])
                inside ^= x < crossing
            before = corner
        return inside


@dataclass(frozen=True, slots=True)
class Segment:
    name: str
    path: str
    polygon: Polygon
    centre: Point
    inner_radius: float  # of the largest circle inside, in drawing units
    name_at: Point


@dataclass(frozen=True, slots=True)
class Geometry:
    """The schematic liver seen from the front; the patient's right is on the left."""

    units_per_mm: float
    width: float
    height: float
    outline_path: str
    outline: Polygon
    segments: dict[str, Segment]
    whole_segment_4: Point
    veins: dict[str, str]
    portal: tuple[str, ...]
    cantlie: str
    gallbladder: str
    cava: str
    cava_behind: str
    vessels: dict[str, tuple[Polygon, ...]]

    def side_edges(self, top: float, bottom: float) -> tuple[float, float] | None:
        """Leftmost and rightmost x of the organ between two heights, or None above and below it."""
        rows = [_spans()[y] for y in range(math.floor(top), math.ceil(bottom) + 1) if y in _spans()]
        return (min(row[0] for row in rows), max(row[1] for row in rows)) if rows else None


@cache
def liver_geometry() -> Geometry:
    """The geometry file, read once."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    scale = data["units_per_mm"]
    segments = {
        name: Segment(
            name=name,
            path=entry["path"],
            polygon=Polygon.from_path(entry["path"]),
            centre=(entry["x"], entry["y"]),
            inner_radius=entry["inner_radius_mm"] * scale,
            name_at=tuple(data["label_at"][name]),
        )
        for name, entry in data["segments"].items()
    }
    _, _, width, height = data["viewBox"]
    portal = tuple(Polygon.from_path(path) for path in data["portal"])
    return Geometry(
        units_per_mm=scale,
        width=width,
        height=height,
        outline_path=data["outline"],
        outline=Polygon.from_path(data["outline"]),
        segments=segments,
        whole_segment_4=tuple(data["whole_segment_4"]),
        veins=data["veins"],
        portal=tuple(data["portal"]),
        cantlie=data["cantlie"],
        gallbladder=data["gallbladder"],
        cava=data["ivc"],
        cava_behind=data["ivc_behind"],
        vessels={
            "hepatic_vein": tuple(Polygon.from_path(path) for path in data["veins"].values()),
            "portal_vein": portal,
            "bile_duct": portal[:1],
            "ivc": (Polygon.from_path(data["ivc_behind"]),),
        },
    )


@cache
def _spans() -> dict[int, tuple[float, float]]:
    """For each whole height the leftmost and rightmost x of the outline."""
    corners = liver_geometry().outline.points
    spans: dict[int, tuple[float, float]] = {}
    for (x1, y1), (x2, y2) in zip(corners, (*corners[1:], corners[0]), strict=True):
        steps = max(1, math.ceil(abs(y2 - y1)))
        for step in range(steps + 1):
            x, y = x1 + (x2 - x1) * step / steps, round(y1 + (y2 - y1) * step / steps)
            left, right = spans.get(y, (x, x))
            spans[y] = (min(left, x), max(right, x))
    return spans
