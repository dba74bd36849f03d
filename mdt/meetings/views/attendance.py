from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mdt.meetings import actions
from mdt.meetings.attendance import marks_of
from mdt.meetings.meeting_page import meeting_context
from mdt.meetings.models import Meeting
from mdt.meetings.room.attendance_bar import presence_context
from mdt.meetings.room.pulse import words_of
from mdt.meetings.room.shared import shared_of
from mdt.meetings.room.table import Table
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.models import User
from mdt.people.permissions import Permission

AT_ONCE = {"replies": actions.mark_those_who_come, "replies-undo": actions.take_back_those_marked}


@require_POST
def mark_attendance(request: HttpRequest, reference: str) -> HttpResponse:
    """One click for one person: in the room, by video, away, or the last mark taken back; or for all who said that
    they come (`replies`), and that click taken back (`replies-undo`)."""
    meeting = meeting_or_404(request.user, reference, Permission.ATTENDANCE_MARK)
    if request.POST.get("mark") in AT_ONCE:
        return _marked(request, meeting, None)
    return _marked(request, meeting, _person(request, "person"))


@require_POST
def mark_own_attendance(request: HttpRequest, reference: str) -> HttpResponse:
    """The same for oneself, from one's own device."""
    meeting = meeting_or_404(request.user, reference, Permission.ATTENDANCE_OWN)
    return _marked(request, meeting, request.user)


def _person(request: HttpRequest, name: str) -> User:
    number = request.POST.get(name, "")
    return get_object_or_404(User, pk=int(number) if number.isdecimal() else 0)


def _marked(request: HttpRequest, meeting: Meeting, person: User | None) -> HttpResponse:
    """The mark of one person, or (None) of several at once; then the part of the page that shows it."""
    try:
        if person is None:
            AT_ONCE[request.POST["mark"]](meeting=meeting, by=request.user)
        else:
            _mark(request, meeting, person)
    except actions.ActionError as error:
        messages.error(request, str(error))
    if not request.htmx:
        return redirect(_way_back(request, meeting))
    case_reference = request.POST.get("case", "")
    if not case_reference:
        return render(request, "meetings/_attendance_marked.html", meeting_context(meeting, request.user))
    item = item_or_404(meeting, case_reference)
    context = presence_context(shared_of(item, words_of(meeting, item)), request.user, Table(meeting))
    return render(request, "meetings/_presence.html", {**context, "is_live": True, "with_messages": True})


def _mark(request: HttpRequest, meeting: Meeting, person: User) -> None:
    mark = request.POST.get("mark", "")
    if mark == "undo":
        newest = next((each for each in reversed(marks_of(meeting)) if each.person_id == person.pk), None)
        if newest is None:
            raise actions.ActionError(_("There is no mark to take back."))
        actions.take_back_mark(mark=newest, by=request.user)
        return
    cover = request.POST.get("stands_in_for", "")  # a member's number, or a discipline that nobody of the team has
    actions.mark_attendance(
        meeting=meeting,
        person=person,
        is_present=mark in ("here", "remote"),
        is_remote=mark == "remote",
        by=request.user,
        discipline="" if cover.isdecimal() else cover or request.POST.get("discipline", ""),
        stands_in_for=_person(request, "stands_in_for") if cover.isdecimal() else None,
        holds_from=_since(meeting, request.POST.get("since", "")),
    )


def _since(meeting: Meeting, word: str) -> datetime | None:
    """When the case on the table, or the meeting, began; None before that, and for a mark that holds from here on."""
    spans = Table(meeting).spans
    if not spans or word not in ("case", "meeting"):
        return None
    return (spans[-1] if word == "case" else spans[0]).began_at


def _way_back(request: HttpRequest, meeting: Meeting) -> str:
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours else meeting.get_absolute_url()
