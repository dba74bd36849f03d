"""The desk of the room: recording, amending and signing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mdt.meetings import actions
from mdt.meetings.room.desk import Desk
from mdt.meetings.room.page import Room
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.permissions import Permission
from mdt.people.signing import SignForm


@require_http_methods(["GET", "POST"])
def record_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Record what the desk holds. A refused form is the room again, with everything that was typed."""
    meeting = meeting_or_404(request.user, reference, Permission.DECISION_RECORD)
    desk = Desk(Room(item_or_404(meeting, case_reference), request.user))
    if request.method == "GET":
        return redirect(f"{desk.room.url}?step=decide")
    form = desk.form(request.POST)
    if not form.is_valid():
        return render(request, "meetings/room.html", desk.page(step="decide", form=form), status=422)
    try:
        decision = actions.record_decision(
            item=desk.item,
            by=request.user,
            proposal=desk.proposal_shown(form),
            content=form.content(),
            based_on=form.cleaned_data["based_on"],
        )
    except actions.ActionError as error:
        return _refused(request, reference, case_reference, error)
    messages.success(request, _("Version %(version)d is recorded. The chair signs it.") % {"version": decision.version})
    return redirect(f"{desk.room.url}?step=sign")


@require_http_methods(["GET", "POST"])
def amend_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Change a signed decision by a new version, with the reason."""
    meeting = meeting_or_404(request.user, reference, Permission.DECISION_RECORD)
    desk = Desk(Room(item_or_404(meeting, case_reference), request.user), is_amendment=True)
    if not desk.can_amend:
        if request.method == "POST":
            messages.warning(request, _("This decision cannot be amended now. Nothing was stored."))
        return redirect(desk.room.url)
    form = desk.form(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return render(request, "meetings/room.html", desk.page(step="decide", form=form), status=status)
    try:
        decision = actions.amend_decision(
            decision=desk.version_shown(form),
            by=request.user,
            content=form.content(),
            amendment_reason=form.cleaned_data["amendment_reason"],
        )
    except actions.ActionError as error:
        return _refused(request, reference, case_reference, error, is_amendment=True)
    messages.success(
        request, _("Version %(version)d is recorded. The chair signs it anew.") % {"version": decision.version}
    )
    return redirect(f"{desk.room.url}?step=sign")


def _refused(
    request: HttpRequest, reference: str, case_reference: str, error: Exception, *, is_amendment: bool = False
) -> HttpResponse:
    """The room as it is now, with what was typed and the reason why it was not recorded."""
    meeting = meeting_or_404(request.user, reference, Permission.DECISION_RECORD)
    desk = Desk(Room(item_or_404(meeting, case_reference), request.user), is_amendment=is_amendment)
    form = desk.form(desk.brought_up_to_date(request.POST))
    form.is_valid()
    form.add_error(form.field_of(error), str(error))
    status = 409 if isinstance(error, actions.StaleForm) else 422
    return render(request, "meetings/room.html", desk.page(step="decide", form=form), status=status)


@require_http_methods(["GET", "POST"])
def sign_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """The chair signs the version on the screen with the password."""
    meeting = meeting_or_404(request.user, reference, Permission.DECISION_SIGN)
    desk = Desk(Room(item_or_404(meeting, case_reference), request.user))
    if request.method == "GET" or desk.decision is None:
        return redirect(f"{desk.room.url}?step=sign")
    form = SignForm(request.POST, user=request.user, request=request)
    status = 422
    if form.is_valid():
        try:
            actions.sign_decision(decision=desk.decision_of(request.POST.get("version", "")), by=request.user)
        except actions.ActionError as error:
            status = 409 if isinstance(error, actions.StaleForm) else 422
            messages.error(request, str(error))
            form = None  # an empty one, for the version that is read now
        else:
            messages.success(request, _("The decision is signed. From now on it can only be amended."))
            return redirect(reverse("room", args=[meeting.reference, case_reference]))
    desk = Desk(Room(item_or_404(meeting, case_reference), request.user))
    return render(request, "meetings/room.html", desk.page(step="sign", sign_form=form), status=status)
