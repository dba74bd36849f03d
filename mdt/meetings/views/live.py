"""What keeps every screen of the room on the same case: the pulse, the parts that it refreshes, and the table."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cases.actions import open_case
from mdt.meetings import actions
from mdt.meetings.models import Meeting
from mdt.meetings.room import pulse
from mdt.meetings.room.page import PARTS, Room
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.models import User
from mdt.people.permissions import Permission, require
from mdt.people.sessions import keep_awake


@require_safe
@never_cache
def show_pulse(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """204 where nothing changed since `seen`; else the new words, the parts that changed, and where the table is.

    `spread`: milliseconds over which the browsers of the room fetch it.
    """
    look = pulse.recent_look(reference, case_reference)
    require(request.user, Permission.MEETING_VIEW, look.meeting.team_id)
    if look.words is None:
        raise Http404
    if look.meeting.state == Meeting.State.PLANNED and look.meeting.local_start.date() == timezone.localdate():
        keep_awake(request)  # who follows a meeting on its day is at work, though their hands are not
    parts = pulse.changed(look.words, request.GET.get("seen", ""))
    if not parts:
        return HttpResponse(status=204)
    at = look.at if "table" in parts else ""
    return JsonResponse({"seen": pulse.encoded(look.words), "parts": parts, "at": at, "spread": look.spread})


@require_safe
@never_cache
def show_part(request: HttpRequest, reference: str, case_reference: str, piece: str) -> HttpResponse:
    """One part of the room as it is now."""
    meeting = meeting_or_404(request.user, reference)
    if piece not in PARTS:
        raise Http404
    room = Room(item_or_404(meeting, case_reference), request.user, is_alone="alone" in request.GET)
    if piece == "stage":
        open_case(case=room.case, by=request.user, page=room.page_in_log)
    return render(request, PARTS[piece], room.part(piece))


@require_POST
def move_table(request: HttpRequest, reference: str) -> HttpResponse:
    """Bring a case to the table, begin a break, or go on after it: `to` is a case, `break` or `on`."""
    meeting = meeting_or_404(request.user, reference, Permission.TABLE_MOVE)
    try:
        _move(meeting, request.user, request.POST.get("to", ""))
    except actions.ActionError as error:
        messages.error(request, str(error))
    return redirect(pulse.address_of_table(meeting) or reverse("room-enter", args=[meeting.reference]))


def _move(meeting: Meeting, by: User, to: str) -> None:
    if to == "break":
        actions.begin_break(meeting=meeting, by=by)
    elif to == "on":
        actions.end_break(meeting=meeting, by=by)
    else:
        actions.put_on_table(item=item_or_404(meeting, to), by=by)
