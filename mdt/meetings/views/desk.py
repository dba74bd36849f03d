"""The desk of the room: recording, amending and signing, and what is typed in between."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mdt.meetings import actions
from mdt.meetings.forms.decision import DecisionForm
from mdt.meetings.models import Decision
from mdt.meetings.room.desk import Desk
from mdt.meetings.room.entries import NOT_TYPED
from mdt.meetings.room.page import Room
from mdt.meetings.room.writers import news_context
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.permissions import Permission
from mdt.people.signing import SignForm


def desk_or_404(
    request: HttpRequest, reference: str, case_reference: str, permission: Permission, *, is_amendment: bool = False
) -> Desk:
    """The desk of a case in a meeting, if the person may do this there."""
    meeting = meeting_or_404(request.user, reference, permission)
    return Desk(Room(item_or_404(meeting, case_reference), request.user), is_amendment=is_amendment)


@require_http_methods(["GET", "POST"])
def record_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Record what the desk holds. A refused form is the room again, with everything that was typed."""
    desk = desk_or_404(request, reference, case_reference, Permission.DECISION_RECORD)
    if request.method == "GET":
        return redirect(f"{desk.room.url}?step=decide")

    def record(form: DecisionForm) -> Decision:
        return actions.record_decision(
            item=desk.item,
            by=request.user,
            proposal=desk.proposal_shown(form),
            content=form.content(),
            based_on=form.cleaned_data["based_on"],
        )

    return _take(request, desk, record, _("Version %(version)d is recorded. The chair signs it."))


@require_http_methods(["GET", "POST"])
def amend_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Change a signed decision by a new version, with the reason."""
    desk = desk_or_404(request, reference, case_reference, Permission.DECISION_RECORD, is_amendment=True)
    if not desk.can_amend:
        if request.method == "POST":
            messages.warning(request, _("This decision cannot be amended now. Nothing was stored."))
        return redirect(desk.room.url)
    if request.method == "GET":
        return render(request, "meetings/room.html", desk.page(step="decide"))

    def amend(form: DecisionForm) -> Decision:
        return actions.amend_decision(
            decision=desk.version_shown(form),
            by=request.user,
            content=form.content(),
            amendment_reason=form.cleaned_data["amendment_reason"],
        )

    return _take(request, desk, amend, _("Version %(version)d is recorded. The chair signs it anew."))


def _take(request: HttpRequest, desk: Desk, action, said: str) -> HttpResponse:
    """Do it with what was typed; where others recorded something first, with what was taken of both."""
    data: QueryDict | None = request.POST
    conflict = desk.conflict(data)
    if conflict is not None:
        data = desk.resolved(request.POST, conflict)
        if data is None:
            return _shown_both(request, desk)
    form = desk.form(data)
    if not form.is_valid():
        _keep(request, desk, data)
        return render(request, "meetings/room.html", desk.page(step="decide", form=form), status=422)
    try:
        decision = action(form)
    except actions.ActionError as error:
        return _refused(request, desk, data, error)
    messages.success(request, said % {"version": decision.version})
    return redirect(f"{desk.room.url}?step=sign")


def _anew(request: HttpRequest, desk: Desk) -> Desk:
    """The desk as the database has it now."""
    item = item_or_404(desk.room.meeting, desk.room.case.reference)
    return Desk(Room(item, request.user), is_amendment=desk.is_amendment)


def _shown_both(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The room with both texts side by side, and everything that was typed."""
    _keep(request, desk, request.POST)
    data = request.POST.copy()
    conflict = desk.conflict(data)
    data["conflict_with"] = str(desk.version)
    if data.get("proposal") != str(desk.room.proposal.pk):
        data["proposal"] = str(desk.room.proposal.pk)
        messages.warning(request, _("New findings came in: look at the new proposal before you record."))
    page = desk.page(step="decide", form=desk.form(data), conflict=conflict)
    return render(request, "meetings/room.html", page, status=409)


def _refused(request: HttpRequest, desk: Desk, data: QueryDict, error: Exception) -> HttpResponse:
    """The room as it is now, with what was typed and the reason why it was not recorded."""
    desk = _anew(request, desk)
    _keep(request, desk, data)
    if desk.conflict(data) is not None:
        return _shown_both(request, desk)
    if not desk.has_form:
        messages.error(request, str(error))
        return render(request, "meetings/room.html", desk.page(step="decide"), status=422)
    form = desk.form(desk.brought_up_to_date(data))
    form.is_valid()
    form.add_error(form.field_of(error), str(error))
    status = 409 if isinstance(error, actions.StaleForm) else 422
    return render(request, "meetings/room.html", desk.page(step="decide", form=form), status=status)


def _keep(request: HttpRequest, desk: Desk, data: QueryDict) -> str:
    """What was not recorded is kept as the person's draft: closing the window loses nothing. Returns why not, or ""."""
    typed = {name: values for name, values in data.lists() if name not in NOT_TYPED and not name.startswith("take_")}
    based_on = data.get("based_on", "")
    based_on = int(based_on) if based_on.isdecimal() and len(based_on) < 5 else 0
    try:
        actions.save_desk_draft(item=desk.item, by=request.user, entries=typed, based_on=based_on)
    except actions.ActionError as error:
        return str(error)
    return ""


@require_POST
def save_draft(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Keep what is being typed; answers with a word on when."""
    desk = desk_or_404(request, reference, case_reference, Permission.DECISION_RECORD)
    trouble = _keep(request, desk, request.POST)
    context = {"trouble": trouble} if trouble else {"draft": desk.draft()}
    return render(request, "meetings/_desk_saved.html", context, status=422 if trouble else 200)


@require_POST
def discard_draft(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    desk = desk_or_404(request, reference, case_reference, Permission.DECISION_RECORD)
    actions.discard_desk_draft(item=desk.item, by=request.user)
    return redirect(f"{desk.room.url}?step=decide")


@require_safe
def show_news(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """Who else is writing, and what was recorded since the version that this page shows."""
    item = item_or_404(meeting_or_404(request.user, reference), case_reference)
    seen = request.GET.get("seen", "")
    seen = int(seen) if seen.isdecimal() and len(seen) < 5 else 0
    context = {**news_context(item, request.user, seen), "item": item, "meeting": item.meeting, "case": item.case}
    return render(request, "meetings/_desk_news.html", {**context, "seen": seen})


@require_http_methods(["GET", "POST"])
def sign_decision(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """The chair signs the version on the screen with the password."""
    desk = desk_or_404(request, reference, case_reference, Permission.DECISION_SIGN)
    if request.method == "GET" or desk.decision is None:
        return redirect(f"{desk.room.url}?step=sign")
    form = SignForm(request.POST, user=request.user, request=request)
    status = 422
    if form.is_valid():
        try:
            actions.sign_decision(
                decision=desk.decision_of(request.POST.get("version", "")),
                by=request.user,
                digest=request.POST.get("digest", ""),
            )
        except actions.ActionError as error:
            status = 409 if isinstance(error, actions.StaleForm) else 422
            messages.error(request, str(error))
            form = None  # an empty one, for the version that is read now
        else:
            messages.success(request, _("The decision is signed. From now on it can only be amended."))
            return redirect(reverse("room", args=[desk.room.meeting.reference, case_reference]) + "#case-end")
    desk = _anew(request, desk)
    return render(request, "meetings/room.html", desk.page(step="sign", sign_form=form), status=status)
