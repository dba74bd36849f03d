"""How every figure is counted: the words of docs/audit.md, in English letter by letter, which a test checks."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DEFINITIONS: Final[dict[str, Promise]] = {
    "axes": _(
        "Counted are the newest versions of all decisions of the period, by the day of the meeting; deferrals decide "
        "nothing and are counted apart. Rows: how the decision stands to the proposal that the meeting saw. Columns: "
        "the newest report of what became of it; not known means that nobody has reported. Shares are of the row, with "
        "the 95 % interval after Wilson."
    ),
    "listed": _(
        "Counted is every place on the agenda of a meeting of the period: one for each case and meeting. Not counted "
        "are cases that were taken off before the meeting, and meetings that were cancelled. Not discussed: the "
        "meeting ended without a decision on the case. Still open: the meeting has not been ended."
    ),
    "survival": _(
        "Each patient is counted once: from the meeting that first decided on the case, if it lies in the period, and "
        "in the group that this first decision gave; later decisions move nobody. Time runs until death, else until "
        "the last day on which the patient is known to have lived. Who was not seen since the decision counts on its "
        "day only. Who has dates that contradict each other is left out and counted apart. Curves after Kaplan and "
        "Meier; intervals of 95 % after Greenwood, on the log-minus-log scale. Survival at a time is given only as far "
        "as somebody was followed. Median follow-up: the same estimate with the ends exchanged."
    ),
    "survival-published": _(
        "Figures as their source states them: other hospitals, other years, another choice of patients. They tell what "
        "was reported elsewhere and are no measure of this team. Not available: no such figure was found in the source."
    ),
    "flow": _(
        "Counted are the newest versions of all decisions of the period. Proposed: the single type that the facts "
        "allowed, also under the pathway's stated assumptions. Treatment chosen: the kind of the first option that the "
        "meeting chose, not what was given. Carried out: the newest report; not known means that nobody has reported."
    ),
    "over-time": _(
        "Of the decisions on a single proposal those that followed it, also under a condition, by the month of the "
        "meeting; in a long period by quarter or year. Decisions without a single proposal are not counted here. Mean "
        "and limits are those of the whole period shown; the limits lie three standard errors from the mean."
    ),
    "delays": _(
        "Calendar days between two days of the same decision, counted where both are known. Ready: since every fact "
        "that the pathway asks for was there, without a break until the meeting. Told: the first time that the patient "
        "was told. Quartiles lie between neighbouring cases in proportion. Target: discussed within 7 days of being "
        "ready (Optimal Care Pathways, Australia)."
    ),
    "reasons-departed": _(
        "Decisions of another type than proposed, or with a first option that the pathway rated against or did not "
        "list, by the reason that the meeting coded."
    ),
    "reasons-not-done": _(
        "Decisions that were reported as carried out in part, otherwise or not at all, or as lost to follow-up, by the "
        "reason in the newest report."
    ),
}
