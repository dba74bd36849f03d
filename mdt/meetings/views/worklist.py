"""What a discipline is asked for."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.reasoning import pathways_in_use
from mdt.meetings.chasing.worklist import asks_of, disciplines_asked, page_of, shown_limits
from mdt.people.disciplines import Discipline
from mdt.people.permissions import Permission, can_anywhere


@require_safe
def show_worklist(request: HttpRequest) -> HttpResponse:
    """The worklist of one's own discipline, or of the one asked for with ?whom=."""
    if not can_anywhere(request.user, Permission.CASE_VIEW):
        raise PermissionDenied
    asked = disciplines_asked(request.user)
    whom = request.GET.get("whom", "")
    discipline = whom if whom in Discipline.values else request.user.discipline or (asked[0][0] if asked else "")
    page = page_of(request.user, discipline, request.GET.get("page", "1"))
    context = {
        "discipline": discipline,
        "is_own": discipline == request.user.discipline,
        "asked": asked,
        "page": page,
        "asks": asks_of(request.user, discipline, page.object_list),
        "limits": shown_limits(pathways_in_use()),
    }
    return render(request, "meetings/chasing/worklist.html", context)
