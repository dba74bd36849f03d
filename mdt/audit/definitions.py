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
    "concordance": _(
        "Concordant: the confirmed type is the proposed one, and the first option chosen was not rated against by the "
        "pathway. Conditional: the same, but under a recorded condition, or the proposal held only under the pathway's "
        "assumptions. Different: another type, or a first option that the pathway rated against or did not list; with "
        "reason means a coded reason and words. No single proposal: the pathway left several types, and the meeting "
        "gave one."
    ),
    "listed": _(
        "Counted is every place on the agenda of a meeting of the period: one for each case and meeting. Not counted "
        "are cases that were taken off before the meeting, meetings that were cancelled, and cases whose referral was "
        "taken back as a mistake. Not discussed: the meeting ended without a decision on the case. Still open: the "
        "meeting has not been ended."
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
    "reasons-departed": _(
        "Decisions of another type than proposed, or with a first option that the pathway rated against or did not "
        "list, by the reason that the meeting coded."
    ),
    "reasons-not-done": _(
        "Decisions that were reported as carried out in part, otherwise or not at all, or as lost to follow-up, by the "
        "reason in the newest report."
    ),
    "breakdown": _(
        "Counted are decisions as in the table above, by a value that each of them has once: the month of the meeting, "
        "the team, the confirmed type, the first option chosen and its kind, the discipline under which the "
        "responsible doctor was in the room, the edition in force. Followed: concordant or conditional. All shares "
        "are of the decisions of the row."
    ),
    "indicators": _(
        "Quorate and signed: of decisions and deferrals. Before treatment began: the day on which treatment began is "
        "known and not before the day of the decision (that of the meeting, or of the signature where that was "
        "earlier), or, without such a day, the findings say that there was no treatment; not known counts as not. "
        "Deferred and not discussed: of all listed cases whose meeting has ended. "
        "Late: added after the cut-off or not ready, of all listed cases. Again: the case had been decided at an "
        "earlier meeting, of decisions and deferrals. Without wish or comorbidity: the facts that the meeting saw held "
        "none, of decisions. Not known whether carried out: nobody has reported, of decisions."
    ),
    "days": _(
        "Of decisions. Whole days between two dates; the release of the outcome in working days of the team. Ready: "
        "from when on all required facts were known without a break until the meeting. Treatment begins by the report "
        "on the decision, else by the first treatment or resection from the meeting on. Median and quartiles are "
        "interpolated between neighbouring values. Where a date is missing the case is counted as not known, never "
        "as 0."
    ),
    "conversion": _(
        "Of the cases whose first decision confirmed type II: those of whom a resection was reported on or after the "
        "day of that meeting, and those of these with no residual tumour (R0)."
    ),
    "charts": _(
        "Shares by month as a p-chart, medians of days as an XmR chart; limits lie three sigma from the centre. A real "
        "change is marked by the rules of NHS England, Making data count: a point beyond a limit; seven or more in a "
        "row on one side of the centre; six or more that only rise or only fall; two of three neighbouring points in "
        "the outer third. A month without cases is a gap and breaks no run."
    ),
    "attendance_members": _(
        "Of the meetings held in the period: those to which the person was asked as a core member named by then, or, "
        "where a series names none, as a member of the team by then. Came: marked as present at some time. Deputy "
        "came: somebody was marked as present in their place. People who have left are not listed."
    ),
    "attendance_disciplines": _(
        "Core disciplines are those that the pathway's quorum always asks for. At the meeting: somebody was marked as "
        "present under the discipline at some time. In the room for the case: somebody was, when the decision or "
        "deferral was recorded."
    ),
    "oars": _(
        "For each meeting, the core member with the most cases for which neither they nor somebody in their place was "
        "in the room when the decision or deferral was recorded. Where no core members are named, the core discipline "
        "for which nobody was."
    ),
    "meetings": _(
        "Every meeting held in the period. Quorate: of its decisions and deferrals, in their newest version, those "
        "with the quorum of the case present. Filters other than team and period do not apply to meetings."
    ),
    "standards": _(
        "Only what the sources say that were read; “not verified” marks what is known from summaries of others. "
        "Weeks: whole weeks of the period, Monday to Sunday, in which a meeting was held."
    ),
}
