"""Starting, changing and ending a series, and keeping its meetings in step with its rule."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm, set_state
from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.actions.chasing import owe_after_change
from mdt.meetings.actions.inviting import ask_again, owe_invitations
from mdt.meetings.actions.meetings import lock_meeting, refuse_if_changed, refuse_stranger
from mdt.meetings.calendar import rules, tending
from mdt.meetings.calendar.slots import Slot
from mdt.meetings.calendar.tending import FOLLOWED, Tending
from mdt.meetings.calendar.working_days import working_days_of
from mdt.meetings.models import AgendaItem, Meeting, Series
from mdt.people.models import Team, User

SERIES_FIELDS = (
    *("name", "rule", "starts_on", "ends_on", "begins_at", "minutes_available", "mode", "place", "video_url", "chair"),
    *("cut_off_count", "cut_off_unit", "cut_off_time", "on_closed_day", "weeks_ahead", "invite_days_ahead", "opinions"),
)
BOUNDS = {
    "minutes_available": (5, 600),
    "cut_off_count": (0, 240),
    "weeks_ahead": (1, 26),
    "invite_days_ahead": (0, 60),
}
TENDED_AT = time(2, 30)


def refuse_bad_series(series: Series) -> None:
    """Bring the rule to its normal form, and check what the columns cannot. Raises ActionError with the reason."""
    try:
        rule = rules.parse(series.rule)
        rules.require_dates(rule, series.starts_on)
    except rules.RuleError as error:
        raise ActionError(str(error)) from None
    series.rule = rule.text
    if series.cut_off_unit == Series.CutOffUnit.HOURS:
        series.cut_off_time = None
    try:
        series.clean_fields(exclude=["team", "number", "chair", "created_by"])
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from None
    for name, (least, most) in BOUNDS.items():
        if not least <= getattr(series, name) <= most:
            label = Series._meta.get_field(name).verbose_name
            raise ActionError(
                _("%(field)s: between %(least)d and %(most)d.") % {"field": label, "least": least, "most": most}
            )
    if series.cut_off_unit == Series.CutOffUnit.WORKING_DAYS:
        if series.cut_off_time is None:
            raise ActionError(_("Say at what time of day the cut-off is."))
        if series.cut_off_count == 0 and series.cut_off_time > series.begins_at:
            raise ActionError(_("The cut-off lies after the beginning."))
        if series.cut_off_count > 20:
            raise ActionError(_("At most 20 working days."))
    if series.ends_on and series.ends_on < series.starts_on:
        raise ActionError(_("The last day lies before the first."))
    if series.mode == Meeting.Mode.VIDEO and not series.video_url:
        raise ActionError(_("A meeting by video needs its link."))


def lock_series(series: Series) -> Series:
    """The series and its team, locked: numbers of meetings are the team's. Raises ActionError once it has ended."""
    Team.objects.select_for_update().get(pk=series.team_id)
    series = Series.objects.select_for_update(of=("self",)).select_related("team", "chair").get(pk=series.pk)
    if series.state != Series.State.RUNNING:
        raise ActionError(_("This series has ended."))
    return series


def refuse_if_series_changed(series: Series, version: int) -> None:
    if series.version != version:
        raise StaleForm(
            _(
                "Somebody else changed this series in the meantime. Nothing was stored; look at what is new "
                "and try again."
            )
        )


@transaction.atomic
def start_series(*, team: Team, by: User, **values: Any) -> Series:
    """A new series with the team's next number, and its meetings of the coming weeks.

    `values` are of SERIES_FIELDS. Raises ActionError with the reason where they do not fit together.
    """
    _refuse_unknown(values)
    team = Team.objects.select_for_update().get(pk=team.pk)
    refuse_stranger(team, values.get("chair"))
    newest = team.series.aggregate(newest=Max("number"))["newest"] or 0
    series = Series(team=team, number=newest + 1, created_by=by, **values)
    refuse_bad_series(series)
    series.save()
    record(
        Kind.SERIES_STARTED,
        by=by,
        team=team,
        subject=series,
        series=series.reference,
        rule=series.rule,
        begins_at=series.begins_at,
        starts_on=series.starts_on,
    )
    _tend(series, by)
    return series


@transaction.atomic
def change_series(*, series: Series, by: User, version: int, **changes: Any) -> Tending:
    """Change fields of SERIES_FIELDS; coming meetings follow, but for those that people touched or that have cases.

    Returns what was done and what was left alone. Raises StaleForm if it changed since `version` was shown.
    """
    _refuse_unknown(changes)
    series = lock_series(series)
    refuse_if_series_changed(series, version)
    changed = {name: value for name, value in changes.items() if getattr(series, name) != value}
    if changed:
        before = {name: getattr(series, name) for name in changed}
        for name, value in changed.items():
            setattr(series, name, value)
        refuse_stranger(series.team, changed.get("chair"))
        refuse_bad_series(series)
        series.version += 1
        series.save()
        record(
            Kind.SERIES_CHANGED,
            by=by,
            team=series.team,
            subject=series,
            series=series.reference,
            before=before,
            after={name: getattr(series, name) for name in changed},
        )
    result = _tend(series, by)
    if "opinions" in changed:
        _follow_opinions(series)
    return result


def _follow_opinions(series: Series) -> None:
    """Coming meetings without cases ask for opinions as the series does now; what is listed keeps its seal."""
    coming = series.meetings.filter(state=Meeting.State.PLANNED, starts_at__gt=timezone.now(), agenda__isnull=True)
    wanted = series.opinions_first
    coming.exclude(opinions_first=wanted).update(opinions_first=wanted, version=F("version") + 1)


@transaction.atomic
def end_series(*, series: Series, by: User, version: int, reason: str) -> Tending:
    """No further meetings. Coming ones that nobody touched and that have no cases are cancelled; the rest is named."""
    reason = reason.strip()
    if not reason or len(reason) > 400:
        raise ActionError(_("Say in up to 400 characters why the series ends."))
    series = lock_series(series)
    refuse_if_series_changed(series, version)
    series.state, series.ended_reason, series.version = Series.State.ENDED, reason, series.version + 1
    series.save(update_fields=["state", "ended_reason", "version"])
    record(Kind.SERIES_ENDED, by=by, team=series.team, subject=series, series=series.reference, reason=reason)
    return _carry_out(series, by)


@transaction.atomic
def follow_series(*, meeting: Meeting, by: User, version: int) -> Meeting:
    """Give a meeting that was left alone the time and place of its series; listed cases learn their new date.

    Raises ActionError where the series has no meeting on its date, StaleForm if it changed since it was shown.
    """
    if meeting.series_id is None:
        raise ActionError(_("This meeting belongs to no series."))
    series = lock_series(Series(pk=meeting.series_id, team_id=meeting.team_id))
    meeting = lock_meeting(meeting)
    refuse_if_changed(meeting, version)
    now = timezone.now()
    wanted = tending.tend(series, working_days_of(series.team), tending.coming_meetings(series, now), now)
    slot = next((left.slot for left in wanted.left if left.meeting.pk == meeting.pk and left.can_follow), None)
    if slot is None:
        raise ActionError(_("The series has no other time for this meeting."))
    _change(meeting, series, slot, by)
    return meeting


@transaction.atomic
def tend_series(*, series: Series) -> Tending:
    """Once a day: make the meetings of the weeks ahead. Doing it again changes nothing."""
    Team.objects.select_for_update().get(pk=series.team_id)
    series = Series.objects.select_for_update(of=("self",)).select_related("team", "chair").get(pk=series.pk)
    return _tend(series, None)


def _refuse_unknown(values: dict[str, Any]) -> None:
    if unknown := set(values) - set(SERIES_FIELDS):
        raise ValueError(f"not fields of a series: {sorted(unknown)}")


def _tend(series: Series, by: User | None) -> Tending:
    """Carry out what the rule wants, and owe the next look for the coming night of the team."""
    result = _carry_out(series, by)
    today = timezone.localtime(timezone=series.team.zone).date()
    if series.state == Series.State.RUNNING and not (series.ends_on and series.ends_on < today):
        night = today + timedelta(days=1)
        due_at = datetime.combine(night, TENDED_AT, tzinfo=series.team.zone)
        owe(kind="tend-series", subject=subject_of(series), due_at=due_at)
    return result


def _carry_out(series: Series, by: User | None) -> Tending:
    now = timezone.now()
    result = tending.tend(series, working_days_of(series.team), tending.coming_meetings(series, now), now)
    for meeting, day in result.renames:
        Meeting.objects.filter(pk=meeting.pk).update(planned_for=day)
    for meeting, why in result.withdraws:
        _withdraw(meeting, by, why)
    for meeting, slot in result.changes:
        _change(meeting, series, slot, by)
    for slot in result.makes:
        _make(series, slot, by)
    return result


def _make(series: Series, slot: Slot, by: User | None) -> Meeting:
    newest = series.team.meetings.aggregate(newest=Max("number"))["newest"] or 0
    meeting = Meeting.objects.create(
        team=series.team,
        number=newest + 1,
        series=series,
        planned_for=slot.planned_for,
        starts_at=slot.starts_at,
        cut_off_at=slot.cut_off_at,
        created_by=series.created_by,
        opinions_first=series.opinions_first,
        **{name: getattr(series, name) for name in FOLLOWED},
    )
    record(
        Kind.MEETING_PLANNED,
        by=by,
        team=series.team,
        subject=meeting,
        meeting=meeting.reference,
        series=series.reference,
        starts_at=slot.starts_at,
        cut_off_at=slot.cut_off_at,
    )
    owe_invitations(meeting=meeting)
    return meeting


def _change(meeting: Meeting, series: Series, slot: Slot, by: User | None) -> None:
    """The meeting becomes what the series says, also one that was withdrawn; its cases learn their new date."""
    wanted = {
        "starts_at": slot.starts_at,
        "cut_off_at": slot.cut_off_at,
        "state": Meeting.State.PLANNED,
        **{name: getattr(series, name) for name in FOLLOWED},
    }
    after = {name: value for name, value in wanted.items() if getattr(meeting, name) != value}
    before = {name: getattr(meeting, name) for name in after}
    for name, value in after.items():
        setattr(meeting, name, value)
    meeting.planned_for, meeting.is_changed_by_hand, meeting.version = slot.planned_for, False, meeting.version + 1
    meeting.save(update_fields=[*after, "planned_for", "is_changed_by_hand", "version"])
    if "starts_at" in after:
        for item in meeting.agenda.filter(state=AgendaItem.State.LISTED).select_related("case"):
            set_state(case=item.case, meets_at=meeting.starts_at)
        ask_again(meeting=meeting, by=by or series.created_by)
    owe_after_change(meeting=meeting)
    owe_invitations(meeting=meeting)
    record(
        Kind.MEETING_CHANGED,
        by=by,
        team=series.team,
        subject=meeting,
        meeting=meeting.reference,
        series=series.reference,
        before=before,
        after=after,
    )


def _withdraw(meeting: Meeting, by: User | None, why: str) -> None:
    """Cancel a meeting that nobody touched: it comes back if the rule has its date again."""
    meeting.state, meeting.version = Meeting.State.CANCELLED, meeting.version + 1
    meeting.save(update_fields=["state", "version"])
    record(
        Kind.MEETING_CANCELLED,
        by=by,
        team=meeting.team,
        subject=meeting,
        meeting=meeting.reference,
        reason=why,
        returned=[],
    )
    owe_invitations(meeting=meeting)
