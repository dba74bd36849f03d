"""The list of meetings as a calendar: by month and week, with capacity, readiness and who is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format

from mdt.meetings.calendar.coming import Coming, coming_to
from mdt.meetings.calendar.own import my_meetings
from mdt.meetings.calendar.slots import Slot, slots
from mdt.meetings.calendar.tending import last_day
from mdt.meetings.calendar.working_days import working_days_of
from mdt.meetings.models import AgendaItem, Meeting, Series
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with

PAST_PER_PAGE = 20
MOST = 150  # meetings to come on one page: three a week for a year


@dataclass(frozen=True)
class Entry:
    """A line of the calendar: a meeting, or a date of a series on which there is none, with the reason."""

    on: date
    team: Team
    meeting: Meeting | None = None
    coming: Coming | None = None
    series: Series | None = None
    note: str = ""

    @property
    def month(self) -> date:
        return self.on.replace(day=1)

    @property
    def week(self) -> date:
        """The Monday of its week."""
        return self.on - timedelta(days=self.on.weekday())


@dataclass(frozen=True)
class Week:
    number: int
    monday: date
    entries: list[Entry]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class Month:
    label: str
    slug: str
    weeks: list[Week]

    @property
    def meetings(self) -> int:
        return sum(entry.meeting is not None for week in self.weeks for entry in week.entries)


def counted(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Each meeting with the cases, ready cases, minutes and finished discussions of its agenda, the last first."""
    listed = ~Q(agenda__state=AgendaItem.State.REMOVED)
    ready = Q(agenda__state=AgendaItem.State.LISTED, agenda__case__is_ready=True)
    counted = meetings.select_related("team", "chair", "series").annotate(
        cases=Count("agenda", filter=listed),
        waiting=Count("agenda", filter=Q(agenda__state=AgendaItem.State.LISTED)),
        ready=Count("agenda", filter=ready),
        minutes=Sum("agenda__planned_minutes", filter=listed, default=0),
        discussed=Count("agenda", filter=Q(agenda__state=AgendaItem.State.DISCUSSED)),
    )
    return counted.order_by("-starts_at", "-id")


def meter_of(minutes: int, available: int) -> dict[str, float]:
    """Widths for the picture of planned against available minutes, out of 120."""
    whole = max(minutes, available, 1)
    return {"planned": round(120 * minutes / whole, 1), "mark": round(120 * available / whole, 1)}


def meetings_context(user: User, page: str, code: str = "") -> dict:
    """Meetings of the person's teams, or of the one with this code: to come by month, and past ones by page."""
    teams = list(Team.objects.filter(pk__in=teams_with(user, Permission.MEETING_VIEW)).order_by("code"))
    chosen = [team for team in teams if team.code.lower() == code.lower()] or teams
    ours = counted(Meeting.objects.filter(team__in=chosen))
    called_off = Q(state=Meeting.State.CANCELLED, is_changed_by_hand=True, starts_at__gt=timezone.now())
    upcoming = list(ours.filter(Q(state=Meeting.State.PLANNED) | called_off).order_by("starts_at", "id")[: MOST + 1])
    past = ours.filter(Q(state=Meeting.State.HELD) | Q(state=Meeting.State.CANCELLED, starts_at__lte=timezone.now()))
    shown = upcoming[:MOST]
    return {
        "months": months(entries(shown, chosen)),
        "has_planned": any(meeting.state == Meeting.State.PLANNED for meeting in shown),
        "has_more": len(upcoming) > MOST,
        "page_obj": Paginator(past.order_by("-starts_at", "-id"), PAST_PER_PAGE).get_page(page),
        "can_plan": bool(teams_with(user, Permission.MEETING_PLAN)),
        "plannable": [team for team in teams if team.pk in teams_with(user, Permission.MEETING_PLAN)],
        "teams": teams,
        "chosen": chosen[0] if len(chosen) == 1 and len(teams) > 1 else None,
        "has_teams": len(chosen) > 1,
        "waiting_for_me": my_meetings(user)["waiting"],
        "now": timezone.now(),
    }


def entries(meetings: list[Meeting], teams: list[Team]) -> list[Entry]:
    """Meetings with who comes, and the dates that their series skip, in order."""
    coming = coming_to(meetings)
    dated = _dates(teams, meetings)
    found = []
    for meeting in meetings:
        _series, slot = dated.pop((meeting.series_id, meeting.planned_for), (None, None))
        note = slot.why if slot is not None and slot.starts_at == meeting.starts_at else ""
        found.append(Entry(meeting.local_start.date(), meeting.team, meeting, coming[meeting.pk], meeting.series, note))
    found += [
        Entry(slot.planned_for, series.team, series=series, note=slot.why)
        for series, slot in dated.values()
        if slot.is_skipped
    ]
    return sorted(found, key=lambda entry: (entry.on, entry.meeting.starts_at.timestamp() if entry.meeting else 0))


def _dates(teams: list[Team], meetings: list[Meeting]) -> dict[tuple[int | None, date | None], tuple[Series, Slot]]:
    """Every date of the running series within the weeks for which meetings are made, and of every meeting shown."""
    now, found, working = timezone.now(), {}, {}
    for series in Series.objects.filter(team__in=teams, state=Series.State.RUNNING).select_related("team"):
        if series.team_id not in working:
            working[series.team_id] = working_days_of(series.team)
        today = now.astimezone(series.team.zone).date()
        theirs = [m.planned_for for m in meetings if m.series_id == series.pk and m.planned_for]
        first, last = min([today, *theirs]), max([last_day(series, now), *theirs])
        for slot in slots(series, working[series.team_id], first, last):
            found[series.pk, slot.planned_for] = (series, slot)
    return found


def months(found: Iterable[Entry]) -> list[Month]:
    """The lines by month and week; a week that two months share begins anew in the second."""
    return [
        Month(
            date_format(first, "YEAR_MONTH_FORMAT"),
            f"{first:%Y-%m}",
            [
                Week(monday.isocalendar().week, monday, list(lines))
                for monday, lines in groupby(within, key=lambda entry: entry.week)
            ],
        )
        for first, within in groupby(found, key=lambda entry: entry.month)
    ]
