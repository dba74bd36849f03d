"""A team's clock, the holidays that it keeps, and its own closed days. Every series of the team follows at once."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions import ActionError, StaleForm
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.calendar.actions.series import tend_series
from mdt.meetings.calendar.tending import Left
from mdt.meetings.calendar.working_days import countries, regions
from mdt.meetings.models import ClosedDay, Series, TeamCalendar
from mdt.people.models import Team, User

LONGEST_CLOSURE = 366  # days


@transaction.atomic
def change_calendar(
    *, team: Team, by: User, version: int, time_zone: str, country: str = "", region: str = ""
) -> list[Left]:
    """Set the team's clock and whose holidays it keeps. Returns the coming meetings that were left as they were.

    Raises ActionError for an unknown zone, country or region, StaleForm if it changed since `version` was shown (0:
    it was never set).
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    calendar = TeamCalendar.objects.filter(team=team).first() or TeamCalendar(team=team, version=0)
    if calendar.version != version:
        raise StaleForm(_("Somebody else changed this calendar in the meantime. Look at what is new and try again."))
    if country and country not in countries():
        raise ActionError(_("The holidays of this country are not known."))
    if region and region not in regions(country):
        known = ", ".join(regions(country)) or "–"
        raise ActionError(_("This region is not known. Regions of the country: %(known)s.") % {"known": known})
    try:
        Team(time_zone=time_zone).clean_fields(exclude=["name", "hospital", "code"])
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from None
    before = {"time_zone": team.time_zone, "country": calendar.country, "region": calendar.region}
    after = {"time_zone": time_zone, "country": country, "region": region}
    team.time_zone = time_zone
    team.save(update_fields=["time_zone"])
    calendar.country, calendar.region, calendar.version = country, region, calendar.version + 1
    calendar.save()
    record(Kind.CALENDAR_CHANGED, by=by, team=team, subject=calendar, before=before, after=after)
    return _tend_all(team)


@transaction.atomic
def close_days(*, team: Team, by: User, first_on: date, last_on: date, label: str) -> list[Left]:
    """The team holds no meetings on these days. Returns the coming meetings there that were left as they were."""
    label = label.strip()
    if not label or len(label) > 80:
        raise ActionError(_("Say in up to 80 characters what the days are closed for."))
    if last_on < first_on:
        raise ActionError(_("The last day lies before the first."))
    if (last_on - first_on).days > LONGEST_CLOSURE:
        raise ActionError(_("At most a year at once. To stop for longer, end the series."))
    row = ClosedDay.objects.create(team=team, first_on=first_on, last_on=last_on, label=label, added_by=by)
    record(Kind.DAYS_CLOSED, by=by, team=team, subject=row, first_on=first_on, last_on=last_on, label=label)
    return _tend_all(team)


@transaction.atomic
def open_days(*, days: ClosedDay, by: User) -> list[Left]:
    """Take a closure back; meetings that it withdrew come back."""
    said = {"first_on": days.first_on, "last_on": days.last_on, "label": days.label}
    record(Kind.DAYS_OPENED, by=by, team=days.team, subject=days, **said)
    ClosedDay.objects.filter(pk=days.pk).delete()
    return _tend_all(days.team)


def _tend_all(team: Team) -> list[Left]:
    running = Series.objects.filter(team=team, state=Series.State.RUNNING).order_by("pk")
    return [left for series in running for left in tend_series(series=series).left]
