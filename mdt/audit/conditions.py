"""Named conditions on the audit's rows: what a number counts, and what the page of cases behind it shows.

One word in an address stands for one condition, so that a number and its cases cannot part.
"""

from django.db.models import F, Q

from mdt.audit.rows.models import AuditRow

Ended = AuditRow.Ended

DECIDED = Q(ended=Ended.DECIDED)
CONDITIONS: dict[str, Q] = {
    "decided": DECIDED,
    "deferred": Q(ended=Ended.DEFERRED),
    "not_discussed": Q(ended=Ended.NOT_DISCUSSED),
    "open": Q(ended=Ended.OPEN),
    "unsigned": Q(decision_id__isnull=False, is_signed=False),
    "not_followed": Q(concordance__in=("different_with_reason", "different_without_reason")),
    "single_proposal": DECIDED & ~Q(proposed=""),
    "proposal_confirmed": DECIDED & ~Q(proposed="") & Q(proposed=F("confirmed")),
}
