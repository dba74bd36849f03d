"""Named conditions on the audit's rows: what a number counts, and what the page of cases behind it shows.

One word in an address stands for one condition, so that a number and its cases cannot part.
"""

from django.db.models import F, Q

from mdt.audit.rows.packed import among, axes_with

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


FIRST = DECIDED & Q(is_again=False)
FIRST_II = FIRST & Q(confirmed="II")
IN_SURVIVAL = FIRST & Q(is_contradictory=False)
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
    "died": IN_SURVIVAL & Q(died_on__isnull=False),
    "not_seen_since": IN_SURVIVAL
    & Q(died_on__isnull=True)
    & (Q(last_seen_on__isnull=True) | Q(last_seen_on__lte=F("meeting_on"))),
    "contradictory": FIRST & Q(is_contradictory=True),
    "single_proposal": DECIDED & ~Q(proposed=""),
    "proposal_confirmed": DECIDED & ~Q(proposed="") & Q(proposed=F("confirmed")),
    "signed": TAKEN & Q(is_signed=True),
    "unsigned": TAKEN & Q(is_signed=False),
    "quorate": TAKEN & Q(is_quorate=True),
    "not_quorate": TAKEN & Q(is_quorate=False),
    "prospective": DECIDED & Q(is_prospective=True),
    "retrospective": DECIDED & Q(is_prospective=False),
    "prospective_unknown": DECIDED & Q(is_prospective__isnull=True),
    "again": TAKEN & Q(is_again=True),
    "late": Q(is_late=True),
    "no_preference": DECIDED & Q(has_preference=False),
    "no_comorbidity": DECIDED & Q(has_comorbidity=False),
    "discussed_promptly": DECIDED & Q(discussed_after_days__lte=PROMPT_DAYS),
    "discussed_slowly": DECIDED & Q(discussed_after_days__gt=PROMPT_DAYS),
    "discussed_unready": DECIDED & Q(discussed_after_days__isnull=True),
    "released_promptly": DECIDED & Q(released_after_days__lte=RELEASE_WORKING_DAYS),
    "released_late": DECIDED & Q(released_after_days__gt=RELEASE_WORKING_DAYS),
    "not_released": DECIDED & Q(released_after_days__isnull=True),
    "told": DECIDED & Q(told_after_days__isnull=False),
    "not_told": DECIDED & Q(told_after_days__isnull=True),
    "began": DECIDED & Q(treatment_began_on__isnull=False),
    "died_untreated": DECIDED & Q(treatment_began_on__isnull=True, died_on__isnull=False),
    "first_type_ii": FIRST_II,
    "converted": FIRST_II & Q(resected_on__isnull=False),
    "converted_r0": FIRST_II & Q(r_status="R0"),
}
