from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cases import actions
from cases.case_page import header_context
from cases.models import Case
from cases.replay_page import answer_context, choices_context
from mdt.people.permissions import Permission, get_or_404

CASES = Case.objects.select_related("patient", "team", "referred_by")


@require_safe
def replay_case(request: HttpRequest, reference: str) -> HttpResponse:
    """Another edition or reading beside what a proposal answered: old, new, what changed and why. Stores nothing."""
    case = get_or_404(CASES, request.user, Permission.CASE_VIEW, reference=reference)
    number = request.GET.get("proposal", "")
    if number and not (number.isascii() and number.isdecimal() and len(number) < 10):
        raise Http404
    proposal = get_object_or_404(case.proposals, number=number) if number else case.latest_proposal
    actions.open_case(case=case, by=request.user, page="another edition")
    rules = request.GET.get("rules", "")
    language = get_language()
    context = {
        **header_context(case, request.user, tab="overview"),
        **choices_context(case, proposal, rules, language),
        **(answer_context(case, proposal, rules, language) if proposal is not None and rules else {}),
    }
    return render(request, "cases/replay.html", context)
