"""The page that a patient reads: read and released by the responsible doctor, opened as PDF by the team."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mdt.meetings import actions, documents
from mdt.meetings.forms.patient_page import PatientPageForm
from mdt.meetings.models import Decision
from mdt.meetings.outcome.plain import explained, first_wording
from mdt.meetings.views.documents import pdf
from mdt.meetings.views.loading import decision_or_404, meeting_or_404
from mdt.people.permissions import Permission, can_release_patient_page


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
    with override(language):
        form = PatientPageForm(request.POST or None, initial=_wording(decision, language))
    if form.is_valid():
        texts = {"decision": decision, "by": request.user, "language": language, **form.cleaned_data}
        try:
            if "preview" in request.POST:
                content = documents.preview_patient_page(actions.draft_of(**texts))
                return pdf(content, f"{case_reference}-preview-{language}.pdf", language)
            actions.release_patient_page(**texts)
        except actions.ActionError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, _("The page for the patient is released under your name."))
            return redirect("decision", reference, case_reference, version)
    typed = "\n".join(str(form[name].value() or "") for name in form.fields)
    context = {
        "form": form,
        "decision": decision,
        "meeting": meeting,
        "case": decision.case,
        "language": language,
        "languages": settings.LANGUAGES,
        "words": explained(typed, language),
    }
    return render(request, "meetings/patient_page.html", context, status=422 if form.errors else 200)


def _wording(decision: Decision, language: str) -> dict[str, str]:
    """The page that was released last, else a first wording."""
    newest = decision.patient_pages.filter(language=language).order_by("-number").values("decided", "next", "ask")
    return newest.first() or first_wording(decision)


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
