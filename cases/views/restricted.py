from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cases import actions
from cases.forms.restricted import OpenRestrictedForm
from cases.models import Case
from mdt.people.permissions import Permission, require

CASES = Case.objects.select_related("team")


def show_restricted(
    request: HttpRequest, case: Case, form: OpenRestrictedForm | None = None, status: int = 403
) -> HttpResponse:
    """In place of a page of a case whose data may only be stored: that it is so, and how to read them all the same."""
    context = {
        "case": case,
        "form": (form or OpenRestrictedForm()) if actions.may_open_restricted(request.user, case) else None,
        "hours": settings.EMERGENCY_HOURS,
    }
    return render(request, "cases/restricted.html", context, status=status)


@require_POST
def open_restricted(request: HttpRequest, reference: str) -> HttpResponse:
    """Break glass on what may only be stored: by an exception of the law, for some hours, never in silence."""
    case = get_object_or_404(CASES, reference=reference)
    require(request.user, Permission.FINDING_RECORD, case.team)
    form = OpenRestrictedForm(request.POST)
    if not form.is_valid():
        return show_restricted(request, case, form, status=422)
    if case.is_restricted:
        actions.open_restricted(case=case, by=request.user, **form.cleaned_data)
    return redirect(case)
