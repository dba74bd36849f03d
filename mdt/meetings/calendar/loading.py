"""Series, core members and closed days by their address; loading is the permission check."""

import re

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from mdt.meetings.models import ClosedDay, CoreMember, Series, TeamCalendar
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, get_or_404, get_team_or_404, teams_with

REFERENCE = re.compile(r"([-\w]{1,8})-S([1-9]\d{0,6})", re.ASCII | re.IGNORECASE)


def series_or_404(user: User, reference: str, permission: Permission = Permission.MEETING_VIEW) -> Series:
    """The series `GC-S1`, if the person may do this with it. From here on times are those of its team's clock."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise Http404
    rows = Series.objects.select_related("team", "chair")
    series = get_or_404(rows, user, permission, team__code__iexact=match[1], number=int(match[2]))
    timezone.activate(series.team.zone)
    return series


def member_or_404(series: Series, member: int) -> CoreMember:
    """A core member or deputy of a series that was loaded with permission."""
    return get_object_or_404(series.core_members.select_related("person"), pk=member)


def calendar_or_404(user: User, code: str) -> TeamCalendar:
    """The calendar of a team, stored or with its defaults, if the person may plan its meetings."""
    team = get_team_or_404(user, code, Permission.MEETING_PLAN)
    timezone.activate(team.zone)
    return TeamCalendar.objects.select_related("team").filter(team=team).first() or TeamCalendar(team=team)


def closed_day_or_404(calendar: TeamCalendar, closed: int) -> ClosedDay:
    """One closure of a team whose calendar was loaded with permission."""
    return get_object_or_404(ClosedDay.objects.select_related("team"), team=calendar.team, pk=closed)


def team_to_plan_for(user: User, asked: str) -> tuple[Team, list[Team]]:
    """The team that was asked for, or the first for which the person may plan, and all of them.

    Raises PermissionDenied where there is none.
    """
    teams = list(Team.objects.filter(pk__in=teams_with(user, Permission.MEETING_PLAN)))
    if not teams:
        raise PermissionDenied
    team = next((team for team in teams if team.code == asked), teams[0])
    timezone.activate(team.zone)
    return team, teams
