"""Parts of the visual language that every app's templates share: state badges, disciplines, names, days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mdt.people.disciplines import Discipline

if TYPE_CHECKING:
    from mdt.people.models import User

register = template.Library()

# Icon of each state. A state is always shown as icon, word and colour together (class "state-KIND").
STATES: Final[dict[str, tuple[str, Promise]]] = {
    "ready": ("check-circle-fill", _("Ready")),
    "waiting": ("hourglass-split", _("Waiting")),
    "overdue": ("exclamation-triangle-fill", _("Overdue")),
    "signed": ("lock-fill", _("Signed")),
    "disputed": ("signpost-split-fill", _("Readings differ")),
    "unverified": ("patch-question-fill", _("Unverified")),
    "provisional": ("circle-half", _("Provisional")),
    "stale": ("clock-history", _("Stale")),
    "decided": ("check2-square", _("Decided")),
    "recommended": ("check-circle", _("Recommended")),
    "consider": ("list-check", _("Consider")),
    "not": ("slash-circle", _("Not recommended")),
    "contraindicated": ("sign-stop-fill", _("Contraindicated")),
    "undetermined": ("question-circle", _("Undetermined")),
    "unknown": ("dash-circle-dotted", _("not stated")),
    "date": ("calendar3", _("Date")),
}

_DISCIPLINES: Final = dict(Discipline.choices)


@register.inclusion_tag("_state.html")
def state(kind: str, text: object = "", *, pill: bool = True) -> dict[str, object]:
    """A state as icon, word and colour; without text the state's own word; ``pill=False``: no ground."""
    icon, word = STATES.get(kind) or STATES["unknown"]
    return {"kind": kind, "icon": icon, "text": text or word, "pill": pill}


@register.filter
def discipline_label(code: object) -> str:
    """The name of a discipline in the reader's language; an unknown code is shown as it stands."""
    return str(_DISCIPLINES.get(str(code or ""), code or ""))


@register.filter
def discipline_labels(codes: Iterable[object] | None) -> str:
    """Several disciplines as one phrase."""
    return gettext(", ").join(discipline_label(code) for code in codes or ())


@register.filter
def team_names(person: User) -> list[str]:
    """Names of the teams that a person belongs to, each once however many roles they hold."""
    return sorted({str(team) for team in person.teams.all()})


def _day(value: date | datetime) -> date:
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


@register.filter
def days_since(value: date | datetime | None) -> int | None:
    """Whole days from a date until today, negative for a day that lies ahead."""
    return None if value is None else (timezone.localdate() - _day(value)).days


@register.filter
def since_days(value: date | datetime | None) -> str:
    """How long ago, in words: "today", "11 days ago", "in 3 days"."""
    days = days_since(value)
    if days is None:
        return ""
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return ngettext("in %(count)d day", "in %(count)d days", -days) % {"count": -days}
