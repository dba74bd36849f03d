"""Pages of figures: the two axes, indicators, attendance, and the cases behind a number; of teams one may audit."""

from collections.abc import Callable
from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mdt.audit import actions
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures import attendance, axes, breakdowns, case_list, days, indicators, series, standards
from mdt.audit.figures.filters import ahead_of, filters_of, periods_of
from mdt.audit.figures.key_figures import key_figures
from mdt.audit.figures.rooms import rooms_of
from mdt.audit.pictures import reasons
from mdt.audit.pictures.over_time import rules_in_words
from mdt.audit.pictures.series_drawn import series_picture
from mdt.audit.rows.actions import keep_up
from mdt.audit.scope import Scope
from mdt.audit.tables import Table
from mdt.audit.words import DAYS, title_of
from mdt.people.permissions import Permission, teams_with

REASONS = "reason"


def scope_or_403(request: HttpRequest) -> Scope:
    """What the address asks for of this person's teams. Raises PermissionDenied where there is none."""
    if not teams_with(request.user, Permission.AUDIT_VIEW):
        raise PermissionDenied
    return Scope.of(request.user, request.GET, timezone.localdate())


def page_context(request: HttpRequest) -> dict:
    """What every page of figures shows: its scope, the filters, and how many lines of the log are not counted yet."""
    scope = scope_or_403(request).of_figures()
    today = timezone.localdate()
    ahead = ahead_of(scope, today)
    return {
        "scope": scope,
        "left": keep_up(),
        "filters": filters_of(scope, request.user),
        "periods": periods_of(scope, today, ahead),
        "is_ahead": scope.last_on > today,
        "ahead": ahead if ahead.decisions else None,
        "with_those_ahead": scope.narrowed(last_on=ahead.last_on or today).query_string(),
    }


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Did decisions follow the pathway, and were they carried out? With one breakdown, chosen by `by`."""
    context = page_context(request)
    scope: Scope = context["scope"]
    counts = axes.counts_of(scope)
    by = request.GET.get("by", "confirmed")
    by = by if by in (*breakdowns.DIMENSIONS, REASONS) else "confirmed"
    context |= {
        "counts": counts,
        "figures": key_figures(scope, counts),
        "matrix": axes.matrix(scope, counts),
        "listed": axes.listed_cases(scope, counts),
        "concordance": DEFINITIONS["concordance"],
        "breakdowns": [build(scope) for build in _breakdowns(by)],
        "dimensions": [(name, title_of(name), name == by) for name in (*breakdowns.DIMENSIONS, REASONS)],
    }
    return render(request, "audit/axes.html", context)


def _breakdowns(by: str) -> list[Callable[[Scope], Table]]:
    if by == REASONS:
        return [reasons.departures_table, reasons.not_done_table]
    return [partial(breakdowns.breakdown, by=by)]


@require_safe
def show_indicators(request: HttpRequest) -> HttpResponse:
    """Shares, days and conversion; one figure month by month, chosen by `chart`."""
    context = page_context(request)
    scope: Scope = context["scope"]
    key = request.GET.get("chart", "not_discussed")
    key = key if key in series.KEYS else "not_discussed"
    chosen = series.series_of(scope, key)
    titles = {**{name: each.title for name, each in indicators.BY_KEY.items()}, **DAYS}
    context |= {
        "tables": [indicators.indicators(scope), days.days(scope), indicators.conversion(scope)],
        "series": chosen,
        "chart": series.series_table(scope, chosen),
        "picture": series_picture(scope, chosen),
        "rules": rules_in_words(),
        "charts": [(name, title, name == key) for name, title in titles.items()],
    }
    return render(request, "audit/indicators.html", context)


@require_safe
def show_attendance(request: HttpRequest) -> HttpResponse:
    """Who came, which disciplines were in the room, and what standards ask."""
    context = page_context(request)
    rooms = rooms_of(context["scope"])
    tables = [attendance.by_discipline, attendance.by_member, attendance.oars_levels, attendance.meetings]
    context["tables"] = [build(context["scope"], rooms) for build in tables]
    context["tables"].insert(0, standards.standards(context["scope"], rooms))
    return render(request, "audit/attendance.html", context)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a number, each with what was decided and what became of it. Counts as opening them."""
    scope = scope_or_403(request)
    left = keep_up()
    page = case_list.page_of(scope, request.GET.get("page"))
    actions.open_cases(cases=case_list.cases_of(page), by=request.user)
    context = {"scope": scope, "left": left, "page_obj": page, "lines": case_list.lines_of(page)}
    context["file"] = {"key": case_list.KEY, "title": _("Cases of the audit")}
    return render(request, "audit/cases.html", context)
