"""Saying what became of a decision: by the link in its letter, or as a member of the team."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mdt.audit.followup.actions import BeganBefore, Throttled, client_digest, report_implementation
from mdt.audit.followup.forms import LinkReportForm, ReportForm
from mdt.audit.followup.page import decision_of_link, link_context
from mdt.meetings.actions import ActionError
from mdt.meetings.documents.wording import headline
from mdt.meetings.models import Decision
from mdt.meetings.outcome import report_link
from mdt.meetings.views.loading import decision_or_404, meeting_or_404
from mdt.people.permissions import Permission
from mdt.sent import sent_in


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def report_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A form that shows the case's reference and what was decided in one line, and nothing else of the case."""
    ticket = report_link.read(token)
    decision = decision_of_link(ticket) if ticket else None
    if decision is None:
        raise Http404
    if report_link.is_expired(ticket, decision):
        return _apart(render(request, "followup/expired.html", link_context(decision), status=410))
    form = LinkReportForm(sent_in(request))
    status = 422 if form.errors else 200
    if form.is_valid():
        client = client_digest(request.META.get("REMOTE_ADDR", ""))
        try:
            report_implementation(decision=decision, by=None, client=client, **form.cleaned_data)
        except ActionError as error:
            form.add_error("treatment_started_on" if isinstance(error, BeganBefore) else None, str(error))
            status = 429 if isinstance(error, Throttled) else 422
        else:
            return _apart(render(request, "followup/thanks.html", link_context(decision)))
    return _apart(render(request, "followup/by_link.html", {**link_context(decision), "form": form}, status=status))


def _apart(answer: HttpResponse) -> HttpResponse:
    """The address is a key: kept by no search engine; the referrer policy of all pages passes it to no other site."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, reference: str, case_reference: str, version: int) -> HttpResponse:
    """The same form for a member of the team, who is known by the sign-in."""
    meeting = meeting_or_404(request.user, reference, Permission.IMPLEMENTATION_REPORT)
    decision = decision_or_404(meeting, case_reference, version)
    form = ReportForm(sent_in(request))
    if form.is_valid():
        try:
            report_implementation(decision=decision, by=request.user, **form.cleaned_data)
        except ActionError as error:
            form.add_error("treatment_started_on" if isinstance(error, BeganBefore) else None, str(error))
        else:
            messages.success(request, _("The report is kept. Coordinators and chairs are told."))
            return redirect("decision", reference, case_reference, version)
    return form_page(request, form, decision)


def form_page(request: HttpRequest, form: ReportForm, decision: Decision) -> HttpResponse:
    """The page of the form for a member of the team: opened, or sent back with what must be said yet."""
    meeting, case = decision.meeting, decision.case
    form.helper.form_action = reverse(
        "implementation-report", args=[meeting.reference, case.reference, decision.version]
    )
    context = {"form": form, "decision": decision, "meeting": meeting, "case": case, "answer": headline(decision)}
    return render(request, "followup/report.html", context, status=422 if form.errors else 200)
