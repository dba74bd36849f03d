"""The way of a case to its type as a line: through the components, on the level of the worst one so far.

Pure: a ladder in, coordinates and words out. It says the same as the table beneath it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from cases.alternatives import either
from cases.pictures.ladder import Ladder, Rung
from mdt.people.joining import sentences

_LEFT: Final = 70
_STEP: Final = 128
_TOP: Final = 26
_LANE: Final = 44
_WORDS: Final[dict[Rung, Promise]] = {"known": _("known"), "assumed": _("assumed"), "possible": _("still possible")}


@dataclass(frozen=True, slots=True)
class Stop:
    """A sign on a level: where a component stands, or may stand."""

    x: int
    y: int
    rung: Rung


@dataclass(frozen=True, slots=True)
class Column:
    """One component, or the type at the end, with its name under it: in two lines where it has several words."""

    lines: tuple[str, ...]
    x: int
    stops: tuple[Stop, ...]
    is_type: bool


@dataclass(frozen=True, slots=True)
class Leg:
    """A piece of the way; dashed from the first component on that is not known."""

    path: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class PathwayPicture:
    width: int
    height: int
    lanes: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    legs: tuple[Leg, ...]
    description: str


def draw_pathway(ladder: Ladder) -> PathwayPicture | None:
    """None where there is no way to draw: no components, or categories that are not levels."""
    if len(ladder.rows) < 2 or not 2 <= len(ladder.categories) <= 5:
        return None
    rows = [*((row.label, row.rungs) for row in ladder.rows), (pgettext("of a classification", "Type"), ladder.total)]
    columns = tuple(
        Column(
            lines=_in_two(re.split("[:：]", label)[0]),
            x=_LEFT + place * _STEP,
            stops=tuple(Stop(_LEFT + place * _STEP, _y(at), rung) for at, rung in enumerate(rungs) if rung != "out"),
            is_type=place == len(ladder.rows),
        )
        for place, (label, rungs) in enumerate(rows)
    )
    return PathwayPicture(
        width=_LEFT + len(ladder.rows) * _STEP + 60,
        height=_y(len(ladder.categories) - 1) + 68,
        lanes=tuple((mark, _y(at)) for at, mark in enumerate(ladder.categories)),
        columns=columns,
        legs=_legs([rungs for _label, rungs in rows]),
        description=sentences(_sentence(label, rungs, ladder.categories) for label, rungs in rows),
    )


def _in_two(name: str) -> tuple[str, ...]:
    """A name cut at the blank next to its middle."""
    blanks = [match.start() for match in re.finditer(" ", name)]
    if not blanks:
        return (name,)
    cut = min(blanks, key=lambda at: abs(2 * at - len(name)))
    return name[:cut], name[cut + 1 :]


def _y(level: int) -> int:
    return _TOP + level * _LANE


def _level(rungs: Sequence[Rung]) -> int | None:
    """The level on which a component stands, known or assumed; None where several are possible."""
    return next((at for at, rung in enumerate(rungs) if rung in ("known", "assumed")), None)


def _legs(rows: Sequence[Sequence[Rung]]) -> tuple[Leg, ...]:
    """From each component to the next, on the worst level so far; nothing is drawn beyond one that stands nowhere."""
    legs: list[Leg] = []
    worst, is_sure = 0, True
    for place, rungs in enumerate(rows):
        level = _level(rungs)
        if level is None:
            break
        before, worst = worst, max(worst, level)
        is_sure = is_sure and "known" in rungs
        x = _LEFT + place * _STEP
        if place:
            path = (
                f"M{x - _STEP} {_y(before)}C{x - _STEP // 2} {_y(before)} {x - _STEP // 2} {_y(worst)} {x} {_y(worst)}"
            )
            legs.append(Leg(path, is_sure))
    return tuple(legs)


def _sentence(label: str, rungs: Sequence[Rung], categories: Sequence[str]) -> str:
    stands = [f"{mark} ({_WORDS[rung]})" for mark, rung in zip(categories, rungs, strict=True) if rung != "out"]
    words = {"part": label, "stands": either(stands) or gettext("no type applies")}
    return gettext("%(part)s: %(stands)s.") % words
