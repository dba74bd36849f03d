"""Pages of annual reports: ask for one, watch it being made, open it. Seen by those who read the team's audit."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mdt.audit.annual import actions
from mdt.audit.annual.forms import AnnualReportForm
from mdt.audit.jobs.page import duty_of, is_given_up, silence_of
from mdt.audit.models import AnnualReport
from mdt.duties.models import Duty
from mdt.meetings.views.documents import pdf
from mdt.people.permissions import Permission, get_or_404, teams_with

REPORTS = AnnualReport.objects.select_related("team", "asked_by").defer("content")
MOST = 50


def _report_or_404(request: HttpRequest, report: int) -> AnnualReport:
    return get_or_404(REPORTS, request.user, Permission.AUDIT_VIEW, pk=report)


@require_http_methods(["GET", "HEAD", "POST"])
def annual_reports(request: HttpRequest) -> HttpResponse:
    """The reports of one's teams; a POST asks for one."""
    teams = teams_with(request.user, Permission.AUDIT_VIEW)
    if not teams:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = AnnualReportForm(posted, teams=teams, today=timezone.localdate())
    if form.is_bound and form.is_valid():
        first_on, last_on = form.days
        chosen = {name: form.cleaned_data[name] for name in ("team", "language")}
        return redirect(actions.ask_report(**chosen, first_on=first_on, last_on=last_on, by=request.user))
    context = {"form": form, "reports": REPORTS.filter(team__in=teams).order_by("-id")[:MOST]}
    return render(request, "audit/annual_reports.html", context, status=422 if form.is_bound else 200)


@require_safe
def annual_report(request: HttpRequest, report: int) -> HttpResponse:
    """How far a report has come. Asked by htmx it gives only the part that moves."""
    found = _report_or_404(request, report)
    duty = duty_of(found)
    context = {"report": found, "trouble": _trouble_of(found, duty), "silence": silence_of(found, duty)}
    return render(request, "audit/_annual_report.html" if request.htmx else "audit/annual_report.html", context)


def _trouble_of(report: AnnualReport, duty: Duty | None) -> str:
    """Why a report is not made, in words; "" if nothing is wrong."""
    if report.state == AnnualReport.State.FAILED:
        return _("The report could not be made. Ask for it again, and tell whoever runs the system.")
    if is_given_up(duty):
        return _("This was given up after several attempts. Ask for it again, and tell whoever runs the system.")
    return ""


@require_safe
def annual_report_file(request: HttpRequest, report: int) -> HttpResponse:
    """The PDF, once it is made."""
    found = _report_or_404(request, report)
    if found.state != AnnualReport.State.DONE:
        raise Http404
    actions.open_report(report=found, by=request.user)
    name = f"audit-{found.team.code}-{found.first_on}-{found.last_on}-{found.language}.pdf"
    return pdf(bytes(found.content), name, found.language)
