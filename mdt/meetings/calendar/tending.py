"""What has to be done so that a series' meetings follow its rule: worked out here, carried out by the actions.

A meeting stands for one date of the rule (`planned_for`). What people did to one meeting is kept: a meeting that
somebody changed or cancelled, or with cases on its agenda, is left as it is and named. Where the rule moves to
another weekday, a meeting follows to the nearest new date within six days, so that nobody gets two invitations.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mdt.meetings.calendar.slots import Slot, slots
from mdt.meetings.calendar.working_days import WorkingDays
from mdt.meetings.models import AgendaItem, Meeting, Series

NEAR = timedelta(days=6)
FOLLOWED = ("minutes_available", "mode", "place", "video_url", "chair_id")


@dataclass(frozen=True)
class Left:
    """A coming meeting that does not follow the series, and why it was left alone."""

    meeting: Meeting
    why: str
    slot: Slot | None = None  # where the series would have it; None: the rule has no such date

    @property
    def can_follow(self) -> bool:
        return self.slot is not None and not self.slot.is_skipped


@dataclass
class Tending:
    """Everything that differs between the rule and the rows."""

    makes: list[Slot] = field(default_factory=list)
    changes: list[tuple[Meeting, Slot]] = field(default_factory=list)
    withdraws: list[tuple[Meeting, str]] = field(default_factory=list)
    renames: list[tuple[Meeting, date]] = field(default_factory=list)  # stands for another date now; nothing else
    left: list[Left] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        return not (self.makes or self.changes or self.withdraws or self.renames)


def coming_meetings(series: Series, now: datetime) -> list[Meeting]:
    """Rows of the series from last week on, in every state, each with its number of `cases`.

    Past ones are not changed; but whoever moved next week's meeting to yesterday does not get a second one.
    """
    lately = now.astimezone(series.team.zone).date() - NEAR
    rows = series.meetings.filter(Q(starts_at__gt=now) | Q(planned_for__gte=lately), planned_for__isnull=False)
    counted = rows.annotate(cases=Count("agenda", filter=~Q(agenda__state=AgendaItem.State.REMOVED)))
    return list(counted.select_related("team", "chair").order_by("planned_for", "id"))


def last_day(series: Series, now: datetime) -> date:
    """So far ahead meetings are made."""
    return now.astimezone(series.team.zone).date() + timedelta(weeks=series.weeks_ahead)


def tend(series: Series, working: WorkingDays, meetings: Iterable[Meeting], now: datetime) -> Tending:
    """What to make, change, withdraw and leave. `series` may hold values that are not stored yet."""
    meetings = list(meetings)
    today, made_until = now.astimezone(series.team.zone).date(), last_day(series, now)
    first = min([today, *(meeting.planned_for for meeting in meetings)])
    last = max([made_until, *(meeting.planned_for + NEAR for meeting in meetings)])
    is_running = series.state == Series.State.RUNNING
    free = {slot.planned_for: slot for slot in (slots(series, working, first, last) if is_running else ())}
    result = Tending()
    apart = []
    for meeting in meetings:
        slot = free.pop(meeting.planned_for, None)
        if is_over(meeting, now):
            continue
        if slot is None:
            apart.append(meeting)
        else:
            _compare(result, series, meeting, slot)
    ahead = {day: slot for day, slot in free.items() if slot.is_skipped or slot.starts_at > now}
    # Meetings that people touched choose first: their week is theirs.
    for meeting in sorted(apart, key=lambda each: (not is_kept(each), each.planned_for)):
        _bring_over(result, series, meeting, ahead)
    result.makes = [slot for day, slot in sorted(ahead.items()) if day <= made_until and not slot.is_skipped]
    return result


def is_over(meeting: Meeting, now: datetime) -> bool:
    """Held, or begun: nothing may change it any more."""
    return meeting.state == Meeting.State.HELD or meeting.starts_at <= now


def is_kept(meeting: Meeting) -> bool:
    """Whether people did something to this one meeting, so that a series must not."""
    return meeting.is_changed_by_hand or bool(meeting.cases)


def _compare(result: Tending, series: Series, meeting: Meeting, slot: Slot) -> None:
    """A meeting whose date the rule still has."""
    is_planned = meeting.state == Meeting.State.PLANNED
    if slot.is_skipped:
        if is_planned and is_kept(meeting):
            result.left.append(Left(meeting, _("on a closed day: %(label)s") % {"label": slot.closed}, slot))
        elif is_planned:
            result.withdraws.append((meeting, slot.closed))
    elif is_planned and follows(series, meeting, slot):
        return
    elif is_kept(meeting):
        if is_planned:
            result.left.append(Left(meeting, _why_kept(meeting), slot))
    else:
        result.changes.append((meeting, slot))


def _bring_over(result: Tending, series: Series, meeting: Meeting, free: dict[date, Slot]) -> None:
    """A meeting whose date the rule no longer has: to the nearest date that is free, else withdrawn."""
    near = [day for day in free if abs(day - meeting.planned_for) <= NEAR]
    day = min(near, key=lambda each: abs(each - meeting.planned_for), default=None)
    is_planned = meeting.state == Meeting.State.PLANNED
    if day is not None and (is_planned or is_kept(meeting)):
        slot = free.pop(day)
        if is_kept(meeting) or slot.is_skipped:
            result.renames.append((meeting, day))
        _compare(result, series, meeting, slot)
    elif is_planned and is_kept(meeting):
        result.left.append(Left(meeting, _("the series has no such date any more")))
    elif is_planned:
        result.withdraws.append((meeting, _("the series has no such date any more")))


def follows(series: Series, meeting: Meeting, slot: Slot) -> bool:
    """Whether a meeting is as its series has it."""
    return (
        meeting.state == Meeting.State.PLANNED
        and (meeting.starts_at, meeting.cut_off_at) == (slot.starts_at, slot.cut_off_at)
        and all(getattr(meeting, name) == getattr(series, name) for name in FOLLOWED)
    )


def _why_kept(meeting: Meeting) -> str:
    reasons = [_("changed by hand")] if meeting.is_changed_by_hand else []
    if meeting.cases:
        words = ngettext("%(count)d case is listed", "%(count)d cases are listed", meeting.cases)
        reasons.append(words % {"count": meeting.cases})
    return _(", ").join(reasons)
