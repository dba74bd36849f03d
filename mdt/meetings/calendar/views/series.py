from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.actions import ActionError, StaleForm
from mdt.conflicts import conflict_of, settled
from mdt.meetings.calendar import actions, series_page
from mdt.meetings.calendar.forms.people import CoreMemberForm, DeputyForm, people_of_team
from mdt.meetings.calendar.forms.series import SeriesForm
from mdt.meetings.calendar.loading import member_or_404, series_or_404, team_to_plan_for
from mdt.meetings.calendar.tending import Tending
from mdt.meetings.forms.meeting import ReasonForm, TeamChoiceForm
from mdt.meetings.models import Series
from mdt.meetings.views.loading import meeting_or_404
from mdt.people.joining import sentences
from mdt.people.permissions import Permission
from mdt.sent import sent_in


@require_safe
def list_series(request: HttpRequest) -> HttpResponse:
    return render(request, "meetings/series/list.html", series_page.list_context(request.user))


@require_safe
def show_series(request: HttpRequest, series_reference: str) -> HttpResponse:
    """Its rule, next dates with what is skipped, meetings that do not follow, core members and deputies."""
    series = series_or_404(request.user, series_reference)
    return render(request, "meetings/series/series.html", series_page.series_context(series, request.user))


@require_http_methods(["GET", "POST"])
def start_series(request: HttpRequest) -> HttpResponse:
    """A new series, with its next dates shown before anything is stored."""
    team, teams = team_to_plan_for(request.user, request.POST.get("team") or request.GET.get("team", ""))
    form = SeriesForm(sent_in(request), team=team)
    is_preview = request.POST.get("do") == "preview"
    if form.is_valid() and not is_preview:
        try:
            series = actions.start_series(team=team, by=request.user, **form.values())
        except ActionError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The series %(series)s has begun.") % {"series": series.reference})
            return redirect(series)
    choice = TeamChoiceForm(teams=teams, initial={"team": team.code}) if len(teams) > 1 else None
    return _form_page(request, form, team=team, choice=choice)


@require_http_methods(["GET", "POST"])
def change_series(request: HttpRequest, series_reference: str) -> HttpResponse:
    series = series_or_404(request.user, series_reference, Permission.MEETING_PLAN)
    is_preview = request.POST.get("do") == "preview"
    form = settled(
        lambda data: SeriesForm(data, instance=series, team=series.team), sent_in(request), version=series.version
    )
    status = 409 if form.conflict and not is_preview else None
    if not form.conflict and not is_preview and form.is_valid():
        try:
            result = actions.change_series(
                series=series, by=request.user, version=form.cleaned_data["version"] or 0, **form.values()
            )
        except ActionError as error:
            status = 409 if isinstance(error, StaleForm) else 422
            form.add_error(None, str(error))
            form.conflict = conflict_of(form, version=series.version) if status == 409 else None
        else:
            messages.success(request, _told(result))
            return redirect(series)
    return _form_page(request, form, team=series.team, series=series, status=status)


def _form_page(request: HttpRequest, form: SeriesForm, *, status: int | None = None, **context) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        context |= {"preview": series_page.preview(form.series())}
    status = status or (422 if form.errors else 200)
    return render(request, "meetings/series/form.html", {"form": form, **context}, status=status)


def _told(result: Tending) -> str:
    """What a change did to the meetings, in one line."""
    changed, made, gone = (len(part) for part in (result.changes, result.makes, result.withdraws))
    said = [_("The series is changed.")]
    if changed:
        said.append(ngettext("%(count)d meeting follows.", "%(count)d meetings follow.", changed) % {"count": changed})
    if made:
        said.append(ngettext("%(count)d meeting is new.", "%(count)d meetings are new.", made) % {"count": made})
    if gone:
        words = ngettext("%(count)d meeting is cancelled.", "%(count)d meetings are cancelled.", gone)
        said.append(words % {"count": gone})
    if result.left:
        words = ngettext(
            "%(count)d meeting was left as it was: see below.",
            "%(count)d meetings were left as they were: see below.",
            len(result.left),
        )
        said.append(words % {"count": len(result.left)})
    return sentences(said)


@require_http_methods(["GET", "POST"])
def end_series(request: HttpRequest, series_reference: str) -> HttpResponse:
    series = series_or_404(request.user, series_reference, Permission.MEETING_PLAN)
    form = ReasonForm(sent_in(request), initial={"version": series.version}, submit=_("End the series"))
    status = 422 if form.errors else 200
    if form.is_valid():
        said = {"version": form.cleaned_data["version"] or 0, "reason": form.cleaned_data["reason"]}
        try:
            actions.end_series(series=series, by=request.user, **said)
        except ActionError as error:
            form.add_error(None, str(error))
            if isinstance(error, StaleForm):  # read what is new, then say it once more
                form.data, status = {**form.data.dict(), "version": series.version}, 409
        else:
            messages.success(request, _("The series has ended. Meetings that stay are listed here."))
            return redirect(series)
    return render(request, "meetings/series/end.html", {"form": form, "series": series}, status=status)


@require_POST
def follow_series(request: HttpRequest, reference: str) -> HttpResponse:
    """Bring one meeting into line with its series."""
    meeting = meeting_or_404(request.user, reference, Permission.MEETING_PLAN)
    version = request.POST.get("version", "")
    said = _attempt(
        request,
        lambda: actions.follow_series(
            meeting=meeting, by=request.user, version=int(version) if version.isdecimal() else 0
        ),
    )
    if said:
        messages.success(request, _("%(meeting)s follows its series again.") % {"meeting": meeting.reference})
    return redirect(meeting.series or meeting)


@require_POST
def add_core_member(request: HttpRequest, series_reference: str) -> HttpResponse:
    series = series_or_404(request.user, series_reference, Permission.MEETING_PLAN)
    form = CoreMemberForm(request.POST, people=people_of_team(series.team))
    if form.is_valid():
        _attempt(request, lambda: actions.add_core_member(series=series, by=request.user, **form.cleaned_data))
    else:
        messages.error(request, _("Choose a person of the team."))
    return _to_people(series)


@require_POST
def add_deputy(request: HttpRequest, series_reference: str, member: int) -> HttpResponse:
    series = series_or_404(request.user, series_reference, Permission.MEETING_PLAN)
    row = member_or_404(series, member)
    form = DeputyForm(request.POST, people=people_of_team(series.team))
    if form.is_valid():
        _attempt(request, lambda: actions.add_deputy(member=row, by=request.user, **form.cleaned_data))
    else:
        messages.error(request, _("Choose a person of the team."))
    return _to_people(series)


@require_POST
def remove_core_member(request: HttpRequest, series_reference: str, member: int) -> HttpResponse:
    series = series_or_404(request.user, series_reference, Permission.MEETING_PLAN)
    row = member_or_404(series, member)
    if _attempt(request, lambda: actions.remove_core_member(member=row, by=request.user) or True):
        words = _("%(person)s is no longer asked to the meetings of this series.")
        messages.success(request, words % {"person": row.person})
    return _to_people(series)


def _attempt(request: HttpRequest, action: Callable) -> object:
    """What the action returned; None where it refuses, with its reason on the next page."""
    try:
        return action()
    except ActionError as error:
        messages.error(request, str(error))
        return None


def _to_people(series: Series) -> HttpResponse:
    return redirect(f"{series.get_absolute_url()}#people")
