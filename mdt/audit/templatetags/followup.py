"""What became of a decision, on the pages of the meetings."""

from django import template

from mdt.audit.followup.models import ImplementationReport
from mdt.audit.rows.projecting import rows_of
from mdt.meetings.models import Decision
from mdt.people.models import User
from mdt.people.permissions import Permission, can

register = template.Library()


@register.inclusion_tag("followup/_reports.html")
def reports_of(decision: Decision, reader: User) -> dict:
    """All reports on any version of a decision, the newest first, and whether the reader may add one.

    `is_prospective`: the meeting decided before treatment began, as the audit counts it; None while that is not known.
    """
    reports = ImplementationReport.objects.filter(decision__agenda_item=decision.agenda_item_id)
    rows = rows_of([decision.case_id])
    return {
        "decision": decision,
        "is_prospective": next((row.is_prospective for row in rows if row.item_id == decision.agenda_item_id), None),
        "reports": reports.select_related("reported_by", "decision"),
        "can_report": decision.is_signed and can(reader, Permission.IMPLEMENTATION_REPORT, decision.case.team_id),
    }
