"""What a discipline is asked for, and reminding it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.models import Case
from cases.reasoning import pathways_in_use
from mdt.meetings import actions
from mdt.meetings.chasing.worklist import asks_of, disciplines_asked, page_of, shown_limits
from mdt.meetings.views.loading import way_back
from mdt.people.disciplines import Discipline
from mdt.people.joining import listed
from mdt.people.permissions import Permission, can_anywhere, get_or_404


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


@require_POST
def ask_reminder(request: HttpRequest, case_reference: str) -> HttpResponse:
    """Remind one discipline of one case now."""
    rows = Case.objects.select_related("team")
    case = get_or_404(rows, request.user, Permission.FACTS_REMIND, reference=case_reference)
    discipline = request.POST.get("discipline", "")
    try:
        people = actions.ask_reminder(case=case, discipline=discipline, by=request.user, now=timezone.now())
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        words = {"case": case.reference, "people": listed(map(str, people))}
        messages.success(request, _("%(case)s: a reminder goes to %(people)s now.") % words)
    return redirect(way_back(request, "worklist"))
