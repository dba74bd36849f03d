"""What is usually meant by silence, and what becomes of a case at restaging. In the oracle's own words."""

from __future__ import annotations

from typing import NamedTuple


class Assumption(NamedTuple):
    """``holds`` tests the fact; ``given`` is another fact and a test of it, or None."""

    fact: str
    holds: object
    given: tuple | None = None


def no(value):
    return value is False


def yes(value):
    return value is True


def nothing(value):
    return not value


def up_to_three(value):
    return value <= 3


def up_to_t4a(value):
    return value in ("T0", "T1a", "T1b", "T2", "T3", "T4a")


def p0(value):
    return value == "P0"


def cy0(value):
    return value == "CY0"


ASSUMPTIONS = (
    Assumption("peritoneum", p0),
    Assumption("cytology", cy0),
    Assumption("distant_sites", nothing),
    Assumption("nodes_beyond_d2", nothing),
    Assumption("bulky_n2", no),
    Assumption("liver_major_vessel_or_duct_involved", no),
    Assumption("liver_resectable_r0", yes, ("liver_lesion_count", up_to_three)),
    Assumption("liver_vessel_contact", no),
    Assumption("primary_resectable_r0", yes, ("t_category", up_to_t4a)),
    Assumption("ascites", no),
    Assumption("before_any_systemic_therapy", yes),
)

CARRIED_OVER = {
    "timing", "gastrectomy_on", "liver_metastasis_found_on", "disease_free_interval_months", "tumour_site", "histology",
    "lauren", "differentiation", "her2_ihc", "her2_ish", "her2_status", "her2_specimen", "mmr", "msi", "mmr_msi_status",
    "mmr_msi_specimen", "pdl1_cps", "pdl1_tap_percent", "pdl1_specimen", "cldn18_2_percent", "cldn18_2_status",
    "cldn18_2_specimen", "ebv", "fgfr2b_percent", "p53_ihc", "age_years", "dpyd_activity_score", "comorbidity_note",
    "charlson_index",
}  # fmt: skip
"""What treatment does not change; all else that is to hold at restaging has to be stated again."""


def before_and_now(facts, restaging):
    """(what is known of baseline, what is known now or None, whether anything was recorded at baseline).

    Facts that say of themselves that they were found after treatment began tell of baseline only what carries over.
    """
    kept = {name: value for name, value in facts.items() if name in CARRIED_OVER}
    if restaging is not None:
        now = {**kept, "before_any_systemic_therapy": False, **restaging}
        return {"before_any_systemic_therapy": True, **facts}, now, True
    if facts.get("before_any_systemic_therapy") is False:
        return kept, facts, False
    return facts, None, True


def asked_of(baseline, now, from_restaging):
    """What a system that follows the course is asked: the case at baseline, its course as it is now."""
    if now is None:
        return baseline
    fixed = {name: value for name, value in baseline.items() if name not in from_restaging}
    return fixed | {name: now[name] for name in from_restaging if name in now}
