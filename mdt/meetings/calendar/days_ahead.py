"""Days after a meeting, as the desk offers them: the meetings to come, and the days on which the team does not work."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from mdt.meetings.calendar.slots import slots
from mdt.meetings.calendar.working_days import WorkingDays, working_days_of
from mdt.meetings.models import Meeting, Series
from mdt.people.models import Team
from mdt.people.templatetags.looks import day

FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Ahead:
    """A meeting to come, by the team's clock.

    `back_on`: the day of its cut-off, on which a case must be back to be listed in time.
    """

    held_on: date
    begins_at: time
    back_on: date


@dataclass(frozen=True)
class DaysAhead:
    """From the day after `first` for a year. `closed`: each day on which the team does not work, and why."""

    meetings: list[Ahead]
    closed: dict[date, str]

    def why_closed(self, on: date) -> str:
        """ "" on a working day, and on one on which the team meets all the same."""
        return "" if on in {each.held_on for each in self.meetings} else self.closed.get(on, "")

    def as_data(self) -> dict[str, object]:
        """For the script of the desk."""
        return {
            "meetings": [{"day": each.back_on.isoformat(), "label": self._label(each)} for each in self.meetings],
            "closed": {on.isoformat(): why for on, why in self.closed.items() if self.why_closed(on)},
        }

    def _label(self, meeting: Ahead) -> str:
        """With the hour where the team meets twice on that day."""
        alone = sum(each.held_on == meeting.held_on for each in self.meetings) == 1
        held = day(meeting.held_on, "weekday")
        held = held if alone else f"{held} {meeting.begins_at:%H:%M}"
        return _("%(meeting)s (cut-off %(day)s)") % {"meeting": held, "day": day(meeting.back_on, "weekday")}


def days_ahead(team: Team, first: date) -> DaysAhead:
    """What the calendar knows of the year after a day: meetings that are made, and those that series will make."""
    working, last = working_days_of(team), first + FARTHEST
    found = [*_by_rule(team, working, first, last), *_made(team, first, last)]
    found.sort(key=lambda each: (each.held_on, each.begins_at, each.back_on))
    days = (first + timedelta(days=number) for number in range(1, FARTHEST.days + 1))
    closed = {on: working.closed_because(on) or _("weekend") for on in days if not working.is_working_day(on)}
    return DaysAhead(
        [each for each in found if each.back_on > first],
        closed,
    )


def _made(team: Team, first: date, last: date) -> list[Ahead]:
    """Meetings that are planned."""
    rows = Meeting.objects.filter(team=team, state=Meeting.State.PLANNED).values_list("starts_at", "cut_off_at")
    dated = [_ahead(team, starts_at, cut_off_at) for starts_at, cut_off_at in rows]
    return [each for each in dated if first < each.held_on <= last]


def _by_rule(team: Team, working: WorkingDays, first: date, last: date) -> list[Ahead]:
    """Dates of running series for which nobody has made, moved or cancelled a meeting yet."""
    dated = []
    for series in Series.objects.filter(team=team, state=Series.State.RUNNING).select_related("team"):
        settled = set(series.meetings.filter(planned_for__gt=first).values_list("planned_for", flat=True))
        for slot in slots(series, working, first + timedelta(days=1), last):
            if slot.starts_at is not None and slot.cut_off_at is not None and slot.planned_for not in settled:
                dated.append(_ahead(team, slot.starts_at, slot.cut_off_at))
    return dated


def _ahead(team: Team, starts_at: datetime, cut_off_at: datetime) -> Ahead:
    begin = starts_at.astimezone(team.zone)
    return Ahead(begin.date(), begin.time(), cut_off_at.astimezone(team.zone).date())
