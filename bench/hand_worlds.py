"""Rare livers of the hand-written floor: an open nature, or a list that may lack lesions. Enumerated, remembered."""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import inf
from typing import Any

CODE = {"left": 1, "right": 2, "both": 3}
SWAP = {1: 2, 2: 1, 3: 3}
FACTS = (
    "liver_lesion_count", "liver_max_diameter_mm", "liver_lobes", "liver_major_vessel_or_duct_involved",
    "liver_diffuse", "liver_resectable_r0",
)  # fmt: skip
FLAGS = (False, True)
EXTRAS = tuple(product((1, 2, 3, 4, inf), FLAGS, (1, 2, 3), FLAGS))


def liver_by_worlds(case: dict[str, Any], liver: int) -> tuple:
    """As ``hand._liver``: reach, states and tops. Lesions that are wholly known are joined before anything is tried."""
    number, is_large, lobes, is_involved, open_ones = 0, False, 0, False, []
    for lesion in case["liver_lesions"]:
        nature = lesion["nature"]
        if nature == "benign":
            continue
        size, vessel, lobe = lesion["diameter_mm"], lesion["vessel_relation"], lesion["lobe"]
        if nature == "metastasis" and None not in (size, vessel, lobe):
            number += 1
            is_large = is_large or size > 40
            lobes |= CODE[lobe]
            is_involved = is_involved or vessel == "invades"
        else:
            open_ones.append(
                (
                    (True,) if nature == "metastasis" else FLAGS,
                    FLAGS if size is None else (size > 40,),
                    (1, 2, 3) if lobe is None else (CODE[lobe],),
                    FLAGS if vessel is None else (vessel == "invades",),
                )
            )
    is_complete, diffuse = bool(case["liver_lesions_complete"]), case["liver_diffuse"]
    least = number + sum(natures == (True,) for natures, *_ in open_ones)
    sure = [each for each in open_ones if each[0] == (True,)]
    few = 1 if least > 3 else 2 if is_complete and number + len(open_ones) <= 3 else 3
    small = _rails(is_large, 1, sure, open_ones, is_complete)
    free = _rails(is_involved, 3, sure, open_ones, is_complete)
    known = lobes
    for each in sure:
        known |= each[2][0] if len(each[2]) == 1 else 0
    worst = lobes
    for each in open_ones:
        worst |= each[2][0] if len(each[2]) == 1 else 3
    one = 1 if known == 3 else 2 if is_complete and worst != 3 else 3
    spread = 1 if diffuse else 3 if diffuse is None and not is_complete else 2
    # What cannot matter is made alike, so that few livers differ.
    if is_involved or (lobes == 3 and (number > 3 or is_large)):
        base, open_ones = (4, False, 3, True), []
    else:
        if number > 3:
            is_large, open_ones = False, [(n, (False,), o, v) for n, _s, o, v in open_ones]
        if lobes == 2:
            lobes = 1
            open_ones = [(n, s, o if len(o) > 1 else (SWAP[o[0]],), v) for n, s, o, v in open_ones]
        base = (min(number, 4), is_large, lobes, is_involved)  # beyond three no number differs from another
    reach, tops = _answer(base, tuple(sorted(open_ones)), is_complete, diffuse, liver)
    return reach, small, few, one, free, spread, tops


def _rails(is_known: bool, at: int, sure: list, every: list, is_complete: bool) -> int:
    if is_known or any(each[at] == (True,) for each in sure):
        return 1
    return 2 if is_complete and not any(True in each[at] for each in every) else 3


def _score(world: tuple) -> int:
    number, is_large, lobes, is_involved, is_diffuse, is_resectable = world
    if is_diffuse or not is_resectable:
        return 3
    return 1 if not is_involved and (lobes != 3 or (number <= 3 and not is_large)) else 2


@lru_cache(maxsize=100_000)
def _answer(base: tuple, open_ones: tuple, is_complete: bool, diffuse: bool | None, liver: int) -> tuple:
    by_natures: dict[tuple, set[tuple]] = {}
    by_look: dict[tuple, set[int]] = {}
    resectable = {1: (False,), 2: (True,), 3: FLAGS}[liver]
    looks = [list(product(*parts)) for _natures, *parts in open_ones]
    for look in product(*looks):
        for extra in (None,) if is_complete else (None, *EXTRAS):
            for natures in product(*(choice for choice, *_ in open_ones)):
                parts = [base] if base[0] else []
                parts += [(1, *each) for each, counted in zip(look, natures, strict=True) if counted]
                parts += [extra] if extra else []
                if not parts:
                    continue
                lobes = 0
                for part in parts:
                    lobes |= part[2]
                figures = (sum(p[0] for p in parts), any(p[1] for p in parts), lobes, any(p[3] for p in parts))
                may_be_diffuse = not is_complete and figures[0] == inf and lobes == 3
                for is_diffuse in FLAGS if may_be_diffuse else (False,):
                    if diffuse is not None and is_diffuse != diffuse:
                        continue
                    for answer in resectable:
                        world = (*figures, is_diffuse, answer)
                        by_natures.setdefault(natures, set()).add(world)
                        by_look.setdefault((look, extra, is_diffuse, answer), set()).add(_score(world))
    worlds = set().union(*by_natures.values())
    tops = [(name, max(_top(own, at) for own in by_natures.values())) for at, name in enumerate(FACTS)]
    tops.append(("liver_lesions", max(max(scores) if len(scores) > 1 else 0 for scores in by_look.values())))
    reach = 0
    for world in worlds:
        reach |= 1 << _score(world)
    return reach, tuple((name, top) for name, top in tops if top)


def _top(worlds: set[tuple], at: int) -> int:
    """The highest score of two worlds that differ in one fact alone and in their scores."""
    buckets: dict[tuple, set[int]] = {}
    for world in worlds:
        buckets.setdefault(world[:at] + world[at + 1 :], set()).add(_score(world))
    return max((max(scores) for scores in buckets.values() if len(scores) > 1), default=0)
