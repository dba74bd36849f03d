"""What the pages of series show: their next dates, and what a change would do before it is stored."""

from dataclasses import dataclass

from django.utils import timezone

from mdt.meetings.calendar import rules, tending
from mdt.meetings.calendar.forms.people import CoreMemberForm, DeputyForm, people_of_team
from mdt.meetings.calendar.slots import Slot, upcoming
from mdt.meetings.calendar.working_days import working_days_of
from mdt.meetings.models import CoreMember, Meeting, Series
from mdt.people.models import User
from mdt.people.permissions import Permission, can, teams_with

DATES_SHOWN = 10


@dataclass(frozen=True)
class Dated:
    """A date of the rule with the meeting that stands for it, if there is one."""

    slot: Slot
    meeting: Meeting | None = None


def preview(series: Series) -> dict:
    """The next ten dates of a series as it would be, and what storing it would do to its meetings."""
    now = timezone.now()
    working = working_days_of(series.team)
    today = timezone.localdate(timezone=series.team.zone)
    context = {
        "series": series,
        "words": rules.words(rules.parse(series.rule)),
        "dates": [Dated(slot) for slot in upcoming(series, working, max(today, series.starts_on), DATES_SHOWN)],
        "is_preview": True,
    }
    if series.pk:
        stored = Series.objects.select_related("team").get(pk=series.pk)
        meetings = tending.coming_meetings(stored, now)
        context["tending"] = tending.tend(series, working, meetings, now)
    return context


def series_context(series: Series, user: User) -> dict:
    """Everything of the page of one series."""
    now = timezone.now()
    working = working_days_of(series.team)
    today = timezone.localdate(timezone=series.team.zone)
    meetings = tending.coming_meetings(series, now)
    by_date = {meeting.planned_for: meeting for meeting in meetings}
    is_running = series.state == Series.State.RUNNING
    slots = upcoming(series, working, max(today, series.starts_on), DATES_SHOWN) if is_running else []
    may_plan = can(user, Permission.MEETING_PLAN, series.team_id)
    people = people_of_team(series.team) if may_plan else []
    rows = list(series.core_members.select_related("person").order_by("discipline", "id"))
    return {
        "series": series,
        "words": rules.words(rules.parse(series.rule)),
        "dates": [Dated(slot, by_date.get(slot.planned_for)) for slot in slots],
        "otherwise": [meeting for meeting in meetings if _is_otherwise(meeting, series)],
        "left": tending.tend(series, working, meetings, now).left,
        "members": [(row, [deputy for deputy in rows if deputy.covers_id == row.pk]) for row in _members(rows)],
        "may_plan": may_plan and is_running,
        "member_form": CoreMemberForm(people=people),
        "deputy_form": DeputyForm(people=people, auto_id=False),
        "now": now,
    }


def _is_otherwise(meeting: Meeting, series: Series) -> bool:
    """Whether a coming meeting asks for opinions first where new ones of the series do not, or the other way round."""
    return meeting.state == Meeting.State.PLANNED and meeting.opinions_first != series.opinions_first


def _members(rows: list[CoreMember]) -> list[CoreMember]:
    return [row for row in rows if row.covers_id is None]


def list_context(user: User) -> dict:
    """The series of the person's teams, running ones first."""
    rows = Series.objects.filter(team__in=teams_with(user, Permission.MEETING_VIEW)).select_related("team", "chair")
    series = sorted(rows, key=lambda row: (row.state != Series.State.RUNNING, row.team_id, row.number))
    for row in series:
        row.words = rules.words(rules.parse(row.rule))
    return {
        "rows": series,
        "can_plan": bool(teams_with(user, Permission.MEETING_PLAN)),
        "has_teams": len(teams_with(user, Permission.MEETING_VIEW)) > 1,
    }
