"""The page on which a chair hands out a copy of what is held of a patient."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cases.actions.errors import ActionError
from cases.models import Case
from cases.psychosocial import notes_for, reads_all
from mdt.people.permissions import Permission, get_or_404
from mdt.privacy import actions
from mdt.privacy.copies.archive import zip_of
from mdt.privacy.copies.contents import patient_cases
from mdt.privacy.forms import CopyForm
from mdt.sent import sent_in

CASES = Case.objects.select_related("patient__team", "team")


@require_http_methods(["GET", "POST"])
def hand_out_copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything of the patient of this case, in one file; who asked for it is logged on each of their cases."""
    case = get_or_404(CASES, request.user, Permission.COPY_HAND_OUT, reference=reference)
    cases = patient_cases(case.patient)
    may_read_notes = all(reads_all(request.user, own) for own in cases)
    form = CopyForm(sent_in(request), may_read_notes=may_read_notes, user=request.user, request=request)
    if form.is_valid():
        with_notes = form.cleaned_data.get("with_notes", False)
        notes = {own.pk: notes_for(request.user, own) for own in cases} if with_notes else {}
        asked = {name: form.cleaned_data[name] for name in ("asked_by", "reason")}
        try:
            actions.hand_out_copy(case=case, cases=cases, by=request.user, with_notes=with_notes, **asked)
            name = f"copy-{case.reference}-{timezone.localdate():%Y%m%d}.zip"
            return FileResponse(
                zip_of(case.patient, notes), as_attachment=True, filename=name, content_type="application/zip"
            )
        except ActionError as error:
            form.add_error("reason", str(error))
    context = {"case": case, "cases": cases, "form": form}
    return render(request, "privacy/copy.html", context, status=422 if form.errors else 200)
