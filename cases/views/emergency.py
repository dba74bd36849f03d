from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms.emergency import EmergencyForm
from cases.models import Case
from mdt.people.permissions import emergency_hospitals, may_open_in_emergency
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def open_in_emergency(request: HttpRequest) -> HttpResponse:
    """A case of another team of the hospital: the same refusal whether it is not there or not to be had."""
    if not emergency_hospitals(request.user):
        raise PermissionDenied
    form = EmergencyForm(sent_in(request))
    if form.is_valid():
        reference, reason = form.cleaned_data["reference"].strip(), form.cleaned_data["reason"]
        case = Case.objects.select_related("team").filter(reference__iexact=reference).first()
        if case is not None and may_open_in_emergency(request.user, case):
            actions.open_in_emergency(case=case, by=request.user, reason=reason)
            return redirect(case)
        actions.refuse_emergency(by=request.user)
        form.add_error("reference", _("No other team of your hospital has this case."))
    context = {"form": form, "hours": settings.EMERGENCY_HOURS}
    return render(request, "cases/emergency.html", context, status=422 if form.errors else 200)
