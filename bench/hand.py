"""The consensus type (reading A) written by hand: the floor that generated code is measured against.

``compact`` answers with the type, one word of 15 three-valued criteria (two bits each: 1 no, 2 yes, 3 open), and the
facts that can change the type. Lists with an open nature, or not known to be complete, are rare and enumerated.
"""

from __future__ import annotations

from typing import Any

from .hand_worlds import liver_by_worlds

CRITERIA = (
    "primary_removed", "not_deeper_than_t4a", "primary_resectable", "not_bulky", "none_beyond_d2", "up_to_16a2_16b1",
    "liver_resectable", "not_diffuse", "up_to_three", "up_to_40_mm", "one_lobe", "vessels_free", "p0", "no_other_organ",
    "cy0",
)  # fmt: skip
FAR = frozenset(("16a1", "16b2", "mediastinal", "supraclavicular", "other"))
CODE = {"left": 1, "right": 2, "both": 3}
NO, YES, OPEN = 1, 2, 3
TYPES = {1: "I", 2: "II", 3: "III"}
Answer = tuple[str, int, tuple[str, ...]]


def label_only(case: dict[str, Any]) -> str:
    """I, II, III, or U: the best and the worst completion; no states and no missing facts."""
    low = high = 1
    if case["primary_status"] != "resected":
        t, resectable = case["t_category"], case["primary_resectable_r0"]
        if t is None or t == "T4b":
            deep = 3 if resectable is False else 2
            if t is not None and case["primary_status"] is not None:
                low = deep
            high = 2 if resectable else 3
    nodes = case["nodes_beyond_d2"]
    if nodes is None:
        high = 3
        if case["bulky_n2"]:
            low = max(low, 2)
    elif nodes:
        score = 3 if not FAR.isdisjoint(nodes) else 2
        low, high = max(low, score), max(high, score)
    elif case["bulky_n2"] is not False:
        high = max(high, 2)
        if case["bulky_n2"]:
            low = max(low, 2)
    if case["peritoneum"] not in (None, "P0") or case["distant_sites"] or case["cytology"] == "CY1":
        return "III"
    if case["peritoneum"] is None or case["distant_sites"] is None or case["cytology"] is None:
        high = 3
    if case["liver_diffuse"] or case["liver_resectable_r0"] is False:
        return "III"
    best, worst = _liver_ends(case)
    low, high = max(low, best), max(high, worst)
    return TYPES[low] if low == high else "U"


def _liver_ends(case: dict[str, Any]) -> tuple[int, int]:
    sure = most = sure_lobes = all_lobes = 0
    is_large = may_be_large = is_involved = may_be_involved = is_lobe_open = False
    for lesion in case["liver_lesions"]:
        nature = lesion["nature"]
        if nature == "benign":
            continue
        most += 1
        size, vessel = lesion["diameter_mm"], lesion["vessel_relation"]
        lobe = CODE.get(lesion["lobe"], 0)
        all_lobes |= lobe
        if not lobe:
            is_lobe_open = True
        if size is None or size > 40:
            may_be_large = True
        if vessel is None or vessel == "invades":
            may_be_involved = True
        if nature == "metastasis":
            sure += 1
            sure_lobes |= lobe
            if size is not None and size > 40:
                is_large = True
            if vessel == "invades":
                is_involved = True
    best = 1 if not is_involved and (sure_lobes != 3 or (sure <= 3 and not is_large)) else 2
    if not case["liver_lesions_complete"]:
        return best, 2 if case["liver_resectable_r0"] and case["liver_diffuse"] is False else 3
    worst_one_lobe = all_lobes != 3 and not is_lobe_open
    worst = 1 if not may_be_involved and (worst_one_lobe or (most <= 3 and not may_be_large)) else 2
    return best, worst if case["liver_resectable_r0"] else 3


def compact(case: dict[str, Any]) -> Answer:
    """Type, word of states, missing facts. Exact: a fact is listed if some completion flips on it alone."""
    status, t, primary = case["primary_status"], case["t_category"], case["primary_resectable_r0"]
    nodes, bulky = case["nodes_beyond_d2"], case["bulky_n2"]
    peritoneum, sites, cytology = case["peritoneum"], case["distant_sites"], case["cytology"]
    resectable = case["liver_resectable_r0"]

    removed = OPEN if status is None else YES if status == "resected" else NO
    shallow = OPEN if t is None else NO if t == "T4b" else YES
    en_bloc = OPEN if primary is None else YES if primary else NO
    slim = OPEN if bulky is None else NO if bulky else YES
    if nodes is None:
        near = within = OPEN
    elif nodes:
        near, within = NO, YES if FAR.isdisjoint(nodes) else NO
    else:
        near = within = YES
    liver = OPEN if resectable is None else YES if resectable else NO
    p0 = OPEN if peritoneum is None else YES if peritoneum == "P0" else NO
    alone = OPEN if sites is None else NO if sites else YES
    cy0 = OPEN if cytology is None else YES if cytology == "CY0" else NO

    # reach as a mask of scores: 1 << score
    if removed == YES or shallow == YES:
        a = 2
    else:
        deep = 4 if en_bloc == YES else 8 if en_bloc == NO else 12
        a = deep if removed == NO and shallow == NO else 2 | deep
    b = (
        2 if slim == YES and near == YES
        else (8 if within == NO else 4) if near == NO
        else (2 if slim == YES else 4 if slim == NO else 6) if near == YES
        else 12 | (0 if slim == NO else 2)
    )  # fmt: skip
    c, small, few, one, free, spread, tops = _liver(case, liver)
    d = 8 if NO in (p0, alone, cy0) else 10 if OPEN in (p0, alone, cy0) else 2

    word = (
        removed | shallow << 2 | en_bloc << 4 | slim << 6 | near << 8 | within << 10 | liver << 12 | spread << 14
        | few << 16 | small << 18 | one << 20 | free << 22 | p0 << 24 | alone << 26 | cy0 << 28
    )  # fmt: skip
    least = max(a & -a, b & -b, c & -c, d & -d)
    most = max(a, b, c, d)
    if most < least << 1:
        return TYPES[least.bit_length() - 1], word, ()
    return "U", word, _missing((removed, shallow, en_bloc, slim, near, within, p0, alone, cy0), (a, b, c, d), tops)


def _missing(states: tuple[int, ...], reach: tuple[int, ...], tops: tuple) -> tuple[str, ...]:
    removed, shallow, en_bloc, slim, near, _within, p0, alone, cy0 = states
    a, b, c, d = ((mask & -mask).bit_length() - 1 for mask in reach)
    found = []
    floor = max(b, c, d)
    if reach[0] & (reach[0] - 1):
        top = reach[0].bit_length() - 1
        if top > floor:
            if removed == OPEN:
                found.append("primary_status")
            if shallow == OPEN:
                found.append("t_category")
        if en_bloc == OPEN and floor < 3:
            found.append("primary_resectable_r0")
    floor = max(a, c, d)
    if near == OPEN and floor < 3:
        found.append("nodes_beyond_d2")
    if slim == OPEN and near != NO and floor < 2:
        found.append("bulky_n2")
    floor = max(a, b, d)
    found += [name for name, top in tops if top > floor]
    if reach[3] == 10 and max(a, b, c) < 3:
        open_ones = (("peritoneum", p0), ("distant_sites", alone), ("cytology", cy0))
        found += [name for name, state in open_ones if state == OPEN]
    return tuple(found)


def _liver(case: dict[str, Any], liver: int) -> tuple:
    """Reach of scores, five states, and for each open fact the highest score that it alone can change."""
    number = lobes = 0
    is_large = is_size_open = is_involved = is_vessel_open = is_lobe_open = False
    is_listed = case["liver_lesions_complete"]
    for lesion in case["liver_lesions"]:
        nature = lesion["nature"]
        if nature != "metastasis":
            if nature == "benign":
                continue
            is_listed = False
        number += 1
        size, vessel, lobe = lesion["diameter_mm"], lesion["vessel_relation"], lesion["lobe"]
        if size is None:
            is_size_open = True
        elif size > 40:
            is_large = True
        if vessel is None:
            is_vessel_open = True
        elif vessel == "invades":
            is_involved = True
        if lobe is None:
            is_lobe_open = True
        else:
            lobes |= CODE[lobe]
    if not is_listed:
        return liver_by_worlds(case, liver)
    few = YES if number <= 3 else NO
    small = NO if is_large else OPEN if is_size_open else YES
    one = NO if lobes == 3 else OPEN if is_lobe_open else YES
    free = NO if is_involved else OPEN if is_vessel_open else YES
    if liver == NO:
        return 8, small, few, one, free, YES, ()
    may_fit = one != NO or (few == YES and small != NO)
    must_fit = one == YES or (few == YES and small == YES)
    reach = (2 if may_fit and free != NO else 0) | (4 if free != YES or not must_fit else 0)
    if liver == YES and not reach & (reach - 1):
        return reach, small, few, one, free, YES, ()
    tops = []
    if liver == OPEN:
        reach |= 8
        tops.append(("liver_resectable_r0", 3))
    if free == OPEN and may_fit:
        tops.append(("liver_major_vessel_or_duct_involved", 2))
    if free != NO:
        if small == OPEN and few == YES and one != YES:
            tops.append(("liver_max_diameter_mm", 2))
        if one == OPEN and not (few == YES and small == YES):
            tops.append(("liver_lobes", 2))
    return reach, small, few, one, free, YES, tuple(tops)
