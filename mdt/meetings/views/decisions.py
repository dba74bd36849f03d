from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.actions import open_case
from cases.case_page import header_context
from cases.models import Case
from cases.sealing import name_in_log
from mdt.meetings.decision_page import decision_context, decisions_of
from mdt.meetings.views.loading import decision_or_404, meeting_or_404
from mdt.people.permissions import Permission, get_or_404


@require_safe
def show_decision(request: HttpRequest, reference: str, case_reference: str, version: int) -> HttpResponse:
    """One version of a decision with everything it holds, its seal, and what changed from version to version."""
    meeting = meeting_or_404(request.user, reference)
    decision = decision_or_404(meeting, case_reference, version)
    open_case(case=decision.case, by=request.user, page=f"decision {meeting.reference} {version}")
    context = {
        **header_context(decision.case, request.user, tab="decisions"),
        **decision_context(decision, request.user),
    }
    return render(request, "meetings/decision.html", context)


@require_safe
def show_decisions_of_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Every meeting that a case was listed for, and what was decided there."""
    case = get_or_404(
        Case.objects.select_related("patient", "team"), request.user, Permission.CASE_VIEW, reference=reference
    )
    page = name_in_log(case, "decisions", tells=case.decisions.exists())
    open_case(case=case, by=request.user, page=page)
    context = {**header_context(case, request.user, tab="decisions"), **decisions_of(case, request.user)}
    return render(request, "meetings/case_decisions.html", context)
