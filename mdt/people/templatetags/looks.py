"""Parts of the visual language that every app's templates share: state badges, disciplines, names, days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mdt.people import alike, joining
from mdt.people.disciplines import Discipline
from mdt.people.permissions import Permission, can_anywhere
from mdt.sent import page_of_this_site

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
def breakable(words: object) -> SafeString:
    """Words with a place for a new line behind each stroke, and none behind a sign: "16a1/16b2/supraclavicular" fits a
    phone, and "≥ 4" stays together."""
    together = re.sub(r"([<>≤≥]) (?=\d)", "\\1\N{NO-BREAK SPACE}", str(words))
    return format_html_join(mark_safe("/<wbr>"), "{}", ((part,) for part in together.split("/")))


@register.filter
def is_long(words: object) -> bool:
    """Whether words fill more than about four lines of a narrow column; a Chinese sign is as wide as two letters."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in str(words)) > 160


@register.simple_tag(name="alike")
def show_alike(template: str, **content: object) -> SafeString:
    """A template that reads nothing but this content, rendered once for everybody (mdt.people.alike)."""
    return alike.rendered(template, content)


@register.filter
def discipline_label(code: object) -> str:
    """The name of a discipline in the reader's language; an unknown code is shown as it stands."""
    return str(_DISCIPLINES.get(str(code or ""), code or ""))


@register.filter
def discipline_labels(codes: Iterable[object] | None) -> str:
    """Several disciplines as one phrase."""
    return listed(discipline_label(code) for code in codes or ())


@register.filter
def listed(words: Iterable[object] | None) -> str:
    """Words in a row, as the reader's language separates them."""
    return joining.listed(words or ())


@register.filter
def treats_patients(person: User) -> bool:
    """Whether the person may open cases of other teams in an emergency."""
    return can_anywhere(person, Permission.FINDING_RECORD)


@register.filter
def team_names(person: User) -> list[str]:
    """Names of the teams that a person belongs to, each once however many roles they hold."""
    return sorted({str(team) for team in person.teams.all()})


# How a day is written: Django's own formats would give "Nov. 23, 2026" in English.
_FORMATS: Final = {
    "en": {"day": "j M Y", "short": "j M", "weekday": "D j M", "long": "l j F Y"},
    "zh": {"day": "Y年n月j日", "short": "n月j日", "weekday": "n月j日 D", "long": "Y年n月j日 l"},
}
_FORMATS["en"] |= {"month": "M Y", "month_alone": "M", "year": "Y"}
_FORMATS["zh"] |= {"month": "Y年n月", "month_alone": "n月", "year": "Y年"}
_WITH_HOURS: Final = {"time": "day", "weekday_time": "weekday", "long_time": "long"}
_HOURS: Final = {"en": ", H:i", "zh": " H:i"}


def as_day(value: object) -> date | None:
    """A date from whatever holds one: a date, a time, or the ISO text of a snapshot."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


@register.filter
def day(value: object, style: str = "day") -> str:
    """A day as the reader's language writes it: "23 Nov 2026"; styles day, short, weekday, long.

    With hours: time, weekday_time, long_time. The month of a day: month ("Nov 2026"), month_alone, year.
    """
    language = "zh" if (get_language() or "").startswith("zh") else "en"
    form = _FORMATS[language][_WITH_HOURS.get(style, style)]
    if style in _WITH_HOURS and isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, form + _HOURS[language])
    found = as_day(value)
    return date_format(found, form) if found else ""


@register.filter
def days_since(value: object) -> int | None:
    """Whole days from a date until today, negative for a day that lies ahead."""
    found = as_day(value)
    return None if found is None else (timezone.localdate() - found).days


@register.filter
def since_days(value: object) -> str:
    """How long ago, in words: "today", "11 days ago", "in 3 days"."""
    days = days_since(value)
    if days is None:
        return ""
    if days == 0:
        return gettext("today")
    if days > 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}
    return ngettext("in %(count)d day", "in %(count)d days", -days) % {"count": -days}


@register.filter
def way_back(request: HttpRequest) -> str:
    """The page on which the reader is: of a form that was refused, the one that they sent it from."""
    if request.method == "GET":
        return request.get_full_path()
    return page_of_this_site(request) or "/"
