"""Reports of what became of a decision, for the timeline of its case."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.audit.followup.models import ImplementationReport
from mdt.meetings.history.entries import Entry, adds
from mdt.people.templatetags.looks import day


@adds
def reports(case: Case) -> Iterator[Entry]:
    """Each report with its reason, its day of treatment and its words."""
    rows = ImplementationReport.objects.filter(decision__case=case).select_related(
        "reported_by", "decision__meeting__team", "decision__case"
    )
    for row in rows:
        began = _("treatment began on %(day)s") % {"day": day(row.treatment_started_on)}
        parts = [row.get_reason_display(), began if row.treatment_started_on else "", row.text]
        yield Entry(
            at=row.reported_at,
            kind="report",
            title=_("Reported: %(status)s") % {"status": row.get_status_display()},
            text=_("; ").join(filter(None, parts)),
            who=row.reporter,
            url=reverse("decision", args=[row.decision.meeting.reference, case.reference, row.decision.version]),
            decided_on=row.decision.agenda_item_id,
        )
