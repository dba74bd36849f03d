from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.actions import ActionError
from mdt.meetings.calendar import actions
from mdt.meetings.calendar.own import my_meetings
from mdt.meetings.models import Meeting
from mdt.meetings.views.loading import meeting_or_404
from mdt.people.models import User
from mdt.people.permissions import Permission, can
from mdt.people.templatetags.looks import discipline_label


@require_safe
def show_mine(request: HttpRequest) -> HttpResponse:
    """The coming meetings that one is asked to, each answered with one click."""
    return render(request, "meetings/mine.html", my_meetings(request.user))


@require_POST
def reply(request: HttpRequest, reference: str) -> HttpResponse:
    """One click: for oneself, or, by whoever marks attendance, for somebody who called. `deputy:17` names who comes."""
    meeting = meeting_or_404(request.user, reference)
    person = _person(meeting, request.POST.get("person", "")) or request.user
    if person != request.user and not can(request.user, Permission.ATTENDANCE_MARK, meeting.team_id):
        raise PermissionDenied
    answer, _colon, deputy = request.POST.get("answer", "").partition(":")
    try:
        row = actions.reply(
            meeting=meeting, person=person, answer=answer, deputy=_person(meeting, deputy), by=request.user
        )
    except ActionError as error:
        messages.error(request, str(error))
    else:
        words = {"person": row.person, "meeting": meeting.reference, "answer": row.get_answer_display()}
        messages.success(request, _("%(person)s, %(meeting)s: %(answer)s.") % words)
        if row.deputy and row.deputy.discipline != row.person.discipline:
            words = {"deputy": row.deputy, "discipline": discipline_label(row.person.discipline)}
            messages.warning(
                request,
                _("%(deputy)s is not of %(discipline)s: make sure that somebody can speak for it in the meeting.")
                % words,
            )
    return redirect(_way_back(request, meeting))


def _person(meeting: Meeting, key: str) -> User | None:
    if not key:
        return None
    people = User.objects.filter(memberships__team=meeting.team, is_active=True).distinct()
    return get_object_or_404(people, pk=int(key) if key.isdecimal() else 0)


def _way_back(request: HttpRequest, meeting: Meeting) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours else f"{meeting.get_absolute_url()}#coming"
