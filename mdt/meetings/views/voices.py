"""Members' own voices in the room: opinions, their opening, dissents and what is taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mdt.meetings import actions
from mdt.meetings.models import Dissent
from mdt.meetings.room.dissent import dissent_form
from mdt.meetings.room.opinions import form_for, opinions_context
from mdt.meetings.views.desk import desk_or_404
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.permissions import Permission, require


@require_safe
def show_opinions(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """The table's opinions as they stand; a page that shows the sealed room is told once the table was opened."""
    item = item_or_404(meeting_or_404(request.user, reference), case_reference)
    context = {**opinions_context(item, request.user), "meeting": item.meeting, "case": item.case, "item": item}
    response = render(request, "meetings/_opinions_table.html", context)
    if "sealed" in request.GET and not context["is_sealed"]:
        response.headers["HX-Trigger"] = "table-opened"
    return response


@require_POST
def commit_opinion(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """One's own category; a refused form is the room again, with what was typed."""
    desk = desk_or_404(request, reference, case_reference, Permission.OPINION_GIVE)
    form = form_for(desk.item, request.user, request.POST)
    if form.is_valid():
        try:
            actions.commit_opinion(item=desk.item, by=request.user, **form.content())
        except actions.ActionError as error:
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, _("Your opinion is committed."))
            return redirect(f"{desk.room.url}?step=opinions")
    return render(request, "meetings/room.html", desk.page(step="opinions", opinion_form=form), status=422)


@require_POST
def reveal_opinions(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """The chair opens opinions and proposal for the table."""
    item = item_or_404(meeting_or_404(request.user, reference, Permission.DECISION_RECORD), case_reference)
    try:
        actions.reveal_opinions(item=item, by=request.user)
    except actions.ActionError as error:
        messages.error(request, str(error))
    return redirect(f"{reverse('room', args=[reference, case_reference])}?step=opinions")


@require_http_methods(["GET", "POST"])
def record_dissent(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """A member disagrees with what is recorded; the chair may write it down for one who speaks up."""
    desk = desk_or_404(request, reference, case_reference, Permission.MEETING_VIEW)
    if request.method == "GET" or desk.decision is None:
        return redirect(f"{desk.room.url}?step=sign")
    form, status = dissent_form(desk, request.POST), 422
    # Whoever sends no name speaks for themself.
    other = form["person"].value() if "person" in form.fields else ""
    for_another = bool(other) and other != str(request.user.pk)
    require(
        request.user, Permission.DECISION_RECORD if for_another else Permission.OPINION_GIVE, desk.room.meeting.team_id
    )
    if form.is_valid():
        try:
            actions.record_dissent(
                decision=desk.decision_of(str(form.cleaned_data["version"])),
                by=request.user,
                person=form.person(),
                reason=form.cleaned_data["reason"],
                category=form.cleaned_data["category"],
            )
        except actions.ActionError as error:
            status = 409 if isinstance(error, actions.StaleForm) else 422
            field = getattr(error, "field", "")
            form = dissent_form(desk, {**request.POST.dict(), "dissent-version": desk.version})
            form.add_error(field if field in form.fields else None, str(error))
        else:
            messages.success(request, _("The dissent is recorded by name."))
            return redirect(f"{desk.room.url}?step=sign")
    return render(request, "meetings/room.html", desk.page(step="sign", dissent_form=form), status=status)


@require_POST
def withdraw_dissent(request: HttpRequest, reference: str, case_reference: str, dissent_id: int) -> HttpResponse:
    """Who disagreed takes it back."""
    item = item_or_404(meeting_or_404(request.user, reference, Permission.OPINION_GIVE), case_reference)
    dissent = get_object_or_404(
        Dissent.objects.select_related("decision__agenda_item"), pk=dissent_id, decision__agenda_item=item
    )
    try:
        actions.withdraw_dissent(dissent=dissent, by=request.user, reason=request.POST.get("reason", ""))
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your dissent is withdrawn. Both stay in the record."))
    return redirect(f"{reverse('room', args=[reference, case_reference])}?step=sign")
