"""Which decisions a figure counts: teams, period and filters, read from an address in one place.

Every table and picture takes a Scope. What an address asks for and nobody may see, or nobody understands, is left out
and said in `ignored`: a figure never silently counts something else than its caption.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from mdt.audit.conditions import CONDITIONS
from mdt.audit.rows.models import AuditRow
from mdt.audit.rows.packed import among, axes_with
from mdt.audit.words import value_in_words
from mdt.meetings.models import ErasedItem
from mdt.people.models import Team, User
from mdt.people.permissions import Permission, teams_with
from mdt.people.templatetags.looks import day

EARLIEST = date(2000, 1, 1)
"""No meeting of this system lies before it; a period "all" begins here."""
MONTHS = 12
NARROWS = (
    *("pathway", "proposed", "confirmed", "concordance", "implementation"),
    *("discipline", "option", "treatment", "reason"),
)
LONGEST = 80


@dataclass(frozen=True)
class Scope:
    """A part of the audit's rows: those of these teams, of meetings from `first_on` to `last_on`, under all filters.

    An empty filter does not narrow. `only` names a condition of mdt.audit.conditions. `reason` is "departure.CODE" (why
    the meeting departed) or "not_done.CODE" (why it was not carried out).
    """

    teams: tuple[int, ...]
    first_on: date
    last_on: date
    pathway: str = ""
    proposed: str = ""
    confirmed: str = ""
    concordance: str = ""
    implementation: str = ""
    discipline: str = ""
    option: str = ""
    treatment: str = ""
    reason: str = ""
    edition: str = ""
    ended: str = ""
    only: str = ""
    ignored: tuple[str, ...] = ()

    @classmethod
    def of(cls, user: User, query: QueryDict | Mapping[str, str], today: date) -> "Scope":
        """What this person may see of what the address asks for; the last twelve months where it says nothing."""
        ignored: list[str] = []
        first_on, last_on = _period(query, today, ignored)
        wanted = {name: (query.get(name) or "").strip().replace("\0", "")[:LONGEST] for name in FILTERS}
        for name in FILTERS:
            if wanted[name] and not _is_known(name, wanted[name]):
                ignored.append(f"{name}={wanted[name]}")
                wanted[name] = ""
        return cls(_teams(user, query, ignored), first_on, last_on, **wanted, ignored=tuple(ignored))

    def rows(self) -> QuerySet[AuditRow]:
        """The rows, unordered: whoever shows them says the order."""
        return AuditRow.objects.filter(self.condition).order_by()

    @property
    def condition(self) -> Q:
        """The rows as a condition on AuditRow."""
        found = Q(team_id__in=self.teams, meeting_on__range=(self.first_on, self.last_on))
        for name in COLUMNS:
            if value := getattr(self, name):
                found &= Q(**{name: "" if value == NONE else value})
        on_axes = {name: getattr(self, name) for name in AXES}
        if any(on_axes.values()):
            found &= among(axes_with(**on_axes))
        if self.reason:
            kind, _dot, code = self.reason.partition(".")
            found &= Q(**{REASONS[kind]: "" if code == NONE else code})
        return found & CONDITIONS[self.only] if self.only else found

    def narrowed(self, **changes) -> "Scope":
        """The same with other values; "-" asks for rows where the column is empty."""
        return replace(self, **changes)

    def of_figures(self) -> "Scope":
        """The same without what only a list of cases asks for: a figure sets these two for each of its numbers."""
        return replace(self, ended="", only="")

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter asks for something that only a decision has: cases without one are then out of sight."""
        return any(getattr(self, name) for name in (*NARROWS[1:], "edition"))

    def query_string(self) -> str:
        """The address of this scope; Scope.of reads it back for whoever may see the same teams."""
        asked = [("team", str(team)) for team in self.teams]
        asked += [("from", self.first_on.isoformat()), ("to", self.last_on.isoformat())]
        return urlencode(asked + [(name, getattr(self, name)) for name in FILTERS if getattr(self, name)])

    @property
    def period(self) -> str:
        """ "1 Dec 2025 to 25 Nov 2026", or until when, if it begins with the first meeting."""
        if self.first_on <= EARLIEST:
            return _("until %(last)s") % {"last": day(self.last_on)}
        return _("%(first)s to %(last)s") % {"first": day(self.first_on), "last": day(self.last_on)}

    @property
    def filters_in_words(self) -> list[str]:
        """Each filter that is set, as a reader says it."""
        return [value_in_words(name, getattr(self, name)) for name in FILTERS if getattr(self, name)]

    def in_words(self) -> str:
        """Teams, period and filters in one line: for captions, papers and heads of files."""
        teams = _("; ").join(map(team_in_words, self.teams_in_order))  # names of teams hold commas
        return " · ".join([teams or _("no team"), self.period, *self.filters_in_words, *self.left_out])

    @cached_property
    def teams_in_order(self) -> list[Team]:
        """The teams by their names."""
        return list(Team.objects.filter(pk__in=self.teams).order_by("hospital", "name"))

    @property
    def has_synthetic(self) -> bool:
        """Whether figures made for the demonstration are among those that are counted."""
        return any(team.is_synthetic for team in self.teams_in_order)

    @property
    def left_out(self) -> list[str]:
        """What the figures do not count, in words: cases that were erased, and those that may only be stored."""
        erased = [self.erased_in_words] if self.erased else []
        return [*erased, self.restricted_in_words] if self.restricted else erased

    @cached_property
    def erased(self) -> int:
        """How many cases on agendas of this period were erased by order since: they are in no figure."""
        found = ErasedItem.objects.filter(meeting__team__in=self.teams, meeting_on__range=(self.first_on, self.last_on))
        return (found.filter(pathway=self.pathway) if self.pathway not in ("", NONE) else found).count()

    @cached_property
    def restricted(self) -> int:
        """How many cases on agendas of this period may only be stored: they are in no figure."""
        cases = Case.objects.filter(pk__in=Case.objects.restricted(), team__in=self.teams)
        cases = cases.filter(pathway=self.pathway) if self.pathway not in ("", NONE) else cases
        begin, end = datetime.combine(self.first_on, time.min, UTC), datetime.combine(self.last_on, time.max, UTC)
        listed_then = cases.filter(agenda_items__meeting__starts_at__range=(begin, end))
        return listed_then.order_by().values("pk").distinct().count()

    @property
    def restricted_in_words(self) -> str:
        return ngettext(
            "without %(count)d case whose data may only be stored",
            "without %(count)d cases whose data may only be stored",
            self.restricted,
        ) % {"count": self.restricted}

    @property
    def erased_in_words(self) -> str:
        return ngettext(
            "without %(count)d case that was erased by order",
            "without %(count)d cases that were erased by order",
            self.erased,
        ) % {"count": self.erased}


NONE = "-"
"""In an address: the column is empty."""
REASONS = {"departure": "departure", "not_done": "not_done_because"}
AXES = ("ended", "concordance", "implementation")
COLUMNS = ("pathway", "proposed", "confirmed", "discipline", "option", "treatment", "edition")
FILTERS = tuple(field.name for field in fields(Scope) if field.name not in ("teams", "first_on", "last_on", "ignored"))


def _teams(user: User, query: QueryDict | Mapping[str, str], ignored: list[str]) -> tuple[int, ...]:
    may = teams_with(user, Permission.AUDIT_VIEW)
    asked = query.getlist("team") if isinstance(query, QueryDict) else [t for t in [query.get("team", "")] if t]
    found = sorted({int(text) for text in asked if text.isascii() and text.isdecimal() and int(text) in may})
    ignored += [f"team={text[:20]}" for text in asked if text and text not in map(str, found)]
    return tuple(found or _usual_teams(may))


def _usual_teams(may: Collection[int]) -> Collection[int]:
    """All that one may audit; a synthetic team only where it is asked for, or where there is no other."""
    synthetic = set(Team.objects.filter(pk__in=may, is_synthetic=True).order_by().values_list("pk", flat=True))
    return [team for team in may if team not in synthetic] or may


def team_in_words(team: Team) -> str:
    """A team by its name; one without patients behind it says so."""
    return _("%(team)s (synthetic data)") % {"team": team} if team.is_synthetic else str(team)


def _period(query: QueryDict | Mapping[str, str], today: date, ignored: list[str]) -> tuple[date, date]:
    first_on, last_on = _day("from", query, ignored), _day("to", query, ignored)
    if first_on and last_on and last_on < first_on:
        ignored.append(f"to={last_on.isoformat()}")
        last_on = None
    last_on = last_on or max(today, first_on or today)
    return first_on or min(usual_begin(today), last_on), last_on


def usual_begin(today: date) -> date:
    """The first day of twelve months of which the running one is the last."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _day(name: str, query: QueryDict | Mapping[str, str], ignored: list[str]) -> date | None:
    text = (query.get(name) or "").strip()
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= date(2200, 1, 1):
        ignored.append(f"{name}={text[:20]}")
        return None
    return found


def _is_known(name: str, value: str) -> bool:
    """Whether the value can be one of this filter's; columns with open lists (option, edition) take any text."""
    if name == "reason":
        kind, dot, code = value.partition(".")
        return bool(dot and code and kind in REASONS)
    if name == "only":
        return value in CONDITIONS
    choices = AuditRow._meta.get_field(name).choices
    return value in dict(choices) if choices else True
