"""The dates of a series by its rule: when each meeting is, what is skipped, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice, pairwise

from django.utils.translation import gettext as _

from mdt.meetings.calendar import rules
from mdt.meetings.calendar.clock import Oddity, moment
from mdt.meetings.calendar.working_days import WorkingDays
from mdt.meetings.models import Series
from mdt.people.templatetags.looks import day as day_words

FARTHEST_MOVE = timedelta(days=6)


@dataclass(frozen=True)
class Slot:
    """One date of the rule, and what becomes of it. Without `starts_at` there is no meeting, and `why` says so."""

    planned_for: date
    starts_at: datetime | None = None
    cut_off_at: datetime | None = None
    closed: str = ""  # the holiday or closed day on the rule's date
    why: str = ""  # no meeting, or not as the rule has it

    @property
    def is_skipped(self) -> bool:
        return self.starts_at is None

    @property
    def is_moved(self) -> bool:
        return self.starts_at is not None and self.starts_at.date() != self.planned_for


def slots(series: Series, working: WorkingDays, first: date, last: date) -> list[Slot]:
    """Every date of the rule from `first` to `last`, in order. `series` may be one that is not stored yet."""
    rule = rules.parse(series.rule)
    last = min(last, series.ends_on) if series.ends_on else last
    dates = rule.dates(series.starts_on, first, last)
    following = next(rule.upcoming(series.starts_on, dates[-1] + timedelta(days=1)), None) if dates else None
    return [_slot(series, working, on, later) for on, later in pairwise([*dates, following])]


def upcoming(series: Series, working: WorkingDays, after: date, count: int) -> list[Slot]:
    """The next dates of the rule from a day on, skipped ones among them."""
    dates = rules.parse(series.rule).upcoming(series.starts_on, after)
    within = (on for on in dates if not series.ends_on or on <= series.ends_on)
    pairs: Iterator = pairwise(chain(islice(within, count + 1), [None, None]))
    return [_slot(series, working, on, later) for on, later in islice(pairs, count) if on is not None]


def _slot(series: Series, working: WorkingDays, on: date, following: date | None) -> Slot:
    closed = working.closed_because(on)
    if not closed:
        return _held(series, working, on, on)
    if series.on_closed_day == Series.OnClosedDay.SKIP:
        return Slot(on, closed=closed, why=closed)
    moved = working.next_working_day(on)
    if moved is None or moved - on > FARTHEST_MOVE or (following is not None and moved >= following):
        why = _("%(holiday)s; the next working day is too far away, or the next meeting's") % {"holiday": closed}
        return Slot(on, closed=closed, why=why)
    return _held(series, working, on, moved, closed)


def _held(series: Series, working: WorkingDays, planned_for: date, on: date, closed: str = "") -> Slot:
    begins = moment(on, series.begins_at, series.team.zone)
    reasons = [_("%(holiday)s: on the next working day") % {"holiday": closed}] if closed else []
    if begins.oddity is Oddity.SKIPPED:
        words = {"asked": f"{series.begins_at:%H:%M}", "shown": f"{begins.at:%H:%M}", "day": day_words(on)}
        reasons.append(_("the clocks skip %(asked)s on %(day)s: it begins at %(shown)s") % words)
    elif begins.oddity is Oddity.REPEATED:
        words = {"asked": f"{series.begins_at:%H:%M}", "day": day_words(on)}
        reasons.append(_("the clocks show %(asked)s twice on %(day)s: the first one counts") % words)
    return Slot(planned_for, begins.at, cut_off(series, working, begins.at), closed, _("; ").join(reasons))


def cut_off(series: Series, working: WorkingDays, starts_at: datetime) -> datetime:
    """Until when cases must be ready for a meeting of this series that begins at `starts_at`; never after it."""
    if series.cut_off_unit == Series.CutOffUnit.HOURS:
        # Hours are hours, also across a change of the clocks.
        return (starts_at.astimezone(UTC) - timedelta(hours=series.cut_off_count)).astimezone(starts_at.tzinfo)
    day = working.working_days_before(starts_at.astimezone(series.team.zone).date(), series.cut_off_count)
    return min(moment(day, series.cut_off_time, series.team.zone).at, starts_at)
