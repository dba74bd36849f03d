"""The right answer of a random case by brute force: every completion of what is unknown, each typed on its own.

Written from the table of the consensus (reading A), for the cases of ``bench.cases``. It shares no code with any
engine, treats nothing as independent of anything else, and is free to be slow.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import inf
from typing import Any

TYPES = {1: "I", 2: "II", 3: "III"}
FLAGS = (False, True)
UNKNOWN = {
    "primary_status": ("in_situ", "resected", "local_recurrence"),
    "t_category": ("T3", "T4b", "does not apply"),
    "primary_resectable_r0": FLAGS,
    "bulky_n2": FLAGS,
    "nodes_beyond_d2": ([], ["16a2"], ["16b2"]),
    "peritoneum": ("P0", "P1"),
    "distant_sites": ([], [{"site": "lung"}]),
    "cytology": ("CY0", "CY1"),
    "liver_resectable_r0": FLAGS,
}
FIGURES = (
    "liver_lesion_count",
    "liver_max_diameter_mm",
    "liver_lobes",
    "liver_major_vessel_or_duct_involved",
    "liver_diffuse",
)
LEFT, RIGHT = {"2", "3", "4", "4a", "4b"}, {"5", "6", "7", "8"}
Liver = tuple[tuple, tuple, tuple]


def score(world: tuple) -> int:
    """1, 2 or 3 for a world in which everything is known."""
    status, t, en_bloc, bulky, nodes, peritoneum, sites, cytology, resectable, *figures = world
    number, is_large, lobes, is_involved, is_diffuse = figures
    if peritoneum != "P0" or sites or cytology == "CY1" or is_diffuse or not resectable:
        return 3
    if set(nodes) & {"16a1", "16b2", "mediastinal", "supraclavicular", "other"}:
        return 3
    worst = 2 if nodes or bulky else 1
    if status != "resected":
        if t == "T4b":
            worst = max(worst, 2 if en_bloc else 3)
        elif t == "does not apply" and status == "local_recurrence" and not en_bloc:
            return 3
    inside = (number <= 3 and not is_large) or lobes != "both"
    return worst if inside and not is_involved else max(worst, 2)


def _looks(lesion: dict[str, Any]) -> list[tuple]:
    size, segments, relation = lesion["diameter_mm"], set(lesion["segments"] or ()), lesion["vessel_relation"]
    sides = {side for side, own in (("left", LEFT), ("right", RIGHT)) if segments & own}
    lobes = ("left", "right", "both") if not sides else ("both",) if len(sides) > 1 else tuple(sides)
    return list(
        product(FLAGS if size is None else (size > 40,), lobes, FLAGS if relation is None else (relation == "invades",))
    )


def _livers(facts: dict[str, Any]) -> Iterator[Liver]:
    """Natures, everything else that was chosen, and the figures that follow."""
    lesions = facts["liver_lesions"]
    natures_of = {"metastasis": (True,), "benign": (False,), "indeterminate": FLAGS, None: FLAGS}
    extras: list = [None]
    if not facts["liver_lesions_complete"]:
        extras += product((1, 2, 3, 4, inf), FLAGS, ("left", "right", "both"), FLAGS)
    for natures in product(*(natures_of[lesion["nature"]] for lesion in lesions)):
        for looks in product(*(_looks(lesion) for lesion in lesions)):
            for extra in extras:
                parts = [(1, *look) for look, counted in zip(looks, natures, strict=True) if counted]
                parts += [extra] if extra else []
                if not parts:
                    continue
                number, lobes = sum(part[0] for part in parts), {part[2] for part in parts}
                side = lobes.pop() if len(lobes) == 1 else "both"
                figures = (number, any(part[1] for part in parts), side, any(part[3] for part in parts))
                for is_diffuse in (False, True) if extra and number == inf and side == "both" else (False,):
                    if facts["liver_diffuse"] in (None, is_diffuse):
                        yield natures, (looks, extra, is_diffuse), (*figures, is_diffuse)


def truth(facts: dict[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The types that some completion has, and the facts of which one answer instead of another changes the type."""
    names = (*UNKNOWN, *FIGURES)
    stated = [_hashable(values) for values in _values(facts)]
    rests = [
        rest
        for rest in product(*stated)
        # a local recurrence has no T category unless someone stated one
        if not (rest[0] == "local_recurrence" and facts["t_category"] is None and rest[1] != "does not apply")
    ]
    livers = list(_livers(facts))
    figures_by_natures = {(natures, figures) for natures, _, figures in livers}
    typed = {figures: {rest: score((*rest, *figures)) for rest in rests} for _, figures in figures_by_natures}
    possible = {each for own in typed.values() for each in own.values()}
    missing: set[str] = set()
    if len(possible) > 1:
        worlds = {(natures, *rest, *figures): typed[figures][rest] for natures, figures in figures_by_natures
                  for rest in rests}  # fmt: skip
        for at, name in enumerate(names, 1):
            if len({world[at] for world in worlds}) > 1 and _flips(
                ((*world[:at], *world[at + 1 :]), each) for world, each in worlds.items()
            ):
                missing.add(name)
        if len({natures for natures, *_ in livers}) > 1 and _flips(
            ((look, rest), each) for _, look, figures in livers for rest, each in typed[figures].items()
        ):
            missing.add("liver_lesions")
    return frozenset(TYPES[each] for each in possible), frozenset(missing)


def _values(facts: dict[str, Any]) -> Iterator[tuple]:
    return (every if facts[name] is None else (facts[name],) for name, every in UNKNOWN.items())


def _hashable(values: tuple) -> list:
    return [tuple(str(item) for item in value) if isinstance(value, list) else value for value in values]


def _flips(scored: Iterator[tuple]) -> bool:
    """Whether two worlds that are alike in all that is given have different types."""
    seen: dict[tuple, int] = {}
    return any(seen.setdefault(rest, each) != each for rest, each in scored)
