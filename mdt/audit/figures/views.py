"""Pages of figures: the two axes, and the cases behind a number. Only for teams whose audit the person may read."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mdt.audit import actions
from mdt.audit.figures import axes, case_list
from mdt.audit.rows.actions import keep_up
from mdt.audit.scope import Scope
from mdt.people.permissions import Permission, teams_with


def scope_or_403(request: HttpRequest) -> Scope:
    """What the address asks for of this person's teams. Raises PermissionDenied where there is none."""
    if not teams_with(request.user, Permission.AUDIT_VIEW):
        raise PermissionDenied
    return Scope.of(request.user, request.GET, timezone.localdate())


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Did decisions follow the pathway, and were they carried out?"""
    scope = scope_or_403(request)
    left = keep_up()
    counts = axes.counts_of(scope)
    context = {
        "scope": scope,
        "left": left,
        "counts": counts,
        "matrix": axes.matrix(scope, counts),
        "listed": axes.listed_cases(scope, counts),
    }
    return render(request, "audit/axes.html", context)


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a number, each with what was decided and what became of it. Counts as opening them."""
    scope = scope_or_403(request)
    left = keep_up()
    page = case_list.page_of(scope, request.GET.get("page"))
    actions.open_cases(cases=case_list.cases_of(page), by=request.user)
    context = {"scope": scope, "left": left, "page_obj": page, "lines": case_list.lines_of(page)}
    return render(request, "audit/cases.html", context)
