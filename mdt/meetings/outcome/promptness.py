"""How soon after its meeting an outcome is released: by the end of the next working day, or how late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from mdt.meetings.models import Meeting, Release
from mdt.meetings.outcome.working_days import WorkingDays, between, day_of, later, moment_of, today_of, working_days_of
from mdt.people.models import Team

WORKING_DAYS_ALLOWED = 1  # Walsall charter: outcome by the end of the next working day
WATCHED_FROM = 8  # o'clock on the due day


@dataclass(frozen=True)
class Promptness:
    """When the outcome of one case was due and released. `late_by`: working days after the due day, up to now."""

    due_on: date
    released_on: date | None
    late_by: int

    @property
    def is_met(self) -> bool:
        return self.released_on is not None and not self.late_by

    @property
    def is_late(self) -> bool:
        return self.late_by > 0


def due_on(meeting: Meeting, days: WorkingDays | None = None) -> date:
    """The last day on which an outcome of this meeting is on time: the next working day after it began."""
    days = days or working_days_of(meeting.team)
    return later(days, day_of(meeting.starts_at, meeting.team), WORKING_DAYS_ALLOWED)


def watched_at(meeting: Meeting) -> datetime:
    """The morning of the due day: time enough to say what is still to be released."""
    return moment_of(due_on(meeting), WATCHED_FROM, meeting.team)


def amendment_watched_at(team: Team) -> datetime:
    """The morning of the next working day: until then the letters of a signed amendment should be out."""
    return moment_of(later(working_days_of(team), today_of(team), WORKING_DAYS_ALLOWED), WATCHED_FROM, team)


def promptness_of(meeting: Meeting, item_ids: Iterable[int]) -> dict[int, Promptness]:
    """Agenda item id → how prompt its outcome was. Its first release counts, whatever was amended later."""
    days, today = working_days_of(meeting.team), today_of(meeting.team)
    due = due_on(meeting, days)
    first: dict[int, date] = {}
    rows = Release.objects.filter(decision__agenda_item__in=list(item_ids)).order_by("released_at")
    for item_id, released_at in rows.values_list("decision__agenda_item", "released_at"):
        first.setdefault(item_id, day_of(released_at, meeting.team))
    return {
        item_id: Promptness(due, first.get(item_id), _late(days, due, first.get(item_id) or today))
        for item_id in item_ids
    }


def _late(days: WorkingDays, due: date, until: date) -> int:
    """Working days past the due day; at least one once the due day is over, even on a day off."""
    return max(between(days, due, until), 1) if until > due else 0


def share_on_time(found: Iterable[Promptness]) -> tuple[int, int]:
    """How many were on time, of how many whose time has come: those that may still be in time do not count."""
    counted = [entry for entry in found if entry.released_on is not None or entry.is_late]
    return sum(entry.is_met for entry in counted), len(counted)
