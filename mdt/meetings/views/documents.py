"""The PDFs of a meeting and of a case: shown in the browser, kept by no cache."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from cases.models import Case
from mdt.meetings import documents
from mdt.meetings.agenda_paper import actions as agenda_paper
from mdt.meetings.models import Document
from mdt.meetings.one_page import actions as one_page
from mdt.meetings.views.loading import decision_or_404, meeting_or_404
from mdt.people.permissions import Permission, get_or_404


@require_GET
def open_letter(request: HttpRequest, reference: str, case_reference: str, version: int, language: str) -> HttpResponse:
    """The outcome letter of one version of a decision, in one of the system's languages."""
    _refuse_unknown(language)
    decision = decision_or_404(meeting_or_404(request.user, reference), case_reference, version)
    document = documents.letter(decision, language, by=request.user)
    documents.open_document(document=document, by=request.user)
    return _pdf(document, f"{case_reference}-{decision.meeting.reference}-letter-v{version}-{language}.pdf")


@require_GET
def open_record(request: HttpRequest, reference: str, case_reference: str, version: int, language: str) -> HttpResponse:
    """The record for the chart (会诊记录单) of one version of a decision."""
    _refuse_unknown(language)
    decision = decision_or_404(meeting_or_404(request.user, reference), case_reference, version)
    document = documents.chart_record(decision, language, by=request.user)
    documents.open_document(document=document, by=request.user)
    return _pdf(document, f"{case_reference}-{decision.meeting.reference}-record-v{version}-{language}.pdf")


@require_GET
def open_minutes(request: HttpRequest, reference: str, language: str) -> HttpResponse:
    """The minutes of a meeting as it stands now."""
    _refuse_unknown(language)
    meeting = meeting_or_404(request.user, reference)
    document = documents.minutes(meeting, language, by=request.user)
    documents.open_document(document=document, by=request.user)
    return _pdf(document, f"{meeting.reference}-minutes-{language}.pdf")


@require_GET
def print_case(request: HttpRequest, reference: str) -> HttpResponse:
    """A case on one page, in the language of the reader; for whoever may open the case."""
    case = get_or_404(
        Case.objects.select_related("patient", "team"), request.user, Permission.CASE_VIEW, reference=reference
    )
    language = get_language() or settings.LANGUAGE_CODE
    return pdf(
        one_page.print_case(case=case, by=request.user, language=language), f"{case.reference}-{language}.pdf", language
    )


@require_GET
def print_agenda(request: HttpRequest, reference: str) -> HttpResponse:
    """The agenda of a meeting, in the language of the reader."""
    meeting, language = meeting_or_404(request.user, reference), get_language() or settings.LANGUAGE_CODE
    content = agenda_paper.print_agenda(meeting=meeting, by=request.user, language=language)
    return pdf(content, f"{meeting.reference}-agenda-{language}.pdf", language)


@require_GET
def print_with_cases(request: HttpRequest, reference: str) -> HttpResponse:
    """The agenda and behind it each of its cases on one page; for whoever may open the cases."""
    meeting = meeting_or_404(request.user, reference, Permission.CASE_VIEW)
    language = get_language() or settings.LANGUAGE_CODE
    content = agenda_paper.print_with_cases(meeting=meeting, by=request.user, language=language)
    return pdf(content, f"{meeting.reference}-agenda-cases-{language}.pdf", language)


# A browser's PDF viewer is an object with its own styles, and the page's strict policy would leave it blank.
VIEWER_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def _refuse_unknown(language: str) -> None:
    if language not in dict(settings.LANGUAGES):
        raise Http404


def _pdf(document: Document, filename: str) -> HttpResponse:
    return pdf(bytes(document.content), filename, document.language)


def pdf(content: bytes, filename: str, language: str) -> HttpResponse:
    """Inline, under a name that holds no patient's name."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{filename}"',
            "Content-Language": language,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": VIEWER_POLICY,
        },
    )
