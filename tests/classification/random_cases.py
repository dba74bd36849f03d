"""Seeded random incomplete cases for comparison with brute force."""

from __future__ import annotations

import random

COUNTS = (1, 2, 3, 4, 5)
SIZES = (20, 40, 40.4, 60)


def maybe(rng: random.Random, share: float, choices):
    return rng.choice(choices) if rng.random() < share else None


def random_lesion(rng: random.Random, is_open: bool) -> dict:
    lesion = {
        "segments": rng.choice((["2"], ["3"], ["4"], ["5"], ["8"], ["4", "5"], ["1"])),
        "diameter_mm": rng.choice(SIZES),
        "nature": rng.choice(("metastasis", "metastasis", "indeterminate", "benign")),
        "vessel_relation": rng.choice(("clear", "clear", "abuts", "invades")),
    }
    for name in rng.sample(sorted(lesion), rng.choice((0, 1)) if is_open else 0):
        del lesion[name]
    return lesion


def random_liver(rng: random.Random, share: float) -> dict:
    facts = {
        "liver_lesion_count": maybe(
            rng, share, (*COUNTS, {"at_least": 2}, {"at_least": 4}, {"at_most": 4}, {"one_of": [3, 4]})
        ),
        "liver_max_diameter_mm": maybe(rng, share, (*SIZES, {"at_most": 40}, {"at_least": 40})),
        "liver_lobes": maybe(rng, share, ("left", "right", "both", {"one_of": ["left", "right"]})),
        "liver_major_vessel_or_duct_involved": maybe(rng, share, (False, False, True)),
        "liver_diffuse": maybe(rng, share * 0.4, (False, False, True)),
        "liver_resectable_r0": maybe(rng, share, (True, True, False)),
    }
    if rng.random() < 0.35:
        facts["liver_lesions_complete"] = rng.choice((True, True, True, False, None))
        is_complete = facts["liver_lesions_complete"] is True
        number = rng.choice((1, 2, 2, 3)) if is_complete else rng.choice((0, 1, 1))
        facts["liver_lesions"] = [random_lesion(rng, at < 2) for at in range(number)]
        for name in ("liver_lesion_count", "liver_max_diameter_mm", "liver_lobes"):
            if rng.random() < 0.7:
                facts[name] = None
    return facts


def random_case(rng: random.Random) -> dict:
    share = rng.choice((0.3, 0.6, 0.85))
    facts = {
        "primary_status": maybe(
            rng, share, ("in_situ", "in_situ", "resected", "local_recurrence", {"one_of": ["in_situ", "resected"]})
        ),
        "t_category": maybe(
            rng, share, ("T2", "T4a", "T4b", "T4", "TX", {"one_of": ["T4a", "T4b"]}, {"not_applicable": True})
        ),
        "primary_resectable_r0": maybe(rng, share, (True, True, False)),
        "bulky_n2": maybe(rng, share, (False, False, True)),
        "nodes_beyond_d2": maybe(
            rng,
            share,
            ([], [], [], ["16a2"], ["16b2"], ["para_aortic_unspecified"], ["16b1", "para_aortic_unspecified"]),
        ),
        "peritoneum": maybe(rng, share, ("P0", "P0", "P0", "P1", "P1b", "PX", {"one_of": ["P0", "P1a"]})),
        "distant_sites": maybe(rng, share, ([], [], [], [{"site": "lung", "count": 2}])),
        "cytology": maybe(rng, share, ("CY0", "CY0", "CY0", "CY1", "CYX")),
        **random_liver(rng, share),
    }
    return {name: value for name, value in facts.items() if value is not None or rng.random() < 0.1}
