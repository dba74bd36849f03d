from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from mdt.meetings import actions
from mdt.meetings.lane.page import lane_context, protocols_context
from mdt.meetings.models import Meeting
from mdt.meetings.views.loading import item_or_404, meeting_or_404
from mdt.people.models import User
from mdt.people.permissions import Permission, get_team_or_404
from mdt.people.signing import SignForm
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def standard_of_care(request: HttpRequest, reference: str) -> HttpResponse:
    """The lane of one meeting: who triaged, what is recorded, what the chair signs in one list."""
    do = request.POST.get("do", "")
    permission = {"record": Permission.DECISION_RECORD, "sign": Permission.DECISION_SIGN}.get(do)
    meeting = meeting_or_404(request.user, reference, permission or Permission.MEETING_VIEW)
    if do == "record":
        return _record(request, meeting)
    if do == "sign":
        return _sign(request, meeting)
    return _page(request, meeting)


def _page(request: HttpRequest, meeting: Meeting, *, sign_form: SignForm | None = None, status: int = 200):
    context = lane_context(meeting, request.user)
    context["sign_form"] = sign_form or SignForm(user=request.user)
    return render(request, "meetings/standard_of_care.html", context, status=status)


def _record(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    prefix = "responsible-"
    named = {
        int(name.removeprefix(prefix)): int(value)
        for name, value in request.POST.items()
        if name.startswith(prefix) and name.removeprefix(prefix).isdecimal() and value.isdecimal()
    }
    people = User.objects.in_bulk(named.values())
    responsible = {item: people[person] for item, person in named.items() if person in people}
    try:
        recorded = actions.record_standard_of_care(meeting=meeting, by=request.user, responsible=responsible)
    except actions.ActionError as error:
        messages.error(request, str(error))
        return _page(request, meeting, status=422)
    said = ngettext("%(count)d outcome is recorded.", "%(count)d outcomes are recorded.", len(recorded))
    messages.success(request, said % {"count": len(recorded)})
    return redirect("standard-of-care", meeting.reference)


def _sign(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = SignForm(request.POST, user=request.user, request=request)
    if not form.is_valid():
        return _page(request, meeting, sign_form=form, status=422)
    prefix = "version-"
    versions = {
        int(name.removeprefix(prefix)): int(value)
        for name, value in request.POST.items()
        if name.startswith(prefix) and name.removeprefix(prefix).isdecimal() and value.isdecimal()
    }
    try:
        count = actions.sign_standard_of_care(meeting=meeting, by=request.user, versions=versions)
    except actions.ActionError as error:
        messages.error(request, str(error))
        return _page(request, meeting, status=409 if isinstance(error, actions.StaleForm) else 422)
    said = ngettext("%(count)d outcome is signed.", "%(count)d outcomes are signed.", count)
    messages.success(request, said % {"count": count})
    return redirect("standard-of-care", meeting.reference)


@require_POST
def triage_case(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """One clinician's mark; the second one changes the lane."""
    meeting = meeting_or_404(request.user, reference, Permission.CASE_TRIAGE)
    item = item_or_404(meeting, case_reference)
    try:
        item = actions.triage_case(
            item=item,
            protocol=request.POST.get("protocol", ""),
            reason=request.POST.get("reason", ""),
            by=request.user,
        )
    except actions.ActionError as error:
        messages.error(request, str(error))
        return _page(request, meeting, status=409 if isinstance(error, actions.StaleForm) else 422)
    if item.lane == item.Lane.STANDARD_OF_CARE:
        said = _("%(case)s is listed for standard of care. Any member can pull it back.")
    else:
        said = _("%(case)s: your triage is noted. A second clinician has to agree.")
    messages.success(request, said % {"case": case_reference})
    return redirect("standard-of-care", meeting.reference)


@require_POST
def pull_back(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    """One action of any member."""
    meeting = meeting_or_404(request.user, reference, Permission.FINDING_RECORD)
    item = item_or_404(meeting, case_reference)
    try:
        actions.pull_back(item=item, by=request.user, reason=request.POST.get("reason", ""))
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(case)s is to be discussed.") % {"case": case_reference})
    return redirect(reverse("standard-of-care", args=[meeting.reference]))


@require_POST
def undo_pull_back(request: HttpRequest, reference: str, case_reference: str) -> HttpResponse:
    meeting = meeting_or_404(request.user, reference, Permission.FINDING_RECORD)
    item = item_or_404(meeting, case_reference)
    try:
        actions.undo_pull_back(item=item, by=request.user)
    except actions.ActionError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(case)s is in the standard-of-care lane again.") % {"case": case_reference})
    return redirect("standard-of-care", meeting.reference)


@require_http_methods(["GET", "POST"])
def show_protocols(request: HttpRequest, code: str) -> HttpResponse:
    """The protocols of a team; the chair signs one as it stands, or withdraws it, with the password."""
    permission = Permission.DECISION_SIGN if request.method == "POST" else Permission.MEETING_VIEW
    team = get_team_or_404(request.user, code, permission)
    context, status = protocols_context(team, request.user), 200
    form = SignForm(sent_in(request), user=request.user, request=request)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.sign_protocol(
                    team=team,
                    pathway=request.POST.get("pathway", ""),
                    protocol=request.POST.get("protocol", ""),
                    digest=request.POST.get("digest", ""),
                    owner=request.POST.get("owner", ""),
                    withdraw=request.POST.get("do") == "withdraw",
                    by=request.user,
                )
            except actions.ActionError as error:
                status = 409 if isinstance(error, actions.StaleForm) else 422
                messages.error(request, str(error))
            else:
                messages.success(
                    request,
                    _("The protocol is signed.")
                    if request.POST.get("do") != "withdraw"
                    else _("The protocol is withdrawn."),
                )
                return redirect("protocols", team.code)
    context |= {"sign_form": form, "refused": request.POST.get("protocol", "")}
    return render(request, "meetings/protocols.html", context, status=status)
