"""The systems that ask whether surgery is for this patient: C-GCLM, JGCA, Yoshida and the rules of two centres."""

from __future__ import annotations

from .completions import System
from .values import NA
from .views import any_of_it, at_most, further_than_16a2_16b1, is_peritoneal, is_up_to_t4a, same

REMNANT_LIMIT_PERCENT = 40
COUNTABLE = 999


def c_gclm(reading):
    """Type I, II or III under one reading of the and/or clause: the worst of the components."""

    def decide(case):
        return ("", "I", "II", "III")[
            max(primary_score(case), nodes_score(case), liver_score(case, reading), outside_score(case))
        ]

    return decide


def primary_score(case):
    status, t, r0 = case["primary_status"], case["t_category"], case["primary_resectable_r0"]
    if status == "resected":
        return 1
    if t == NA:
        return 1 if status == "in_situ" or r0 else 3
    if t != "T4b":
        return 1
    return 2 if r0 else 3


def nodes_score(case):
    nodes = case["nodes_beyond_d2"]
    if nodes - {"16a2", "16b1"}:
        return 3
    return 2 if nodes or case["bulky_n2"] else 1


def liver_score(case, reading):
    if case["liver_diffuse"] or not case["liver_resectable_r0"]:
        return 3
    is_few, is_small = case["liver_lesion_count"] <= 3, case["liver_max_diameter_mm"] <= 40
    is_one_lobe = case["liver_lobes"] != "both"
    is_inside = {
        "A": (is_few and is_small) or is_one_lobe,
        "B": is_few and (is_small or is_one_lobe),
        "C": is_few and is_small and is_one_lobe,
    }[reading]
    return 1 if is_inside and not case["liver_major_vessel_or_duct_involved"] else 2


def outside_score(case):
    return 3 if case["peritoneum"] != "P0" or case["distant_sites"] or case["cytology"] == "CY1" else 1


def c_gclm_system(reading="B"):
    return System(
        c_gclm(reading),
        {
            "primary_status": same,
            "t_category": is_up_to_t4a,
            "primary_resectable_r0": same,
            "nodes_beyond_d2": further_than_16a2_16b1,
            "bulky_n2": same,
            "liver_lesion_count": at_most(3, COUNTABLE),
            "liver_max_diameter_mm": at_most(40),
            "liver_lobes": lambda lobes: lobes == "both",
            "liver_major_vessel_or_duct_involved": same,
            "liver_diffuse": same,
            "liver_resectable_r0": same,
            "peritoneum": is_peritoneal,
            "distant_sites": any_of_it,
            "cytology": same,
        },
        not_applicable=("t_category",),
        unstated=("t_category", ("primary_status", lambda status: status == "local_recurrence")),
        heard=("liver_vessel_contact",),
    )


def jgca(case):
    """Small in number: one, or up to three by an operational limit; R0, and no other factor against cure."""
    is_primary_out = case["primary_status"] == "resected"
    if case["liver_diffuse"] or not case["liver_resectable_r0"] or case["liver_lesion_count"] > 3:
        return "no_resection"
    if not is_primary_out and not case["primary_resectable_r0"]:
        return "no_resection"
    if case["nodes_beyond_d2"] or outside_score(case) == 3:
        return "no_resection"
    return "resection" if case["liver_lesion_count"] == 1 else "resection_operational"


def yoshida(case):
    """1 technically resectable, 2 marginal, 4 peritoneal and another organ (the liver); 3 has no liver metastasis."""
    if case["peritoneum"] != "P0":
        return "4"
    is_marginal = (
        case["liver_diffuse"]
        or case["liver_lesion_count"] >= 2
        or case["liver_max_diameter_mm"] > 50
        or case["liver_vessel_contact"]
        or case["liver_major_vessel_or_duct_involved"]
        or not case["liver_resectable_r0"]
    )
    return "2" if is_marginal or case["nodes_beyond_d2"] - {"16a2", "16b1"} or case["distant_sites"] else "1"


def shizuoka(case):
    """Up to three, performance status 0 or 1, no other metastasis; of positive cytology nothing is said."""
    if case["liver_diffuse"] or case["liver_lesion_count"] > 3 or case["ecog"] > 1:
        return "not_met"
    if case["nodes_beyond_d2"] or case["distant_sites"] or case["peritoneum"] != "P0":
        return "not_met"
    return "cannot_say" if case["cytology"] == "CY1" else "meets"


def wjgpt(case):
    """Up to five of any size, CY0 or CY1, remnant above 40 %; not with P1 or unresectable disease elsewhere."""
    if case["liver_diffuse"] or case["liver_lesion_count"] > 5 or case["flr_percent"] <= REMNANT_LIMIT_PERCENT:
        return "not_met"
    if case["peritoneum"] != "P0" or (case["nodes_beyond_d2"] and not case["nodes_resectable"]):
        return "not_met"
    return "cannot_say" if case["nodes_beyond_d2"] or case["distant_sites"] else "meets"


def regatta(case):
    """Two to four of 10 to 50 mm as the single factor that cannot be cured, primary in place."""
    size = case["liver_max_diameter_mm"]
    if case["liver_diffuse"] or not 2 <= case["liver_lesion_count"] <= 4 or size < 10 or size > 50:
        return "not_met"
    if case["peritoneum"] != "P0" or case["distant_sites"] or case["primary_status"] != "in_situ":
        return "not_met"
    if case["nodes_beyond_d2"] & {"16a1", "16b2"}:
        return "not_met"
    return "cannot_say" if case["nodes_beyond_d2"] or case["cytology"] == "CY1" else "meets"


def regatta_nodes(nodes):
    return "none" if not nodes else "a1_b2" if nodes & {"16a1", "16b2"} else "others"


def regatta_size(size):
    return 0 if size < 10 else 1 if size <= 50 else 2


LIVER = {"liver_diffuse": same}
ELSEWHERE = {
    "nodes_beyond_d2": any_of_it,
    "distant_sites": any_of_it,
    "peritoneum": is_peritoneal,
    "cytology": same,
}

SYSTEMS = {
    "c-gclm": c_gclm_system(),
    "jgca": System(
        jgca,
        LIVER
        | ELSEWHERE
        | {
            "liver_lesion_count": at_most(1, 3),
            "liver_resectable_r0": same,
            "primary_status": same,
            "primary_resectable_r0": same,
            "t_category": is_up_to_t4a,
        },
    ),
    "yoshida": System(
        yoshida,
        LIVER
        | {
            "liver_lesion_count": at_most(1, 3),
            "liver_max_diameter_mm": at_most(50),
            "liver_vessel_contact": same,
            "liver_major_vessel_or_duct_involved": same,
            "liver_resectable_r0": same,
            "nodes_beyond_d2": further_than_16a2_16b1,
            "distant_sites": any_of_it,
            "peritoneum": is_peritoneal,
        },
    ),
    "shizuoka": System(shizuoka, LIVER | ELSEWHERE | {"liver_lesion_count": at_most(3), "ecog": at_most(1)}),
    "wjgpt": System(
        wjgpt,
        LIVER
        | {
            "liver_lesion_count": at_most(5),
            "flr_percent": at_most(REMNANT_LIMIT_PERCENT),
            "peritoneum": is_peritoneal,
            "nodes_beyond_d2": any_of_it,
            "nodes_resectable": same,
            "distant_sites": any_of_it,
        },
    ),
    "regatta": System(
        regatta,
        LIVER
        | {
            "liver_lesion_count": at_most(1, 4),
            "liver_max_diameter_mm": regatta_size,
            "peritoneum": is_peritoneal,
            "cytology": same,
            "nodes_beyond_d2": regatta_nodes,
            "distant_sites": any_of_it,
            "primary_status": same,
        },
    ),
}
