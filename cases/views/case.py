from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases import actions
from cases.case_page import findings_of, header_context, history_of, proposal_context
from cases.case_parts import parts_of
from cases.models import Case
from cases.sealing import findings_only, is_covered
from mdt.people.permissions import Permission, get_or_404

CASES = Case.objects.select_related("patient", "team", "referred_by")


@require_safe
def show_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Overview: question, proposal, liver, reasons, contradictions, options, findings on one page."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    covers = is_covered(case, request)
    actions.open_case(case=case, by=request.user, page="sealed overview" if covers else "overview")
    context = {
        **header_context(case, request.user, tab="overview"),
        **proposal_context(case, case.latest_proposal, request.user),
    }
    if covers:
        context = findings_only(context)
    return render(request, "cases/case.html", {**context, "parts": parts_of(context)})


@require_safe
def show_proposal(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One proposal as it was, with nothing to click: what was known and answered that day."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    proposal = get_object_or_404(case.proposals, number=number)
    actions.open_case(case=case, by=request.user, page=f"proposal {number}")
    context = {**header_context(case, request.user, tab="history"), **proposal_context(case, proposal, None)}
    return render(request, "cases/proposal.html", context)


@require_safe
def show_findings(request: HttpRequest, reference: str) -> HttpResponse:
    """What every discipline recorded, in its own words, with corrections; and where to add more."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    actions.open_case(case=case, by=request.user, page="findings")
    return render(
        request,
        "cases/findings.html",
        {**header_context(case, request.user, tab="findings"), **findings_of(case)},
    )


@require_safe
def show_history(request: HttpRequest, reference: str) -> HttpResponse:
    """Findings with their corrections, proposals and events of one case, newest first."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    covers = is_covered(case, request)
    actions.open_case(case=case, by=request.user, page="sealed history" if covers else "history")
    context = {**header_context(case, request.user, tab="history"), **history_of(case), "is_covered": covers}
    return render(request, "cases/history.html", context)
