from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import actions
from cases.forms.identity import CorrectionForm
from cases.models import Case, Patient
from cases.patient_history import corrections_of
from mdt.conflicts import conflict_of, settled
from mdt.people.permissions import Permission, get_or_404
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def correct_patient(request: HttpRequest, reference: str) -> HttpResponse:
    """Name, birth, sex and numbers, with a reason; below, what was corrected before."""
    cases = Case.objects.select_related("patient", "team")
    case = get_or_404(cases, request.user, Permission.REFERRAL_CHANGE, reference=reference)

    def make(data) -> CorrectionForm:
        return CorrectionForm(data, patient=Patient.objects.get(pk=case.patient_id), time_zone=case.team.time_zone)

    form = settled(make, sent_in(request), version=case.patient.version)
    status = 409 if form.conflict else 200
    if not form.conflict and form.is_valid():
        entries = {name: value for name, value in form.cleaned_data.items() if name not in ("version", "as_typed")}
        version = form.cleaned_data["version"] or 0
        try:
            corrected = actions.correct_patient(case=case, by=request.user, version=version, **entries)
        except actions.StaleForm as error:
            form.add_error(None, str(error))
            form.conflict, status = conflict_of(form, version=Patient.objects.get(pk=case.patient_id).version), 409
        except actions.ActionError as error:
            form.add_error(getattr(error, "field", None), str(error))
        else:
            if corrected.version == version:
                messages.info(request, _("Nothing differs from what is stored."))
            else:
                messages.success(request, _("The patient's details are corrected. Signed papers keep what they said."))
            return redirect(case)
    if form.errors and status == 200:
        status = 422
    context = {"case": case, "form": form, "corrections": corrections_of(case.patient)}
    return render(request, "cases/patient_correct.html", context, status=status)
