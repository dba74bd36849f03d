from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.actions import open_case
from cases.models import Case
from mdt.meetings.models import AgendaItem
from mdt.meetings.room.desk import Desk
from mdt.meetings.room.page import Room
from mdt.meetings.room.table import Table
from mdt.meetings.views.loading import item_or_404, meeting_or_404


@require_safe
def enter_room(request: HttpRequest, reference: str) -> HttpResponse:
    """The case on the table; else the first that waits for its decision; else the first; else the empty agenda."""
    meeting = meeting_or_404(request.user, reference)
    shown = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).filter(case__is_restricted=False)
    items = list(shown.select_related("case"))
    on_table = Table(meeting).before_break
    waiting = [item for item in items if item.pk == on_table]
    discussed = [item for item in items if item.lane == AgendaItem.Lane.DISCUSS]
    waiting = waiting or [item for item in discussed if item.case.state == Case.State.LISTED] or items
    if not waiting:
        messages.info(request, _("There is no case on the agenda yet."))
        return redirect(meeting)
    return redirect("room", meeting.reference, waiting[0].case.reference)


@require_safe
def show_room(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """One case on one screen: facts, picture, contradictions, proposal, options, and the desk."""
    meeting = meeting_or_404(request.user, reference)
    room = Room(item_or_404(meeting, case_reference), request.user, is_alone="alone" in request.GET)
    open_case(case=room.item.case, by=request.user, page=room.page_in_log)
    return render(request, "meetings/room.html", Desk(room).page(step=request.GET.get("step", "")))
