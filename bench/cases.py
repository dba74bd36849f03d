"""Random cases for the measurements: what is known of a liver, a primary and the rest, and 28 facts no rule reads.

A case has three forms. ``facts`` is the facts object as the project stores it: what is not known is left out.
``full`` is the same with a null for it. ``plain`` is for the peers, which cannot derive a lobe from segments in a
rule of theirs: nulls, and each lesion carries its lobe, worked out outside the clock.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

INCOMPLETE_SHARE = 0.31
LESIONS = range(1, 13)
LESION_WEIGHTS = (10, 12, 12, 11, 10, 9, 9, 8, 7, 5, 4, 3)
"""Mean 5.4 lesions."""
SEGMENTS = {
    "left": (["2"], ["3"], ["4a"], ["4b"], ["2", "3"]),
    "right": (["5"], ["6"], ["7"], ["8"], ["6", "7"]),
    "both": (["4b", "5"], ["4a", "8"]),
}
READ = (
    "primary_status",
    "t_category",
    "primary_resectable_r0",
    "bulky_n2",
    "nodes_beyond_d2",
    "liver_diffuse",
    "liver_lesions_complete",
    "liver_resectable_r0",
    "peritoneum",
    "distant_sites",
    "cytology",
)
LESION_PARTS = ("segments", "diameter_mm", "nature", "vessel_relation")
UNREAD = {
    "timing": ("synchronous", "metachronous"),
    "before_any_systemic_therapy": (True,),
    "liver_metastasis": ("confirmed", "clinical"),
    "n_category": ("N0", "N1", "N2", "N3"),
    "symptoms": ([], ["bleeding"]),
    "t_basis": ("c",),
    "tumour_site": ("upper", "middle", "lower"),
    "histology": ("tubular", "papillary", "mucinous"),
    "lauren": ("intestinal", "diffuse", "mixed"),
    "differentiation": ("well", "moderate", "poor"),
    "flr_percent": tuple(range(25, 80)),
    "liver_background": ("normal", "chemotherapy_injured"),
    "liver_imaging": ("ct_contrast", "mri_hepatobiliary"),
    "staging_laparoscopy_done": (True, False),
    "ascites": (True, False),
    "her2_ihc": ("0", "1+", "2+", "3+"),
    "her2_ish": ("positive", "negative"),
    "mmr": ("deficient", "proficient"),
    "pdl1_cps": tuple(range(0, 60)),
    "cldn18_2_percent": tuple(range(0, 100)),
    "ebv": ("positive", "negative"),
    "cea_ng_ml": tuple(range(1, 200)),
    "age_years": tuple(range(30, 88)),
    "ecog": (0, 1, 2),
    "child_pugh": ("A", "B"),
    "albumin_g_l": tuple(range(28, 48)),
    "accepts_surgery": (True, False),
    "accepts_systemic_therapy": (True, False),
}


@dataclass(frozen=True, slots=True)
class RandomCase:
    """One case in its three forms."""

    facts: dict[str, Any]
    plain: dict[str, Any]
    full: dict[str, Any]
    is_incomplete: bool


def _lesion(rng: random.Random, home: str) -> dict[str, Any]:
    side = home if rng.random() < 0.85 else rng.choice(("left", "right", "both"))
    return {
        "segments": rng.choice(SEGMENTS[side]),
        "diameter_mm": round(rng.uniform(6, 46), 1),
        "nature": "metastasis" if rng.random() < 0.94 else "benign",
        "vessel_relation": "invades" if rng.random() < 0.02 else rng.choice(("clear", "clear", "clear", "abuts")),
    }


def _complete(rng: random.Random) -> dict[str, Any]:
    """Every fact that the type depends on. Mostly good news, so that each type and each rule gets its share."""
    home = rng.choice(("left", "right"))
    number = rng.choices(LESIONS, LESION_WEIGHTS)[0]
    lesions = [_lesion(rng, home) for _ in range(number)]
    lesions[0]["nature"] = "metastasis"
    return {
        "primary_status": rng.choice(("in_situ", "in_situ", "in_situ", "resected")),
        "t_category": rng.choice(("T1", "T2", "T3", "T3", "T4a", "T4a", "T4b")),
        "primary_resectable_r0": rng.random() < 0.8,
        "bulky_n2": rng.random() < 0.1,
        "nodes_beyond_d2": rng.choice(([],) * 9 + (["16a2"], ["16b1", "16a2"], ["16b2"])),
        "liver_lesions": lesions,
        "liver_lesions_complete": True,
        "liver_diffuse": None,  # follows from a complete list
        "liver_resectable_r0": rng.random() < 0.85,
        "peritoneum": rng.choice(("P0",) * 14 + ("P1", "P1a")),
        "distant_sites": [] if rng.random() < 0.93 else [{"site": "lung", "count": 2}],
        "cytology": "CY0" if rng.random() < 0.93 else "CY1",
    }


def _forget(rng: random.Random, facts: dict[str, Any]) -> None:
    """Make one thing of a case unknown: a fact, a part of a lesion, or whether a lesion or the list counts."""
    kind = rng.choice(("fact",) * 5 + ("lesion",) * 4 + ("list",))
    if kind == "fact":
        facts[rng.choice([name for name in READ if name not in ("liver_diffuse", "liver_lesions_complete")])] = None
    elif kind == "lesion":
        lesion = rng.choice(facts["liver_lesions"])
        part = rng.choice(LESION_PARTS)
        if part != "nature":
            lesion[part] = None
        elif lesion is not facts["liver_lesions"][0]:  # one sure metastasis stays: it is why there is a case at all
            lesion["nature"] = "indeterminate"
    else:
        facts["liver_lesions_complete"] = None
        facts["liver_diffuse"] = rng.choice((None, None, False))


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    known = {name: value for name, value in facts.items() if value is not None}
    known["liver_lesions"] = [
        {name: value for name, value in lesion.items() if value is not None} for lesion in facts["liver_lesions"]
    ]
    return known


def plain_of(facts: dict[str, Any]) -> dict[str, Any]:
    """The form of the peers: the same facts, each lesion with its lobe and without the project's segment codes."""
    lesions = []
    for lesion in facts["liver_lesions"]:
        lobe = next((lobe for lobe, choices in SEGMENTS.items() if lesion["segments"] in choices), None)
        rest = {name: lesion[name] for name in LESION_PARTS if name != "segments"}
        lesions.append({**rest, "lobe": lobe})
    return {**facts, "liver_lesions": lesions}


def random_cases(number: int, seed: int) -> Iterator[RandomCase]:
    """Seeded cases; the share of incomplete ones is that of the measurement, not of a hospital."""
    rng = random.Random(seed)
    for _ in range(number):
        facts = _complete(rng)
        is_incomplete = rng.random() < INCOMPLETE_SHARE
        if is_incomplete:
            before = repr(facts)
            while repr(facts) == before:
                for _defect in range(rng.choice((1, 1, 2, 3))):
                    _forget(rng, facts)
        facts.update({name: rng.choice(values) for name, values in UNREAD.items()})
        yield RandomCase(_known(facts), plain_of(facts), facts, is_incomplete)
