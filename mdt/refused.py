"""What is said in place of a page: that data may only be stored, and that a case was erased, to whom it concerns."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import page_not_found, permission_denied

from cases.models import Case
from cases.views.restricted import show_restricted
from mdt.events.chain import Restricted
from mdt.people.permissions import Permission, teams_with
from mdt.privacy.erased import erasure_of

logger = logging.getLogger(__name__)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403: for restricted data, how to read them all the same; else as Django does."""
    if isinstance(exception, Restricted) and request.user.is_authenticated:
        case = Case.objects.select_related("team").filter(reference=str(exception)).first()
        if case is not None and case.team_id in teams_with(request.user, Permission.CASE_VIEW):
            page = show_restricted(request, case)
            page["X-Only-Stored"] = "1"  # for a part of a page, which the script cannot swap in
            return page
    who = request.user.pk if request.user.is_authenticated else "nobody signed in"
    logger.warning("refused: %s %s, person %s", request.method, request.path, who)
    return permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404: 410 for a case that was erased, to those who could see it before; for others as if it never was."""
    named = request.resolver_match.kwargs if request.resolver_match else {}
    reference = named.get("case_reference") or named.get("reference")
    erasure = erasure_of(request.user, reference) if isinstance(reference, str) else None
    if erasure is None:
        return page_not_found(request, exception)
    return render(request, "privacy/erased.html", {"erasure": erasure, "reference": reference}, status=410)
