"""Named conditions on the audit's rows: what a number counts, and what the page of cases behind it shows.

One word in an address stands for one condition, so that a number and its cases cannot part.
"""

from django.db.models import F, Q

from mdt.audit.rows.models import DAYS
from mdt.audit.rows.packed import among, axes_with, flag

PROMPT_DAYS = 7
"""Ready to discussed: within one week of completing diagnosis and staging, as the Australian Optimal Care Pathway for
pancreatic cancer says; for gastric cancer liver metastasis no such number was found."""
RELEASE_WORKING_DAYS = 1
"""Outcome by the end of the next working day, as the Walsall MDT charter says."""

DECIDED = among(axes_with(ended="decided"))
TAKEN = among(axes_with(ended="decided") + axes_with(ended="deferred"))
CLOSED = ~among(axes_with(ended="open"))


def _implemented(*values: str) -> Q:
    return among([axes for value in values for axes in axes_with(ended="decided", implementation=value)])


def _stands(*values: str) -> Q:
    return among([axes for value in values for axes in axes_with(ended="decided", concordance=value)])


FIRST = DECIDED & ~flag("is_again")
FIRST_II = FIRST & Q(confirmed="II")
IN_SURVIVAL = FIRST & ~flag("is_contradictory")
NOT_FOLLOWED = _stands("different_with_reason", "different_without_reason")
NOT_AS_DECIDED = _implemented("partial", "different", "not_done", "lost")
CONDITIONS: dict[str, Q] = {
    "decided": DECIDED,
    "deferred": among(axes_with(ended="deferred")),
    "not_discussed": among(axes_with(ended="not_discussed")),
    "open": among(axes_with(ended="open")),
    "closed": CLOSED,
    "taken": TAKEN,
    "followed": _stands("concordant", "conditional"),
    "not_followed": NOT_FOLLOWED,
    "not_as_decided": NOT_AS_DECIDED,
    "deviation_with_reason": NOT_AS_DECIDED & ~Q(not_done_because=""),
    "unknown": _implemented("unknown"),
    "not_followed_uncoded": NOT_FOLLOWED & Q(departure=""),
    "not_as_decided_uncoded": NOT_AS_DECIDED & Q(not_done_because=""),
    "on_single_proposal": DECIDED & ~_stands("no_proposal"),
    "in_survival": IN_SURVIVAL,
    "died": IN_SURVIVAL & flag("died_on"),
    "not_seen_since": IN_SURVIVAL & ~flag("died_on") & (Q(observed_days__isnull=True) | Q(observed_days__lte=0)),
    "contradictory": FIRST & flag("is_contradictory"),
    "single_proposal": DECIDED & ~Q(proposed=""),
    "proposal_confirmed": DECIDED & ~Q(proposed="") & Q(proposed=F("confirmed")),
    "signed": TAKEN & flag("is_signed"),
    "unsigned": TAKEN & ~flag("is_signed"),
    "quorate": TAKEN & flag("is_quorate"),
    "not_quorate": TAKEN & ~flag("is_quorate"),
    "prospective": DECIDED & flag("is_prospective"),
    "retrospective": DECIDED & flag("is_prospective_known") & ~flag("is_prospective"),
    "prospective_unknown": DECIDED & ~flag("is_prospective_known"),
    "again": TAKEN & flag("is_again"),
    "late": flag("is_late"),
    "no_preference": DECIDED & ~flag("has_preference"),
    "no_comorbidity": DECIDED & ~flag("has_comorbidity"),
    "discussed_promptly": DECIDED & Q(discussed_after_days__lte=PROMPT_DAYS),
    "discussed_slowly": DECIDED & Q(discussed_after_days__gt=PROMPT_DAYS),
    "released_promptly": DECIDED & Q(released_after_days__lte=RELEASE_WORKING_DAYS),
    "released_late": DECIDED & Q(released_after_days__gt=RELEASE_WORKING_DAYS),
    "began": DECIDED & flag("treatment_began_on"),
    "died_untreated": DECIDED & ~flag("treatment_began_on") & flag("died_on"),
    "first_type_ii": FIRST_II,
    "converted": FIRST_II & flag("resected_on"),
    "converted_r0": FIRST_II & flag("is_r0"),
}
for _column in DAYS:
    CONDITIONS[f"{_column}_known"] = DECIDED & Q(**{f"{_column}__isnull": False})
    CONDITIONS[f"{_column}_unknown"] = DECIDED & Q(**{f"{_column}__isnull": True})
