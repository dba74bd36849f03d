"""Named conditions on the audit's rows: what a number counts, and what the page of cases behind it shows.

One word in an address stands for one condition, so that a number and its cases cannot part.
"""

from django.db.models import F, Q

from mdt.audit.rows.models import AuditRow

Ended = AuditRow.Ended

DECIDED = Q(ended=Ended.DECIDED)
FIRST = DECIDED & Q(is_again=False)
IN_SURVIVAL = FIRST & Q(is_contradictory=False)
NOT_FOLLOWED = Q(concordance__in=("different_with_reason", "different_without_reason"))
NOT_AS_DECIDED = DECIDED & Q(implementation__in=("partial", "different", "not_done", "lost"))
CONDITIONS: dict[str, Q] = {
    "decided": DECIDED,
    "deferred": Q(ended=Ended.DEFERRED),
    "not_discussed": Q(ended=Ended.NOT_DISCUSSED),
    "open": Q(ended=Ended.OPEN),
    "unsigned": Q(decision_id__isnull=False, is_signed=False),
    "on_single_proposal": DECIDED & ~Q(concordance="no_proposal"),
    "followed": DECIDED & Q(concordance__in=("concordant", "conditional")),
    "not_followed": NOT_FOLLOWED,
    "not_followed_uncoded": NOT_FOLLOWED & Q(departure=""),
    "not_as_decided": NOT_AS_DECIDED,
    "not_as_decided_uncoded": NOT_AS_DECIDED & Q(not_done_because=""),
    "in_survival": IN_SURVIVAL,
    "died": IN_SURVIVAL & Q(died_on__isnull=False),
    "not_seen_since": IN_SURVIVAL
    & Q(died_on__isnull=True)
    & (Q(last_seen_on__isnull=True) | Q(last_seen_on__lte=F("meeting_on"))),
    "contradictory": FIRST & Q(is_contradictory=True),
    "single_proposal": DECIDED & ~Q(proposed=""),
    "proposal_confirmed": DECIDED & ~Q(proposed="") & Q(proposed=F("confirmed")),
}
