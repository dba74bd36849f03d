"""What was said in the room: its list, a new note, and a note that is taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cases.actions import open_case
from mdt.meetings import actions
from mdt.meetings.forms.spoken import SpokenForm
from mdt.meetings.models import AgendaItem, Spoken
from mdt.meetings.room.page import Room
from mdt.meetings.room.pulse import words_of
from mdt.meetings.room.shared import Shared, shared_of
from mdt.meetings.room.spoken import spoken_context, spoken_form
from mdt.meetings.views.desk import desk_or_404
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.joining import sentences
from mdt.people.permissions import Permission, require


@require_safe
def show_spoken(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """The list as it stands now. The room that asks for it is in the log; by its own address, this is."""
    item = item_or_404(meeting_or_404(request.user, reference), case_reference)
    if not request.htmx:
        open_case(case=item.case, by=request.user, page=Room(item, request.user).page_in_log)
    return render(request, "meetings/_spoken_list.html", _context(request, _shared(item)))


@require_POST
def note_spoken(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Note who said what. A refused form comes back with what was typed; without JavaScript, in the whole room."""
    item = item_or_404(meeting_or_404(request.user, reference, Permission.DECISION_RECORD), case_reference)
    form = spoken_form(_shared(item), request.POST)
    if form.is_valid():
        try:
            actions.note_spoken(item=item, by=request.user, **form.content())
        except actions.ActionError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
        else:
            return _noted(request, item)
    if request.htmx:
        return render(request, "meetings/_spoken_body.html", _context(request, _shared(item), form))
    desk = desk_or_404(request, reference, case_reference, Permission.DECISION_RECORD)
    return render(request, "meetings/room.html", desk.page(step="", spoken_form=form), status=422)


@require_POST
def take_back_spoken(request: HttpRequest, reference: str, case_reference: str, spoken_id: int) -> HttpResponse:
    """Whoever keeps the record takes a note back, or the person whose words it gives."""
    item = item_or_404(meeting_or_404(request.user, reference), case_reference)
    spoken = get_object_or_404(Spoken.objects.at(item).select_related("item"), pk=spoken_id)
    is_own = spoken.person_id == request.user.pk
    require(request.user, Permission.OPINION_GIVE if is_own else Permission.DECISION_RECORD, item.meeting.team_id)
    reason = request.POST.get("reason", "").strip()
    try:
        actions.take_back_spoken(spoken=spoken, by=request.user, reason=reason)
    except actions.ActionError as error:
        kept = _("You had written: %(words)s") % {"words": reason} if reason else ""
        messages.error(request, sentences([str(error), kept]))
    else:
        messages.success(request, _("The note is taken back. Both stay in the record."))
    return redirect(f"{reverse('room', args=[reference, case_reference])}#spoken")


def _noted(request: HttpRequest, item: AgendaItem) -> HttpResponse:
    """The list with the new note, and an empty form."""
    if request.htmx:
        return render(request, "meetings/_spoken_body.html", _context(request, _shared(item)) | {"is_noted": True})
    messages.success(request, _("Noted."))
    return redirect(f"{reverse('room', args=[item.meeting.reference, item.case.reference])}#spoken")


def _shared(item: AgendaItem) -> Shared:
    return shared_of(item, words_of(item.meeting, item))


def _context(request: HttpRequest, shared: Shared, form: SpokenForm | None = None) -> dict:
    frame = {"item": shared.item, "meeting": shared.meeting, "case": shared.case, "is_part": True}
    return {**frame, **spoken_context(shared, request.user, form)}
