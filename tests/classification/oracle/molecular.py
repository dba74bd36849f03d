"""The molecular classes, and the guidelines that answer every liver metastasis alike."""

from __future__ import annotations

from .completions import System
from .values import NA
from .views import below, groups, same


def her2_is_positive(ihc, ish):
    return ihc == "3+" or (ihc == "2+" and ish == "positive")


def her2(case):
    return "positive" if her2_is_positive(case["her2_ihc"], case["her2_ish"]) else "negative"


def her2_tier(case):
    if her2_is_positive(case["her2_ihc"], case["her2_ish"]):
        return "high"
    return {"0": "none", "1+": "low", "2+": "medium"}[case["her2_ihc"]]


def is_deficient(case):
    """One test stands for both; MSI low counts with stable. Where MSI is known it decides."""
    return case["mmr"] == "deficient" if case["msi"] == NA else case["msi"] == "high"


def repair(case):
    return "deficient" if is_deficient(case) else "proficient"


def tcga(case):
    if case["ebv"] == "positive":
        return "EBV"
    if is_deficient(case):
        return "MSI"
    return "CIN-like" if case["p53_ihc"] == "aberrant" else "GS-like"


def band(fact, limits, names):
    return lambda case: names[below(*limits)(case[fact])]


def afp(case):
    return "raised" if case["afp_ng_ml"] >= 20 or case["histology"] == "hepatoid" else "not-raised"


def her2_disagrees(case):
    """A status stated alone against what the method gives."""
    status = case["her2_status"]
    return status != NA and (status == "positive") != her2_is_positive(case["her2_ihc"], case["her2_ish"])


def her2_disagrees_without_ish(case):
    return her2_disagrees(case) and case["her2_ihc"] != "2+"


def her2_disagrees_by_ish(case):
    return her2_disagrees(case) and case["her2_ihc"] == "2+"


def repair_disagrees(case):
    return case["msi"] != NA and (case["mmr"] == "deficient") != (case["msi"] == "high")


def claudin_disagrees(case):
    status = case["cldn18_2_status"]
    return status != NA and (status == "positive") != (case["cldn18_2_percent"] >= 75)


HER2 = {
    "views": {"her2_ihc": same, "her2_ish": same, "her2_status": same},
    "not_applicable": ("her2_status",),
    "unstated": ("her2_status", None),
    "ties": (
        (("her2_status", "her2_ihc"), her2_disagrees_without_ish),
        (("her2_status", "her2_ihc", "her2_ish"), her2_disagrees_by_ish),
    ),
    "from_restaging": ("her2_ihc", "her2_ish", "her2_status"),
}
REPAIR = {
    "not_applicable": ("msi",),
    "unstated": ("msi", None),
    "ties": ((("mmr", "msi"), repair_disagrees),),
}


def one_marker(fact, limits, names):
    return System(band(fact, limits, names), {fact: below(*limits)}, from_restaging=(fact,))


def alike(category):
    return System(lambda case: category, {"liver_metastasis": lambda value: 0})


SYSTEMS = {
    "tnm": alike("IVB"),
    **{name: alike("no_upfront_surgery") for name in ("nccn", "csco", "esmo", "kgca")},
    "her2": System(her2, **HER2),
    "her2-csco": System(her2_tier, **HER2),
    "mmr-msi": System(repair, {"mmr": same, "msi": same}, from_restaging=("mmr", "msi"), **REPAIR),
    "pdl1-cps": one_marker("pdl1_cps", (1, 5, 10), ("below-1", "1-4", "5-9", "10-plus")),
    "pdl1-tap": one_marker("pdl1_tap_percent", (5,), ("below-5", "5-plus")),
    "cldn18-2": System(
        band("cldn18_2_percent", (40, 75), ("below-40", "40-74", "75-plus")),
        {"cldn18_2_percent": below(40, 75), "cldn18_2_status": same},
        not_applicable=("cldn18_2_status",),
        unstated=("cldn18_2_status", None),
        ties=((("cldn18_2_percent", "cldn18_2_status"), claudin_disagrees),),
        from_restaging=("cldn18_2_percent", "cldn18_2_status"),
    ),
    "ebv": System(lambda case: case["ebv"], {"ebv": same}, from_restaging=("ebv",)),
    "fgfr2b": one_marker("fgfr2b_percent", (10,), ("below-10", "10-plus")),
    "afp": System(afp, {"afp_ng_ml": below(20), "histology": groups(("hepatoid",))}, from_restaging=("afp_ng_ml",)),
    "tcga-surrogate": System(
        tcga,
        {"ebv": same, "mmr": same, "msi": same, "p53_ihc": same},
        from_restaging=("ebv", "mmr", "msi", "p53_ihc"),
        **REPAIR,
    ),
}
