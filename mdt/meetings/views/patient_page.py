"""The page that a patient reads: read and released by the responsible doctor, opened as PDF by the team."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mdt.conflicts import conflict_of, settled
from mdt.meetings import actions, documents
from mdt.meetings.forms.patient_page import PatientPageForm
from mdt.meetings.models import Decision, PatientPage
from mdt.meetings.outcome.plain import explained, first_wording
from mdt.meetings.views.documents import pdf
from mdt.meetings.views.loading import decision_or_404, meeting_or_404
from mdt.people.permissions import Permission, can_release_patient_page
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def write_patient_page(request: HttpRequest, reference: str, case_reference: str, version: int) -> HttpResponse:
    """A first wording to work on, a preview, and the release under one's name. Nothing is released by itself."""
    meeting = meeting_or_404(request.user, reference, Permission.CASE_VIEW)
    decision = decision_or_404(meeting, case_reference, version)
    if not can_release_patient_page(request.user, decision.responsible, meeting.team_id):
        raise PermissionDenied
    if not decision.is_signed:
        messages.info(request, _("Only a signed decision is released."))
        return redirect("decision", reference, case_reference, version)
    language = _language(request)
    newest = decision.patient_pages.filter(language=language).order_by("-number").first()
    now = newest.number if newest else 0
    with override(language):
        form = settled(
            lambda data: PatientPageForm(data, initial=_wording(decision, newest) | {"version": now}),
            sent_in(request),
            version=now,
        )
    status = 409 if form.conflict else 200
    if not form.conflict and form.is_valid():
        said = {name: form.cleaned_data[name] for name in form.Meta.fields}
        texts = {"decision": decision, "by": request.user, "language": language, **said}
        try:
            if "preview" in request.POST:
                content = documents.preview_patient_page(actions.draft_of(**texts))
                return pdf(content, f"{case_reference}-preview-{language}.pdf", language)
            actions.release_patient_page(**texts, based_on=form.cleaned_data["version"])
        except actions.ActionError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
            if isinstance(error, actions.StaleForm):
                form.conflict, status = conflict_of(form, version=now), 409
        else:
            messages.success(request, _("The page for the patient is released under your name."))
            return redirect("decision", reference, case_reference, version)
    typed = "\n".join(str(form[name].value() or "") for name in form.Meta.fields)
    context = {
        "form": form,
        "decision": decision,
        "meeting": meeting,
        "case": decision.case,
        "language": language,
        "languages": settings.LANGUAGES,
        "words": explained(typed, language),
    }
    status = 422 if status == 200 and form.errors else status
    return render(request, "meetings/patient_page.html", context, status=status)


def _wording(decision: Decision, newest: PatientPage | None) -> dict[str, str]:
    """The page that was released last, else a first wording."""
    if newest is None:
        return first_wording(decision)
    return {name: getattr(newest, name) for name in PatientPageForm.Meta.fields}


def _language(request: HttpRequest) -> str:
    asked = request.POST.get("language") or request.GET.get("language") or get_language()
    return asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@require_GET
def open_patient_page(
    request: HttpRequest, reference: str, case_reference: str, version: int, language: str
) -> HttpResponse:
    """The newest released page in one language."""
    if language not in dict(settings.LANGUAGES):
        raise Http404
    decision = decision_or_404(meeting_or_404(request.user, reference), case_reference, version)
    page = get_object_or_404(decision.patient_pages.filter(language=language).order_by("-number")[:1])
    document = documents.patient_page(page, by=request.user)
    documents.open_document(document=document, by=request.user)
    return pdf(bytes(document.content), f"{case_reference}-patient-{language}.pdf", language)
