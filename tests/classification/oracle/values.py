"""What a statement about one fact leaves open, as plain values. In the oracle's own words: nothing is imported."""

from __future__ import annotations

from itertools import combinations

INF = float("inf")
NA = "not_applicable"
FLAGS = (False, True)
PARA_AORTIC = ("16a1", "16a2", "16b1", "16b2")
STATIONS = (*PARA_AORTIC, "mediastinal", "supraclavicular", "other")
ORGANS = ("lung", "bone", "brain", "adrenal", "ovary", "skin", "other")
SIGN = ("positive", "negative")


def subsets(names):
    return tuple(frozenset(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size))


CHOICES = {
    "timing": ("synchronous", "metachronous"),
    "primary_status": ("in_situ", "resected", "local_recurrence"),
    "liver_metastasis": ("confirmed", "clinical", "suspected", "absent"),
    "best_response": ("CR", "PR", "SD", "PD", "NE"),
    "t_category": ("T0", "T1a", "T1b", "T2", "T3", "T4a", "T4b"),
    "tumour_site": ("upper", "middle", "lower", "whole", "junction_siewert_2", "junction_siewert_3", "remnant"),
    "liver_lobes": ("left", "right", "both"),
    "peritoneum": ("P0", "P1a", "P1b", "P1c"),
    "cytology": ("CY0", "CY1"),
    "her2_ihc": ("0", "1+", "2+", "3+"),
    "her2_ish": SIGN,
    "her2_status": SIGN,
    "mmr": ("deficient", "proficient"),
    "msi": ("high", "low", "stable"),
    "mmr_msi_status": ("deficient", "proficient"),
    "cldn18_2_status": SIGN,
    "ebv": SIGN,
    "p53_ihc": ("aberrant", "wild_type"),
    "histology": (
        "tubular", "papillary", "poorly_cohesive", "mucinous", "mixed", "hepatoid", "adenosquamous", "other",
    ),
}  # fmt: skip
YES_NO = (
    "before_any_systemic_therapy",
    "primary_resectable_r0",
    "bulky_n2",
    "nodes_resectable",
    "liver_major_vessel_or_duct_involved",
    "liver_vessel_contact",
    "liver_diffuse",
    "liver_resectable_r0",
    "staging_laparoscopy_done",
    "ascites",
)
SETS = {"nodes_beyond_d2": subsets(STATIONS), "distant_sites": subsets(ORGANS)}
# Values on both sides of every limit that any of the systems names, and the ends of what may be stated.
NUMBERS = {
    "liver_lesion_count": (1, 2, 3, 4, 5, 6, 9, INF),
    "liver_max_diameter_mm": (5, 10, 30, 40, 40.4, 50, 50.4, 60),
    "prior_systemic_lines": (0, 1, 2, 3),
    "months_on_therapy": (0, 1.9, 2, 3, 6),
    "disease_free_interval_months": (0, 6, 12, 24, 24.5, 30),
    "oesophageal_invasion_mm": (0, 20, 30, 30.5, 40),
    "flr_percent": (0, 20, 30, 40, 40.5, 60),
    "pci": (0, 3, 6, 7, 12),
    "age_years": (0, 17, 18, 50, 75, 76, 80, 81, 120),
    "ecog": (0, 1, 2, 3, 4),
    "pdl1_cps": (0, 0.5, 1, 3, 5, 7, 10, 50),
    "pdl1_tap_percent": (0, 0.5, 1, 3, 5, 50),
    "cldn18_2_percent": (0, 39.9, 40, 60, 74.9, 75, 100),
    "fgfr2b_percent": (0, 9.9, 10, 60),
    "afp_ng_ml": (0, 19.9, 20, 400),
}
COVERS = {
    "t_category": {"T1": ("T1a", "T1b"), "T4": ("T4a", "T4b")},
    "peritoneum": {"P1": ("P1a", "P1b", "P1c")},
}
NOT_KNOWN = {"t_category": "TX", "peritoneum": "PX", "cytology": "CYX"}


def every(fact):
    """All values that matter of a fact."""
    if fact in YES_NO:
        return FLAGS
    return next(table[fact] for table in (CHOICES, SETS, NUMBERS) if fact in table)


def allowed(fact, stated):
    """The values that a fact may have, given the statement; None says that nothing was stated."""
    if stated is None or stated == {NA: True}:
        return every(fact)
    if isinstance(stated, dict) and "one_of" in stated:
        return tuple(value for each in stated["one_of"] for value in allowed(fact, each))
    if isinstance(stated, dict):
        ends = [stated.get("at_least"), stated.get("at_most")]
        low, high = (0 if ends[0] is None else ends[0]), (INF if ends[1] is None else ends[1])
        between = [value for value in NUMBERS[fact] if low <= value <= high]
        return (*between, *(end for end in ends if end is not None))
    if fact in SETS:
        return sets_of([item["site"] if isinstance(item, dict) else item for item in stated])
    if stated == NOT_KNOWN.get(fact):
        return every(fact)
    return COVERS.get(fact, {}).get(stated, (stated,))


def sets_of(names):
    """The sets that a stated list may stand for: para-aortic without a station is at least one of four."""
    sure = frozenset(names) - {"para_aortic_unspecified"}
    if "para_aortic_unspecified" not in names:
        return (sure,)
    return tuple(sure | some for some in subsets(PARA_AORTIC) if some)
