"""Meetings, agenda items and decisions by their address; loading is the permission check."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from cases.models import Case
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.people.models import User
from mdt.people.permissions import Permission, get_or_404, refuse_restricted


def meeting_or_404(user: User, reference: str, permission: Permission = Permission.MEETING_VIEW) -> Meeting:
    """The meeting `GC-M12`, if the person may do this with it.

    From here on the request shows and reads times by the clock of the meeting's team.
    """
    rows = Meeting.objects.select_related("team", "chair", "series__team")
    meeting = get_or_404(rows.called(reference), user, permission)
    timezone.activate(meeting.team.zone)  # until TeamTimeZoneMiddleware ends the request
    meeting.opened_by = (user, permission)  # as whom its cases are opened (item_or_404)
    return meeting


def case_to_list(user: User, reference: str) -> Case | None:
    """The case that is to go on an agenda, if the person may put it on one; None if it has left the queue since."""
    rows = Case.objects.select_related("team", "patient")
    case = get_or_404(rows, user, Permission.MEETING_PLAN, reference=reference)
    refuse_restricted(user, Permission.MEETING_PLAN, case)
    return case if case.state == Case.State.REFERRED else None


MOST_COMING = 26


def coming_beside(meeting: Meeting) -> list[Meeting]:
    """The other planned meetings to come of its team, the next first: half a year of a weekly board at most."""
    rows = Meeting.objects.filter(team=meeting.team, state=Meeting.State.PLANNED, starts_at__gt=timezone.now())
    return list(rows.exclude(pk=meeting.pk).select_related("team").order_by("starts_at", "id")[:MOST_COMING])


def item_or_404(meeting: Meeting, case_reference: str) -> AgendaItem:
    """The case's place on the agenda of a meeting that was loaded with permission."""
    items = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).select_related(
        "case__patient", "case__team", "reveal"
    )
    item = get_object_or_404(items, case__reference=case_reference)
    refuse_restricted(*meeting.opened_by, item.case)
    item.meeting = meeting
    return item


def decision_or_404(meeting: Meeting, case_reference: str, version: int) -> Decision:
    """One version of the decision on a case in this meeting."""
    decision = get_object_or_404(meeting.decisions.complete(), case__reference=case_reference, version=version)
    refuse_restricted(*meeting.opened_by, decision.case)
    return decision


def way_back(request: HttpRequest, otherwise: str) -> str:
    """Where a small form was sent from (`next`), if that is an address of ours; else the page of that name."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_ours else reverse(otherwise)
