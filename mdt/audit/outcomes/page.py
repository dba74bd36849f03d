"""What the follow-up page of a case shows: what stands, what was changed, and what does not fit together."""

from typing import Any

from django.utils.translation import gettext as _

from cases.models import Case
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.outcomes.course import course_of
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.models import Decision
from mdt.people.models import User
from mdt.people.permissions import Permission, can
from mdt.people.templatetags.looks import day


def follow_up_context(case: Case, reader: User) -> dict[str, Any]:
    course = course_of(case)
    rows = FollowUpEvent.objects.filter(case=case).select_related("reported_by", "superseded_by__reported_by")
    changed = rows.filter(superseded_by__isnull=False).order_by("-id")
    decisions = (
        Decision.objects.current()
        .filter(case=case)
        .select_related("case__team", "meeting__team", "sign_off", "release")
    )
    reports = _newest_reports(case)
    return {
        "course": course,
        "events": rows.standing().order_by("-happened_on", "-id"),
        "changed": changed,
        "decisions": [
            {"decision": decision, "report": reports.get(decision.agenda_item_id)}
            for decision in decisions.prefetch_related("options").order_by("-meeting__starts_at")
        ],
        "hints": _hints(case, course, reports.values()),
        "kinds": FollowUpEvent.Kind.choices,
        "may_report": can(reader, Permission.IMPLEMENTATION_REPORT, case.team_id),
    }


def _newest_reports(case: Case) -> dict[int, ImplementationReport]:
    """Agenda item → the newest report on any version of its decision."""
    found: dict[int, ImplementationReport] = {}
    rows = ImplementationReport.objects.filter(decision__case=case).select_related("decision", "reported_by")
    for report in rows.order_by("-id"):
        found.setdefault(report.decision.agenda_item_id, report)
    return found


def _hints(case: Case, course, reports) -> list[str]:
    """What is said in one place and missing in the other; no contradiction, and nothing is filled in."""
    hints = []
    if course.died_on is None and any(report.reason == ImplementationReport.Reason.DIED for report in reports):
        hints.append(_("A report says that the patient died. The day of death is not recorded yet."))
    began = {report.treatment_started_on for report in reports if report.treatment_started_on}
    said = {event.happened_on for event in course.events if event.kind == FollowUpEvent.Kind.TREATMENT}
    if began and said and not began & said:
        words = {"report": day(min(began)), "event": day(min(said))}
        hints.append(
            _("Treatment began on %(report)s by the report on the decision, on %(event)s by the entry below.") % words
        )
    return hints
