"""Facts that follow from other facts. Each function is total and says nothing where nothing follows."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from collections.abc import Mapping

from .facts import UNKNOWN, Standing, known

CLAUDIN_POSITIVE_PERCENT = 75
"""CSCO 2025 digest (source S11 of the project's notes): 75 % or more of tumour cells 2+ or 3+ membranous."""


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some calendar months later; the last day of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def timing(standings: Mapping[str, Standing]) -> Standing:
    """Synchronous if found up to 6 calendar months after gastrectomy (2019 consensus text), from both
    dates.
    """
    operated = standings.get("gastrectomy_on", UNKNOWN)
    found = standings.get("liver_metastasis_found_on", UNKNOWN)
    if operated.kind == found.kind == "known":
        limit = add_months(operated.value, 6)
        return known("synchronous" if found.value <= limit else "metachronous")
    return standings.get("timing", UNKNOWN)


def _choices(standing: Standing, every: tuple[str, ...]) -> tuple[str, ...]:
    if standing.kind == "known":
        return (standing.value,)
    return standing.values if standing.kind == "one_of" else every


def her2_status(standings: Mapping[str, Standing]) -> Standing:
    """3+ or 2+ with ISH positive is positive; 0, 1+, 2+ with ISH negative is negative; 2+ without ISH
    unknown.
    """
    stated = standings.get("her2_status", UNKNOWN)
    if stated.kind == "known":
        return stated
    ihc = standings.get("her2_ihc", UNKNOWN)
    if ihc.kind not in ("known", "one_of"):
        return stated
    reached = set()
    for score in ihc.values or (ihc.value,):
        if score == "2+":
            reached.update(_choices(standings.get("her2_ish", UNKNOWN), ("positive", "negative")))
        else:
            reached.add("positive" if score == "3+" else "negative")
    return known(reached.pop()) if len(reached) == 1 else stated


def mmr_msi_status(standings: Mapping[str, Standing]) -> Standing:
    """One test stands for both: deficient or MSI high, else proficient; open while the two disagree."""
    mmr, msi = standings.get("mmr", UNKNOWN), standings.get("msi", UNKNOWN)
    said = {standing.value for standing in (mmr,) if standing.kind == "known"}
    if msi.kind in ("known", "one_of"):
        reached = {"deficient" if value == "high" else "proficient" for value in msi.values or (msi.value,)}
        said |= reached if len(reached) == 1 else set()
    if said:
        return known(said.pop()) if len(said) == 1 else UNKNOWN
    return standings.get("mmr_msi_status", UNKNOWN)


def cldn18_2_status(standings: Mapping[str, Standing]) -> Standing:
    """Positive from 75 % of tumour cells; a stated percentage goes before a stated status."""
    percent = standings.get("cldn18_2_percent", UNKNOWN)
    if percent.kind in ("known", "one_of", "range"):
        values = percent.values or ((percent.value,) if percent.kind == "known" else ())
        low = min(values) if values else (percent.low if percent.low is not None else 0)
        high = max(values) if values else (percent.high if percent.high is not None else 100)
        if low >= CLAUDIN_POSITIVE_PERCENT or high < CLAUDIN_POSITIVE_PERCENT:
            return known("positive" if low >= CLAUDIN_POSITIVE_PERCENT else "negative")
        return UNKNOWN
    return standings.get("cldn18_2_status", UNKNOWN)


def albi_grade(standings: Mapping[str, Standing]) -> Standing:
    """Grade 1 to -2.60, grade 2 to -1.39, else 3 (Johnson and others, J Clin Oncol 2015; µmol/L and g/L)."""
    bilirubin = standings.get("bilirubin_umol_l", UNKNOWN)
    albumin = standings.get("albumin_g_l", UNKNOWN)
    if bilirubin.kind == albumin.kind == "known" and bilirubin.value > 0:
        score = 0.66 * math.log10(bilirubin.value) - 0.085 * albumin.value
        return known("1" if score <= -2.60 else "2" if score <= -1.39 else "3")
    return standings.get("albi_grade", UNKNOWN)


DERIVED = {
    "timing": timing,
    "her2_status": her2_status,
    "mmr_msi_status": mmr_msi_status,
    "cldn18_2_status": cldn18_2_status,
    "albi_grade": albi_grade,
}


def with_derived(standings: Mapping[str, Standing]) -> dict[str, Standing]:
    """The stated facts plus those that follow from them (liver figures come from ``lesions``)."""
    derived = dict(standings)
    for name, work_out in DERIVED.items():
        standing = work_out(standings)
        if standing.is_stated:
            derived[name] = standing
        else:
            derived.pop(name, None)
    return derived
