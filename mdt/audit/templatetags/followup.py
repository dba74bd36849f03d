"""What became of a decision, on the pages of the meetings."""

from django import template

from mdt.audit.followup.models import ImplementationReport
from mdt.audit.rows.models import AuditRow
from mdt.meetings.models import Decision
from mdt.people.models import User
from mdt.people.permissions import Permission, can

register = template.Library()


@register.inclusion_tag("followup/_reports.html")
def reports_of(decision: Decision, reader: User) -> dict:
    """All reports on any version of a decision, the newest first, and whether the reader may add one.

    `is_prospective`: the decision came before treatment began: by the newest report's day where it names one, for the
    audit may still have to read it; else as the audit counts it. None while that is not known.
    """
    found = ImplementationReport.objects.filter(decision__agenda_item=decision.agenda_item_id)
    reports = list(found.select_related("reported_by", "decision"))
    began = reports[0].treatment_started_on if reports else None
    row = AuditRow.objects.filter(item_id=decision.agenda_item_id).only("is_prospective").first()
    return {
        "decision": decision,
        "is_prospective": began >= decision.decided_on if began else getattr(row, "is_prospective", None),
        "reports": reports,
        "can_report": decision.is_signed and can(reader, Permission.IMPLEMENTATION_REPORT, decision.case.team_id),
    }
