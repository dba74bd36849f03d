"""The page of the research export: what would be in it, and the file. For auditors of all teams that it holds."""

import hashlib
from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mdt.audit.research import actions, archive
from mdt.audit.research.rows import MOST_ROWS, SMALL_CELL, decided, export_of, variables_for
from mdt.audit.rows.actions import keep_up
from mdt.audit.scope import Scope
from mdt.people.models import Team
from mdt.people.permissions import Permission, teams_with


def _scope_or_403(request: HttpRequest) -> Scope:
    """What the address asks for of the teams whose decisions this person may take away."""
    may = teams_with(request.user, Permission.RESEARCH_EXPORT)
    if not may:
        raise PermissionDenied
    scope = Scope.of(request.user, request.GET, timezone.localdate())
    return replace(scope, teams=tuple(team for team in scope.teams if team in may))


@require_http_methods(["GET", "HEAD", "POST"])
def research(request: HttpRequest) -> HttpResponse:
    """How many rows, which columns; a POST takes them away."""
    scope, left = _scope_or_403(request), keep_up()
    count = decided(scope).count()
    if request.method == "POST":
        if 0 < count <= MOST_ROWS:
            return _file(request, scope)
        messages.error(request, _("There is no row to export, or more than fit: choose another period."))
        return redirect(f"{reverse('research')}?{scope.query_string()}")
    variables = variables_for(scope, with_facts=True)
    context = {"scope": scope, "left": left, "count": count, "most": MOST_ROWS, "small_cell": SMALL_CELL}
    rows = zip(variables, archive.dictionary(variables), strict=True)
    context["dictionary"] = [[*row[:3], archive.codes_of(variable), row[4]] for variable, row in rows]
    return render(request, "audit/research.html", context)


def _file(request: HttpRequest, scope: Scope) -> FileResponse:
    chosen = {"with_facts": "with_facts" in request.POST, "hides_small": "hides_small" in request.POST}
    export = export_of(scope, **chosen)
    content = archive.zip_of(export, scope)
    actions.export_research(
        by=request.user,
        teams=Team.objects.filter(pk__in=scope.teams),
        filters=scope.query_string(),
        rows=len(export.rows),
        small=export.small,
        digest=hashlib.file_digest(content, "sha256").hexdigest(),
    )
    content.seek(0)
    name = f"research-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/zip")
