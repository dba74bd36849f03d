"""Seeded random incomplete cases: every fact that a system reads, in every way in which it can be stated."""

from __future__ import annotations

import random

COUNTS = (1, 2, 3, 4, 5, 6)
SIZES = (5, 10, 20, 40, 40.4, 50, 50.5, 60)
NA = {"not_applicable": True}
YES = (True, True, False)
NO = (False, False, True)
SIGN = ("positive", "negative", {"one_of": ["positive", "negative"]})

# What may be stated of a fact; what is common, and lets other facts matter, stands there more than once.
STATED = {
    "liver_metastasis": ("clinical", "confirmed", "suspected", "clinical", {"one_of": ["suspected", "absent"]}),
    "primary_status": ("in_situ", "in_situ", "resected", "local_recurrence", {"one_of": ["in_situ", "resected"]}, NA),
    "t_category": ("T1", "T2", "T3", "T4a", "T4b", "T4", "TX", {"one_of": ["T4a", "T4b"]}, NA),
    "primary_resectable_r0": (*YES, {"one_of": [True, False]}, NA),
    "bulky_n2": (False, False, True),
    "nodes_resectable": (True, False),
    "nodes_beyond_d2": (
        [], [], [], [], ["16a2"], ["16a1"], ["16b2"], ["16a1", "16b1"], ["mediastinal"], ["other"],
        ["other", "supraclavicular"],
        ["para_aortic_unspecified"], ["16b1", "para_aortic_unspecified"], {"one_of": [[], ["16a2"]]},
    ),
    "peritoneum": ("P0", "P0", "P0", "P1", "P1a", "P1b", "PX", {"one_of": ["P0", "P1a"]}),
    "pci": (3, 6, 7, {"at_most": 6}, {"at_least": 5}, NA),
    "ascites": NO,
    "cytology": ("CY0", "CY0", "CY0", "CY1", "CYX", {"one_of": ["CY0", "CY1"]}),
    "distant_sites": (
        [], [], [], [], [{"site": "lung", "count": 2}], [{"site": "bone"}], [{"site": "lung"}, {"site": "ovary"}],
    ),
    "tumour_site": ("lower", "lower", "middle", "upper", "junction_siewert_2", {"one_of": ["lower", "middle"]}),
    "oesophageal_invasion_mm": (0, 0, 30, 30.5, {"at_most": 20}, {"at_least": 10, "at_most": 40}),
    "flr_percent": (40, 40.1, 55, {"at_least": 30}, {"one_of": [35, 45]}),
    "histology": ("tubular", "hepatoid", {"one_of": ["tubular", "hepatoid"]}),
    "ecog": (0, 1, 1, 2, {"one_of": [1, 2]}, {"at_most": 1}, {"at_least": 2, "at_most": 3}),
    "age_years": (17, 18, 60, 75, 76, 80, 81, {"at_least": 70}, {"at_most": 75}),
    "her2_ihc": ("0", "1+", "2+", "2+", "3+", {"one_of": ["1+", "2+"]}, {"one_of": ["2+", "3+"]}),
    "her2_ish": (*SIGN, NA),
    "her2_status": SIGN,
    "mmr": ("deficient", "proficient", "proficient", {"one_of": ["deficient", "proficient"]}),
    "msi": ("high", "low", "stable", "stable", {"one_of": ["low", "stable"]}, {"one_of": ["high", "stable"]}, NA),
    "pdl1_cps": (0, 0.5, 1, 4.9, 5, 10, {"at_least": 1}, {"at_least": 1, "at_most": 5}, {"one_of": [4, 5]}, NA),
    "pdl1_tap_percent": (0, 4.9, 5, {"at_most": 4}, {"at_most": 5}),
    "cldn18_2_percent": (39, 40, 74.9, 75, {"at_least": 50}, {"at_least": 40, "at_most": 70}, {"one_of": [30, 80]}),
    "cldn18_2_status": SIGN,
    "ebv": SIGN,
    "p53_ihc": ("aberrant", "wild_type"),
    "fgfr2b_percent": (5, 10, {"at_most": 10}),
    "afp_ng_ml": (3, 19.9, 20, {"at_least": 10}, {"at_most": 15}),
    "liver_lesion_count": (
        *COUNTS, {"at_least": 2}, {"at_least": 4}, {"at_most": 4}, {"at_least": 2, "at_most": 5}, {"one_of": [3, 4]},
        400, NA,
    ),
    "liver_max_diameter_mm": (*SIZES, {"at_most": 40}, {"at_least": 40}, {"one_of": [38, 52]}, {"at_most": 9}),
    "liver_lobes": ("left", "right", "both", {"one_of": ["left", "right"]}, {"one_of": ["left", "both"]}, NA),
    "liver_major_vessel_or_duct_involved": (*NO, {"one_of": [True, False]}),
    "liver_vessel_contact": NO,
    "liver_diffuse": NO,
    "liver_resectable_r0": YES,
}  # fmt: skip
RARE = {"liver_diffuse": 0.4, "liver_metastasis": 0.5, "liver_vessel_contact": 0.6}
# Where a test has a status of its own, both are seldom stated: often enough to contradict each other.
SELDOM_BOTH = (("her2_status", "her2_ihc"), ("mmr", "msi"), ("cldn18_2_status", "cldn18_2_percent"))
COURSE = {
    "best_response": ("CR", "PR", "SD", "SD", "PD", "NE", {"one_of": ["PR", "SD"]}, {"one_of": ["SD", "PD"]}, NA),
    "months_on_therapy": (1, 2, 4, {"at_least": 1}, {"at_least": 3}, NA),
    "prior_systemic_lines": (0, 1, {"at_least": 1}),
    "before_any_systemic_therapy": (True, True, True, {"one_of": [True, False]}),
}


def maybe(rng: random.Random, share: float, choices):
    return rng.choice(choices) if rng.random() < share else None


def random_lesion(rng: random.Random, is_open: bool) -> dict:
    lesion = {
        "segments": rng.choice((["2"], ["3"], ["4"], ["5"], ["8"], ["4", "5"], ["1"])),
        "diameter_mm": rng.choice(SIZES),
        "nature": rng.choice(("metastasis", "metastasis", "indeterminate", "benign", "second_primary")),
        "vessel_relation": rng.choice(("clear", "clear", "abuts", "invades")),
    }
    if is_open and rng.random() < 0.5:
        name = rng.choice(sorted(lesion))
        part = {
            "diameter_mm": {"at_least": 30},
            "nature": {"one_of": ["metastasis", "benign"]},
            "vessel_relation": {"one_of": ["clear", "invades"]},
        }.get(name)
        if part is None or rng.random() < 0.6:
            del lesion[name]
        else:
            lesion[name] = part
    return lesion


def add_list(rng: random.Random, facts: dict) -> None:
    """A list of lesions: mostly without figures beside it, else in agreement or in contradiction with them."""
    facts["liver_lesions_complete"] = rng.choice((True, True, True, False, None))
    is_complete = facts["liver_lesions_complete"] is True
    number = rng.choice((0, 1, 2, 2, 3)) if is_complete else rng.choice((0, 1, 1, 2))
    facts["liver_lesions"] = [random_lesion(rng, at < 2) for at in range(number)]
    for name in ("liver_lesion_count", "liver_max_diameter_mm", "liver_lobes", "liver_diffuse"):
        if rng.random() < 0.7:
            facts[name] = None


def random_case(rng: random.Random) -> dict:
    """One incomplete case as JSON data. A fact that is not stated is absent, or sometimes null."""
    share = rng.choice((0.3, 0.6, 0.85, 0.95))
    facts = {name: maybe(rng, share * RARE.get(name, 1), choices) for name, choices in STATED.items()}
    for one, other in SELDOM_BOTH:
        if rng.random() < 0.6:
            facts[rng.choice((one, other))] = None
    if rng.random() < 0.35:
        add_list(rng, facts)
    for name, choices in COURSE.items():
        facts[name] = maybe(rng, share * 0.5, choices)
    if rng.random() < 0.01:
        facts["liver_metastasis"] = "absent"
    if rng.random() < 0.03:
        facts["before_any_systemic_therapy"] = False
    return {name: value for name, value in facts.items() if value is not None or rng.random() < 0.05}


def random_restaging(rng: random.Random) -> dict | None:
    """What was stated at restaging: a course, sometimes a second list or biomarker; None for most cases."""
    if rng.random() < 0.7:
        return None
    facts = {name: maybe(rng, 0.8, choices) for name, choices in COURSE.items()}
    facts["before_any_systemic_therapy"] = rng.choice((False, False, None))
    for name in rng.sample(sorted(STATED), 6):
        facts[name] = rng.choice(STATED[name])
    return {name: value for name, value in facts.items() if value is not None or rng.random() < 0.05}
