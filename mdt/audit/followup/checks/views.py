"""What became of these decisions: the list, and the answer with one click."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.actions import ActionError
from mdt.audit.followup.actions import BeganBefore, report_implementation
from mdt.audit.followup.checks.page import page_context
from mdt.audit.followup.forms import ReportForm
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.followup.views import form_page
from mdt.meetings.views.loading import decision_or_404, meeting_or_404, way_back
from mdt.people.permissions import Permission, can_anywhere

Status = ImplementationReport.Status


class QuickForm(forms.Form):
    """What can be said without a reason, and on which day treatment began, where that is at hand."""

    status = forms.ChoiceField(choices=[(each.value, each.label) for each in (Status.FULL, Status.PENDING)])
    treatment_started_on = forms.DateField(required=False)


@require_safe
def show_list(request: HttpRequest) -> HttpResponse:
    """Released decisions that wait for an answer, the oldest first, and what was reported lately."""
    if not can_anywhere(request.user, Permission.CASE_VIEW):
        raise PermissionDenied
    whose, page = request.GET.get("whose", ""), request.GET.get("page", "1")
    return render(request, "followup/list.html", page_context(request.user, whose=whose, page=page))


@require_POST
def report_at_once(request: HttpRequest, reference: str, case_reference: str, version: int) -> HttpResponse:
    """Carried out as decided, or not begun yet: one click. All else goes through the form, which asks why;
    a day before the decision too, for the form has the box that says that it is meant."""
    meeting = meeting_or_404(request.user, reference, Permission.IMPLEMENTATION_REPORT)
    decision = decision_or_404(meeting, case_reference, version)
    form = QuickForm(request.POST)
    try:
        if not form.is_valid():
            raise ActionError(" ".join(word for words in form.errors.values() for word in words))
        report = report_implementation(decision=decision, by=request.user, **form.cleaned_data)
    except BeganBefore as error:
        full = ReportForm(request.POST)
        full.add_error("treatment_started_on", str(error))
        return form_page(request, full, decision)
    except ActionError as error:
        messages.error(request, f"{decision.case.reference}: {error}")
    else:
        words = {"case": decision.case.reference, "status": report.get_status_display()}
        messages.success(request, _("%(case)s: %(status)s. A further report corrects this one.") % words)
    return redirect(way_back(request, "follow-up"))
