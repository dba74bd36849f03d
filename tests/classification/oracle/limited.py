"""The systems that ask whether the disease is limited, and the trials: they follow the course of treatment."""

from __future__ import annotations

from .completions import System
from .views import any_of_it, at_most, by_region, groups, is_peritoneal, is_up_to_t4a, ranged, same

COURSE = ("before_any_systemic_therapy", "best_response", "months_on_therapy", "prior_systemic_lines")
RETROPERITONEAL = ("none", "para_aortic")


def response(case):
    """How the disease took systemic treatment: before any, controlled, progressed, or not evaluated."""
    if case["before_any_systemic_therapy"]:
        return "before"
    seen = {"PD": "progressed", "CR": "controlled", "PR": "controlled", "SD": "controlled"}
    return seen.get(case["best_response"], "not_evaluated")


def worst(order, *verdicts):
    """The verdict that counts most: the last one in an order."""
    return max(verdicts, key=order.index)


def flot3(case):
    """Nodes behind the peritoneum and/or one organ; fewer than five in the liver; surgery unless it progresses."""
    region = by_region(case["nodes_beyond_d2"])
    if case["liver_diffuse"] or case["liver_lesion_count"] >= 5 or case["ecog"] > 1:
        return "not_limited"
    if case["peritoneum"] != "P0" or case["ascites"] or case["distant_sites"] or region == "outside":
        return "not_limited"
    is_in_place = case["primary_status"] == "in_situ"
    if response(case) == "progressed" or (is_in_place and not case["primary_resectable_r0"]):
        return "no_surgery"
    return "cannot_say" if region == "other" or case["cytology"] == "CY1" or not is_in_place else "limited"


def renaissance(case):
    """The same pattern with up to five, potentially resectable; previously untreated; no progression."""
    region = by_region(case["nodes_beyond_d2"])
    if case["liver_diffuse"] or case["liver_lesion_count"] > 5 or case["ecog"] > 1 or region == "outside":
        return "no_match"
    if case["peritoneum"] != "P0" or case["ascites"] or case["distant_sites"] or response(case) == "progressed":
        return "no_match"
    if case["primary_status"] != "in_situ" or not case["primary_resectable_r0"]:
        return "no_match"
    if not case["liver_resectable_r0"] or region == "other" or case["cytology"] == "CY1":
        return "cannot_say"
    return "cannot_say" if response(case) == "not_evaluated" else "potential_match"


def omec(case):
    """One organ with up to three, or one node station; the two are alternatives. No progression at restaging."""
    if case["liver_diffuse"] or case["liver_lesion_count"] > 3 or case["nodes_beyond_d2"]:
        return "not_oligometastatic"
    if case["distant_sites"] or case["peritoneum"] != "P0" or response(case) == "progressed":
        return "not_oligometastatic"
    if case["cytology"] == "CY1":
        return "cannot_say"
    return "pending" if response(case) == "not_evaluated" else "oligometastatic"


def bertinoro(case):
    """Regresses or stays stable on treatment; liver up to three and resectable; of two sites nothing is said."""
    sites, nodes, region = case["distant_sites"], case["nodes_beyond_d2"], by_region(case["nodes_beyond_d2"])
    is_peritoneal_too = case["peritoneum"] != "P0"
    if case["liver_diffuse"] or case["liver_lesion_count"] > 3 or not case["liver_resectable_r0"]:
        return "not_oligometastatic"
    if sites - {"lung"} or region in ("outside", "other") or (is_peritoneal_too and case["pci"] > 6):
        return "not_oligometastatic"
    if response(case) == "progressed":
        return "not_oligometastatic"
    if sites or nodes or is_peritoneal_too or case["cytology"] == "CY1":
        return "cannot_say"
    return "oligometastatic" if response(case) == "controlled" else "pending"


def anhui(case):
    """Distal cancer with one factor: up to four metastases of up to 40 mm; 18 to 75 years, performance status 0-1."""
    if case["liver_diffuse"] or case["liver_lesion_count"] > 4 or case["liver_max_diameter_mm"] > 40:
        return "no_match"
    if case["tumour_site"] not in ("lower", "middle") or case["primary_status"] != "in_situ":
        return "no_match"
    if case["nodes_beyond_d2"] or case["distant_sites"] or case["peritoneum"] != "P0":
        return "no_match"
    if not 18 <= case["age_years"] <= 75 or case["ecog"] > 1:
        return "no_match"
    is_open = case["tumour_site"] == "middle" or not case["primary_resectable_r0"] or case["cytology"] == "CY1"
    return "cannot_say" if is_open or response(case) == "progressed" else "potential_match"


def surgigast(case):
    """Nodes behind the peritoneum and/or one organ, two months of treatment without progression, 18 to 80 years."""
    region, course = by_region(case["nodes_beyond_d2"]), response(case)
    is_in_place = case["primary_status"] == "in_situ"
    if not 18 <= case["age_years"] <= 80 or region == "outside" or case["distant_sites"] or course == "progressed":
        return "no_match"
    if case["peritoneum"] != "P0" or (is_in_place and not case["primary_resectable_r0"]):
        return "no_match"
    is_open = not case["liver_resectable_r0"] or region == "other" or case["cytology"] == "CY1" or not is_in_place
    is_early = course == "before" or case["months_on_therapy"] < 2
    if is_open or (course == "not_evaluated" and not is_early):
        return "cannot_say"
    return "pending" if is_early else "potential_match"


def jcog2301(case):
    """Unresectable before chemotherapy (four or more, far nodes, P1b or P1c), then a remarkable response."""
    far = case["nodes_beyond_d2"] & {"16a1", "16b2", "mediastinal", "supraclavicular"}
    is_unresectable = case["liver_diffuse"] or case["liver_lesion_count"] > 3 or case["peritoneum"] in ("P1b", "P1c")
    is_unresectable = is_unresectable or bool(far)
    is_other_only = not is_unresectable and "other" in case["nodes_beyond_d2"]
    if not is_unresectable and not is_other_only:
        return "no_match"
    if response(case) == "progressed" or case["oesophageal_invasion_mm"] > 30:
        return "no_match"
    is_stable = response(case) == "controlled" and case["best_response"] == "SD"
    if is_other_only or is_stable:
        return "cannot_say"
    return "potential_match" if response(case) == "controlled" else "pending"


def jcog_nodes(nodes):
    if nodes & {"16a1", "16b2", "mediastinal", "supraclavicular"}:
        return "far"
    return "other" if "other" in nodes else "near"


LIVER = {"liver_diffuse": same}
RESPONSE = {"before_any_systemic_therapy": same, "best_response": same}
PRIMARY = {"primary_status": groups(("in_situ",)), "primary_resectable_r0": same, "t_category": is_up_to_t4a}
ELSEWHERE = {"distant_sites": any_of_it, "peritoneum": is_peritoneal, "cytology": same}


def following(decide, *views, not_applicable=("best_response",)):
    """A system that follows the course."""
    every = {fact: view for part in views for fact, view in part.items()}
    return System(decide, every, not_applicable=not_applicable, from_restaging=COURSE)


BY_RESPONSE = {"before_any_systemic_therapy": same, "best_response": groups(("CR", "PR", "SD"), ("PD",))}
SYSTEMS = {
    "flot3-b": following(
        flot3,
        LIVER, BY_RESPONSE, PRIMARY, ELSEWHERE,
        {"liver_lesion_count": at_most(4), "nodes_beyond_d2": by_region, "ascites": same, "ecog": at_most(1)},
    ),
    "renaissance": following(
        renaissance,
        LIVER, BY_RESPONSE, PRIMARY, ELSEWHERE,
        {"liver_lesion_count": at_most(3, 5), "liver_resectable_r0": same},
        {"nodes_beyond_d2": by_region, "ascites": same, "ecog": at_most(1)},
    ),
    "omec": following(
        omec, LIVER, BY_RESPONSE, ELSEWHERE, {"liver_lesion_count": at_most(3), "nodes_beyond_d2": any_of_it}
    ),
    "bertinoro": following(
        bertinoro,
        LIVER, BY_RESPONSE, ELSEWHERE,
        {"liver_lesion_count": at_most(3), "liver_resectable_r0": same, "nodes_beyond_d2": by_region},
        {"pci": at_most(6), "distant_sites": lambda sites: "none" if not sites else sites == {"lung"}},
    ),
    "nct03399253": following(
        anhui,
        LIVER, BY_RESPONSE, PRIMARY, ELSEWHERE,
        {"liver_lesion_count": at_most(4), "liver_max_diameter_mm": at_most(40), "nodes_beyond_d2": any_of_it},
        {"tumour_site": groups(("lower",), ("middle",)), "age_years": ranged(18, 75), "ecog": at_most(1)},
    ),
    "surgigast": following(
        surgigast,
        BY_RESPONSE, PRIMARY, ELSEWHERE,
        {"liver_lesion_count": at_most(3), "liver_resectable_r0": same, "nodes_beyond_d2": by_region},
        {"age_years": ranged(18, 80), "months_on_therapy": lambda months: months >= 2},
    ),
    "jcog2301": following(
        jcog2301,
        LIVER,
        {"before_any_systemic_therapy": same, "best_response": groups(("CR", "PR"), ("SD",), ("PD",))},
        {"liver_lesion_count": at_most(3), "nodes_beyond_d2": jcog_nodes, "oesophageal_invasion_mm": at_most(30)},
        {"peritoneum": lambda p: p in ("P1b", "P1c")},
    ),
}  # fmt: skip
