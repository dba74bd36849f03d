"""Time zones by their IANA names ("Asia/Shanghai"). A team's meetings are held by the clock of its own zone."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def default_time_zone() -> str:
    """The installation's zone: what a new team begins with."""
    return settings.TIME_ZONE


@cache
def names() -> tuple[str, ...]:
    """Every zone that may be chosen: places ("Europe/Berlin") and UTC, without the old short names."""
    places = {name for name in available_timezones() if "/" in name and not name.startswith("Etc/")}
    return (*sorted(places), "UTC")


def validate_time_zone(name: str) -> None:
    """Raise ValidationError for a name that the time zone database does not know."""
    # The installation's own setting holds even where it is an old name ("Japan").
    if name not in names() and name != settings.TIME_ZONE:
        raise ValidationError(_("There is no time zone %(name)s.") % {"name": name})


def zone(name: str) -> ZoneInfo:
    """The zone of a stored name; ZoneInfo keeps what it has read."""
    return ZoneInfo(name)
