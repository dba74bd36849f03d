"""Until when the facts of a case are needed, and on which mornings somebody is reminded of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from cases.models import Case
from mdt.meetings.calendar.clock import moment
from mdt.meetings.models import AgendaItem, Meeting

# Days before the deadline's day. House defaults: nobody has published which rhythm of reminders helps.
LEADS_DAYS = (5, 1)
MORNING = time(7, 0)


@dataclass(frozen=True)
class Deadline:
    """The cut-off of the meeting that lists the case; without one, the start of the day it is to be discussed by."""

    case: Case
    at: datetime
    meeting: Meeting | None = None

    @property
    def key(self) -> str:
        """The deadline's day by the team's clock: moved by an hour, it is the same occasion to be reminded of."""
        return f"{self.at.astimezone(self.case.team.zone):%Y-%m-%d}"

    def step_at(self, lead_days: int) -> datetime:
        """The morning on which somebody is reminded, so many days before."""
        zone = self.case.team.zone
        return moment(self.at.astimezone(zone).date() - timedelta(days=lead_days), MORNING, zone).at

    def last_step(self, now: datetime) -> int | None:
        """Of the mornings that have come, the last: its days before the deadline. None before the first."""
        return min((lead for lead in LEADS_DAYS if self.step_at(lead) <= now), default=None)

    def next_step_at(self, now: datetime) -> datetime | None:
        """The next morning to remind on; None after the last."""
        return min((at for at in map(self.step_at, LEADS_DAYS) if at > now), default=None)

    def has_passed(self, now: datetime) -> bool:
        return self.at <= now


def deadline_of(case: Case, item: AgendaItem | None = None) -> Deadline:
    """`item`: the case's place on an agenda that is still to come, where the caller has read it already."""
    return Deadline(case, deadline_at(case.target_on, case.team.zone, item), item.meeting if item else None)


def deadline_at(target_on: date, zone: ZoneInfo, item: AgendaItem | None) -> datetime:
    """The moment alone, for lists that have not read their cases."""
    return item.meeting.cut_off_at if item else moment(target_on, time(0), zone).at


def place_of(case: Case) -> AgendaItem | None:
    """The place of a case on the agenda of a meeting to come."""
    return places_of([case]).get(case.pk)


def places_of(cases: list[Case]) -> dict[int, AgendaItem]:
    """Case id → its place on the agenda of a meeting to come. One query."""
    return _by_case(_to_come().filter(case__in=cases))


def places_in(teams: Iterable[int]) -> dict[int, AgendaItem]:
    """The same for all cases on the agendas of these teams."""
    return _by_case(_to_come().filter(meeting__team__in=teams))


def _to_come() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(state=AgendaItem.State.LISTED, meeting__state=Meeting.State.PLANNED)


def _by_case(items: QuerySet[AgendaItem]) -> dict[int, AgendaItem]:
    return {item.case_id: item for item in items.select_related("meeting__team", "meeting__series")}
