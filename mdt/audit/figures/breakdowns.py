"""The same two questions, part by part: by month, team, type, option, kind of treatment, discipline and edition."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.rows.packed import unpack_axes
from mdt.audit.scope import NONE, Scope
from mdt.audit.tables import Cell, Column, Row, Table, count_cell, row_head, share_cell
from mdt.audit.words import code_in_words, title_of
from mdt.people.models import Team
from mdt.people.templatetags.looks import day

DIMENSIONS = ("month", "team", "confirmed", "option", "treatment", "discipline", "edition")


@dataclass
class Part:
    """Counts of decisions that share a value: all of them, and those of each column."""

    decided: int = 0
    followed: int = 0
    with_reason: int = 0
    without_reason: int = 0
    full: int = 0
    unknown: int = 0

    def __iadd__(self, other: "Part") -> "Part":
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @classmethod
    def of(cls, axes: int, number: int) -> "Part":
        """So many decisions with these axes."""
        _ended, concordance, implementation = unpack_axes(axes)
        return cls(
            decided=number,
            followed=number * (concordance in ("concordant", "conditional")),
            with_reason=number * (concordance == "different_with_reason"),
            without_reason=number * (concordance == "different_without_reason"),
            full=number * (implementation == "full"),
            unknown=number * (implementation == "unknown"),
        )


def breakdown(scope: Scope, by: str) -> Table:
    """One row for each value that decisions have; the rows add up to all decisions."""
    parts = _parts(scope, by)
    total = Part()
    for part in parts.values():
        total += part
    names = _names(by, parts)
    rows = tuple(_cells(names[code], part, _narrow(scope, by, code)) for code, part in parts.items())
    rows = tuple((month_cell(row[0]), *row[1:]) for row in rows) if by == "month" else rows
    return Table(
        key=f"by-{by}",
        title=_("By %(what)s") % {"what": title_of(by).lower()},
        how_counted=str(DEFINITIONS["breakdown"]),
        columns=_columns(by),
        rows=rows,
        notes=(_note(by, total.decided),),
        foot=_cells(_("All"), total, scope),
    )


def _columns(by: str) -> tuple[Column, ...]:
    return (
        Column("value", title_of(by)),
        Column("decided", _("Decisions"), "count"),
        Column("followed", _("Followed the pathway"), "share"),
        Column("with_reason", _("Different, with reason"), "share"),
        Column("without_reason", _("Different, no reason"), "share"),
        Column("full", _("Fully carried out"), "share"),
        Column("unknown", _("Not known"), "share"),
    )


def _note(by: str, decided: int) -> str:
    if by == "option":
        return _("The rows add up to %(count)d decisions: of each only its first option counts.") % {"count": decided}
    return _("The rows add up to %(count)d decisions.") % {"count": decided}


def _parts(scope: Scope, by: str) -> dict[str, Part]:
    """Value → its counts, the most frequent first; months in the order of time, and all of the period."""
    # with the team first, days stand in the order of the index, and SQLite need not sort them
    columns = {"month": ("team_id", "meeting_on"), "team": ("team_id",)}.get(by, (by,))
    decided = scope.narrowed(ended="decided").rows()
    groups = decided.values_list(*columns, "axes").annotate(number=Count("*")).order_by(*columns, "axes")
    found: dict[str, Part] = {month: Part() for month in months_of(scope)} if by == "month" else {}
    for *_team, value, axes, number in groups:
        code = f"{value:%Y-%m}" if by == "month" else str(value)
        found.setdefault(code, Part())
        found[code] += Part.of(axes, number)
    if by == "month":
        return dict(sorted(found.items()))
    return dict(sorted(found.items(), key=lambda entry: (-entry[1].decided, entry[0])))


LONGEST = 120
"""Months of which each has a row even without a decision; of a longer period only those that have some."""


def months_of(scope: Scope) -> list[str]:
    """Every month of the period, so that an empty one is seen; [] for a period of many years."""
    first, last = scope.first_on, scope.last_on
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    if count > LONGEST:
        return []
    months = [first.year * 12 + first.month - 1 + place for place in range(count)]
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]


def first_day(month: str) -> date:
    """The first day of a month ("2026-04")."""
    return date.fromisoformat(f"{month}-01")


def month_cell(cell: Cell) -> Cell:
    """A month ("2026-04", which files keep) in the words of the page."""
    return replace(cell, text=day(first_day(str(cell.value)), "month"))


def within_month(scope: Scope, month: str) -> Scope:
    """The scope of one month ("2026-04"), cut at the ends of the period."""
    begins = first_day(month)
    next_month = date(begins.year + begins.month // 12, begins.month % 12 + 1, 1)
    first_on = max(begins, scope.first_on)
    return scope.narrowed(first_on=first_on, last_on=min(next_month - timedelta(days=1), scope.last_on))


def _narrow(scope: Scope, by: str, code: str) -> Scope:
    """The scope of one row."""
    if by == "team":
        return scope.narrowed(teams=(int(code),))
    if by == "month":
        return within_month(scope, code)
    return scope.narrowed(**{by: code or NONE})


def _names(by: str, codes: Iterable[str]) -> dict[str, str]:
    """Each value as its row is named."""
    if by == "month":
        return {code: code for code in codes}
    if by == "team":
        return {str(team.pk): str(team) for team in Team.objects.filter(pk__in=codes)}
    return {code: code_in_words(by, code) for code in codes}


def _cells(name: str, part: Part, here: Scope) -> Row:
    decided = here.narrowed(ended="decided")
    columns = [
        (part.followed, {"only": "followed"}),
        (part.with_reason, {"concordance": "different_with_reason"}),
        (part.without_reason, {"concordance": "different_without_reason"}),
        (part.full, {"implementation": "full"}),
        (part.unknown, {"implementation": "unknown"}),
    ]
    shares = [share_cell(count, part.decided, cases_url(decided.narrowed(**asked))) for count, asked in columns]
    return (row_head(name, part.decided), count_cell(part.decided, url=cases_url(decided)), *shares)
