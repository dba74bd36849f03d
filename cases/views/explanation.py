from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cases import actions
from cases.case_page import header_context
from cases.explanation import explanation_of
from cases.models import Case
from cases.spread_page import spread_of
from mdt.people.permissions import Permission, get_or_404

CASES = Case.objects.select_related("patient", "team", "referred_by")


@require_safe
def explain_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Report, fact, rule and citation behind every answer of the newest proposal, on a page to print."""
    return _explain(request, reference)


@require_safe
def explain_proposal(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The same for an earlier proposal, as it was."""
    return _explain(request, reference, number)


def _explain(request: HttpRequest, reference: str, number: int | None = None) -> HttpResponse:
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    proposal = case.latest_proposal if number is None else get_object_or_404(case.proposals, number=number)
    if proposal is None:
        raise Http404
    proposal.case = case
    actions.open_case(case=case, by=request.user, page=f"explanation {proposal.number}")
    tab = "overview" if number is None else "history"
    context = {
        **header_context(case, request.user, tab=tab),
        "proposal": proposal,
        "explanation": explanation_of(case, proposal),
        "places_at_first": spread_of(case.pathway, proposal, at_first=True),
        "places_now": spread_of(case.pathway, proposal) if proposal.is_restaged else {},
        "is_newest": number is None,
    }
    return render(request, "cases/explanation.html", context)
