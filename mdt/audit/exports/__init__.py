"""Tables of the audit as files: every value as a number, with the share and bounds that the page shows beside it."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.translation import gettext as _

from mdt.audit.queries import harmless
from mdt.audit.tables import Cell, Column, Table, Value

__all__ = ["about", "flat", "harmless", "head"]


def head(table: Table) -> list[str]:
    """Titles of the columns of a file: those of the page and, behind a share, its denominator and its bounds."""
    return [title for column, parts in _parts(table) for title in _titles(column, parts)]


def flat(table: Table) -> Iterator[list[Value]]:
    """The rows of a file, with the foot as the last one."""
    parts = _parts(table)
    for row in (*table.rows, *([table.foot] if table.foot else [])):
        cells = zip(row, parts, strict=True)
        yield [value for cell, (_column, names) in cells for value in _values(cell, names)]


def about(table: Table, scope_in_words: str, made_at: datetime) -> list[str]:
    """What must be read with the numbers: what they are of, when they were counted, and how."""
    when = _("counted on %(at)s") % {"at": f"{made_at:%Y-%m-%d %H:%M %Z}".strip()}
    return [table.title, scope_in_words, when, table.how_counted, *table.notes]


def _parts(table: Table) -> list[tuple[Column, tuple[str, ...]]]:
    """Each column with what its cells have beside their value."""
    found = []
    for place, column in enumerate(table.columns):
        cells = [row[place] for row in (*table.rows, table.foot) if len(row) > place]
        names = [name for name in ("share", "total", "low", "high") if any(getattr(c, name) is not None for c in cells)]
        found.append((column, tuple(names)))
    return found


def _titles(column: Column, names: tuple[str, ...]) -> list[str]:
    words = {"share": _("share"), "total": _("of"), "low": _("95 % from"), "high": _("95 % to")}
    return [column.title, *(f"{column.title}: {words[name]}" for name in names)]


def _values(cell: Cell, names: tuple[str, ...]) -> list[Value]:
    value = cell.value if cell.value is not None or not cell.text else None
    return [value, *(getattr(cell, name) for name in names)]


def plain(value: Value) -> Value:
    """A value as a file keeps it: dates in ISO form, and no text that a spreadsheet would take for a formula."""
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value
