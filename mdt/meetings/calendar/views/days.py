from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cases.actions import ActionError, StaleForm
from mdt.conflicts import conflict_of, settled
from mdt.meetings.calendar import actions
from mdt.meetings.calendar.forms.people import CalendarForm, ClosedDaysForm
from mdt.meetings.calendar.loading import calendar_or_404, closed_day_or_404
from mdt.meetings.calendar.tending import Left
from mdt.meetings.models import TeamCalendar
from mdt.sent import sent_in


@require_http_methods(["GET", "POST"])
def change_calendar(request: HttpRequest, code: str) -> HttpResponse:
    """The team's clock, whose holidays it keeps, and its own closed days."""
    calendar = calendar_or_404(request.user, code)
    now = calendar.version if calendar.pk else 0
    form = settled(lambda data: CalendarForm(data, calendar=calendar), sent_in(request), version=now)
    if not form.conflict and form.is_valid():
        done = _attempt(
            request, form, lambda: actions.change_calendar(team=calendar.team, by=request.user, **form.cleaned_data)
        )
        if done:
            return redirect("team-calendar", calendar.team.code)
        if form.is_stale:
            form.conflict = conflict_of(form, version=now)
    return _page(request, calendar, form=form)


@require_POST
def close_days(request: HttpRequest, code: str) -> HttpResponse:
    calendar = calendar_or_404(request.user, code)
    form = ClosedDaysForm(request.POST)
    if form.is_valid() and _attempt(
        request, form, lambda: actions.close_days(team=calendar.team, by=request.user, **form.cleaned_data)
    ):
        return redirect("team-calendar", calendar.team.code)
    return _page(request, calendar, days_form=form)


@require_POST
def open_days(request: HttpRequest, code: str, closed: int) -> HttpResponse:
    calendar = calendar_or_404(request.user, code)
    _tell(request, actions.open_days(days=closed_day_or_404(calendar, closed), by=request.user))
    return redirect("team-calendar", calendar.team.code)


def _attempt(request: HttpRequest, form, action: Callable[[], list[Left]]) -> bool:
    try:
        left = action()
    except ActionError as error:
        form.add_error(None, str(error))
        form.is_stale = isinstance(error, StaleForm)
        return False
    _tell(request, left)
    return True


def _tell(request: HttpRequest, left: list[Left]) -> None:
    """What became of the coming meetings: which ones were left as they were, by their numbers."""
    messages.success(request, _("Saved. Coming meetings of every series follow."))
    if left:
        words = ngettext(
            "%(count)d meeting was left as it was: %(which)s.",
            "%(count)d meetings were left as they were: %(which)s.",
            len(left),
        )
        named = [_("%(meeting)s (%(why)s)") % {"meeting": each.meeting.reference, "why": each.why} for each in left]
        messages.warning(request, words % {"count": len(left), "which": _(", ").join(named)})


def _page(request: HttpRequest, calendar: TeamCalendar, **forms) -> HttpResponse:
    refused = next((form for form in forms.values() if form.errors), None)
    is_stale = any(getattr(form, "is_stale", False) or getattr(form, "conflict", None) for form in forms.values())
    status = 409 if is_stale else 422 if refused else 200
    today = timezone.localdate(timezone=calendar.team.zone)
    context = {
        "calendar": calendar,
        "team": calendar.team,
        "form": CalendarForm(calendar=calendar),
        "days_form": ClosedDaysForm(),
        "closed": calendar.team.closed_days.filter(last_on__gte=today).select_related("added_by"),
        **forms,
    }
    return render(request, "meetings/series/calendar.html", context, status=status)
