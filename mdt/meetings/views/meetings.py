from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mdt.conflicts import conflict_of, settled
from mdt.meetings import actions
from mdt.meetings.calendar.list_page import meetings_context
from mdt.meetings.forms.meeting import MeetingForm, ReasonForm, TeamChoiceForm
from mdt.meetings.meeting_page import listing_context, meeting_context, next_context
from mdt.meetings.views.agenda import numbers_of
from mdt.meetings.views.loading import case_to_list, meeting_or_404
from mdt.people.models import Team
from mdt.people.permissions import Permission, teams_with
from mdt.sent import sent_in


@require_safe
def list_meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to come, the next first, and those that are over; with `case`, the ones whose agenda it may go on."""
    page, team, reference = (request.GET.get(name, "") for name in ("page", "team", "case"))
    case = case_to_list(request.user, reference) if reference else None
    context = meetings_context(request.user, page or "1", case.team.code if case else team)
    return render(request, "meetings/list.html", {**context, **listing_context(case)})


@require_safe
def next_meeting(request: HttpRequest) -> HttpResponse:
    """The next meeting as a panel for other pages."""
    return render(request, "meetings/_next.html", next_context(request.user))


@require_safe
def show_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """Agenda, time, cut-off, attendance, quorum, and cases that may be added."""
    meeting = meeting_or_404(request.user, reference)
    actions.open_meeting(meeting=meeting, by=request.user)
    context = meeting_context(meeting, request.user, search=request.GET.get("q", ""))
    context["before"] = ".".join(map(str, numbers_of(request.GET.get("before", ""))))
    return render(request, "meetings/_picker.html" if request.htmx else "meetings/meeting.html", context)


@require_http_methods(["GET", "POST"])
def plan_meeting(request: HttpRequest) -> HttpResponse:
    teams = list(Team.objects.filter(pk__in=teams_with(request.user, Permission.MEETING_PLAN)))
    if not teams:
        raise PermissionDenied
    asked = request.POST.get("team") or request.GET.get("team", "")
    team = next((team for team in teams if team.code == asked), teams[0])
    timezone.activate(team.zone)  # what is typed is read by the team's clock
    form = MeetingForm(sent_in(request), team=team, submit=_("Plan the meeting"))
    if form.is_valid():
        try:
            meeting = actions.plan_meeting(team=team, by=request.user, **form.values())
        except actions.ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The meeting %(reference)s is planned.") % {"reference": meeting.reference})
            return redirect(meeting)
    choice = TeamChoiceForm(teams=teams, initial={"team": team.code}) if len(teams) > 1 else None
    context = {"form": form, "team": team, "choice": choice}
    return render(request, "meetings/plan.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def change_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    form = settled(
        lambda data: MeetingForm(data, instance=meeting, team=meeting.team, submit=_("Change the meeting")),
        sent_in(request),
        version=meeting.version,
    )
    status = 409 if form.conflict else 200
    if not form.conflict and form.is_valid():
        try:
            actions.change_meeting(
                meeting=meeting, by=request.user, version=form.cleaned_data["version"] or 0, **form.values()
            )
        except actions.ActionError as error:
            status = 409 if isinstance(error, actions.StaleForm) else 422
            form.add_error(None, str(error))
            form.conflict = conflict_of(form, version=meeting.version) if status == 409 else None
        else:
            messages.success(request, _("The meeting is changed."))
            return redirect(meeting)
    elif form.errors and not form.conflict:
        status = 422
    return render(request, "meetings/change.html", {"form": form, "meeting": meeting}, status=status)


@require_http_methods(["GET", "POST"])
def cancel_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    form = ReasonForm(sent_in(request), initial={"version": meeting.version}, submit=_("Cancel the meeting"))
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            actions.cancel_meeting(
                meeting=meeting,
                by=request.user,
                version=form.cleaned_data["version"] or 0,
                reason=form.cleaned_data["reason"],
            )
        except actions.ActionError as error:
            form.add_error(None, str(error))
            if isinstance(error, actions.StaleForm):  # read what is new, then say it once more
                form.data, status = {**form.data.dict(), "version": meeting.version}, 409
        else:
            messages.success(request, _("The meeting is cancelled. Its cases are in the queue again."))
            return redirect(meeting)
    context = {
        **{"form": form, "meeting": meeting, "title": _("Cancel the meeting")},
        "effect": _("Its cases go back into the queue, and everybody who was invited is told."),
    }
    return render(request, "meetings/reason.html", context, status=status)
