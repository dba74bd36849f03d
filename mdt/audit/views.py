"""Pages of the event log: of one's teams, of one case, as a file, and whether the chain is whole."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from mdt.audit import actions, queries
from mdt.audit.forms import EventFilterForm
from mdt.audit.log_lines import by_day, is_out_of_time
from mdt.audit.verdicts import checked_of, erased_in_words, faults_in_words, whole_in_words
from mdt.events.models import ChainHead
from mdt.people.models import Team
from mdt.people.permissions import Permission, can, get_or_404

VISIT = timedelta(minutes=30)


def _teams_or_403(request: HttpRequest) -> list[Team]:
    teams = queries.readable_teams(request.user)
    if not teams:
        raise PermissionDenied
    return teams


def _line_number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 18 else None


def _note_visit(request: HttpRequest, teams: list[Team]) -> None:
    """One line for a visit, not for every filter and page: a visit ends when nothing was read for half an hour."""
    now = timezone.now().timestamp()
    if now - request.session.get("read_events_at", 0) > VISIT.total_seconds():
        actions.open_log(by=request.user, teams=teams)
    request.session["read_events_at"] = now


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """The log of all teams that one may read, newest first."""
    teams = _teams_or_403(request)
    _note_visit(request, teams)
    form = EventFilterForm(request.GET)
    page = queries.page(
        teams,
        form.narrow,
        before=_line_number(request.GET.get("before")),
        after=_line_number(request.GET.get("after")),
    )
    context = {
        "form": form,
        "page": page,
        "days": by_day(page.events),
        "is_out_of_time": is_out_of_time(page.events),
        "today": timezone.localdate(),
        "checked": checked_of(queries.last_check(), page.events),
        "teams": teams,
        "head": ChainHead.objects.filter(pk=1).first(),
    }
    return render(request, "audit/events.html", context)


@require_safe
def export_events(request: HttpRequest) -> StreamingHttpResponse:
    """The lines that the filters leave, as CSV, oldest first."""
    teams = _teams_or_403(request)
    form = EventFilterForm(request.GET)
    actions.export_log(by=request.user, teams=teams, filters=form.asked)
    response = StreamingHttpResponse(queries.csv_lines(teams, form.narrow), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="events-{timezone.localdate():%Y-%m-%d}.csv"'
    return response


@require_POST
def verify_events(request: HttpRequest) -> HttpResponse:
    """Recompute the chain from the first line on, and say whether it is whole."""
    _teams_or_403(request)
    verdict = actions.verify_log(by=request.user)
    if verdict.is_whole:
        messages.success(request, whole_in_words(verdict))
    for sentence in erased_in_words(verdict):
        messages.info(request, sentence)
    for sentence in faults_in_words(verdict):
        messages.error(request, sentence)
    return redirect("events")


@require_safe
def case_events(request: HttpRequest, reference: str) -> HttpResponse:
    """Every step of one case, and who opened it. Names no patient."""
    cases = Case.objects.select_related("team")
    case = get_or_404(cases, request.user, Permission.EVENT_VIEW, reference=reference)
    actions.open_case_log(case=case, by=request.user)
    shows_all = request.GET.get("show") != "changes"
    page = queries.case_page(case.reference, changes_only=not shows_all, before=_line_number(request.GET.get("before")))
    context = {
        "case": case,
        "page": page,
        "days": by_day(page.events),
        "checked": checked_of(queries.last_check(), page.events),
        "shows_all": shows_all,
        "can_open": can(request.user, Permission.CASE_VIEW, case.team),
    }
    return render(request, "audit/case_events.html", context)
