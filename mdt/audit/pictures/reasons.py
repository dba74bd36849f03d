"""Why meetings departed from the pathway, and why decisions were not carried out: bars, the most frequent first."""

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from mdt.audit.conditions import NOT_AS_DECIDED, NOT_FOLLOWED
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.pictures.bars import Bar, bars_drawing
from mdt.audit.pictures.picture import Picture
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Table, percent, share_cell
from mdt.audit.words import code_in_words
from mdt.meetings.documents.wording import capital

Line = tuple[str, int]


def _lines(scope: Scope, column: str, kept: Q) -> list[Line]:
    lines = scope.rows().filter(kept).values_list(column).annotate(number=Count("*")).order_by(column)
    return sorted(lines, key=lambda line: (not line[0], -line[1], line[0]))


def departure_lines(scope: Scope) -> list[Line]:
    """Codes and numbers of decisions that departed from the pathway; those without a code last."""
    return _lines(scope, "departure", NOT_FOLLOWED)


def not_done_lines(scope: Scope) -> list[Line]:
    """Codes and numbers of decisions that were carried out otherwise, in part or not at all."""
    return _lines(scope, "not_done_because", NOT_AS_DECIDED)


def departures_table(scope: Scope, lines: Sequence[Line] | None = None) -> Table:
    lines = departure_lines(scope) if lines is None else lines
    return _table(scope, "reasons-departed", _("Why meetings departed from the pathway"), "departure", lines)


def not_done_table(scope: Scope, lines: Sequence[Line] | None = None) -> Table:
    lines = not_done_lines(scope) if lines is None else lines
    title = _("Why decisions were not carried out as decided")
    return _table(scope, "reasons-not-done", title, "not_done_because", lines)


def departures_picture(scope: Scope) -> Picture:
    lines = departure_lines(scope)
    return _picture(departures_table(scope, lines), "departure", lines)


def not_done_picture(scope: Scope) -> Picture:
    lines = not_done_lines(scope)
    return _picture(not_done_table(scope, lines), "not_done_because", lines)


def _picture(table: Table, column: str, lines: Sequence[Line]) -> Picture:
    description = _("Bars as long as the reason is frequent. The figures stand in the table.")
    total = _total(lines)
    bars = [
        Bar(capital(code_in_words(column, code)), count, f"{count} ({percent(count / total)})") for code, count in lines
    ]
    return Picture(table.key, table.title, description, bars_drawing(bars), (table,))


def _total(lines: Sequence[Line]) -> int:
    return sum(count for _code, count in lines)


def _table(scope: Scope, key: str, title: str, column: str, lines: Sequence[Line]) -> Table:
    kind, only = ("departure", "not_followed") if column == "departure" else ("not_done", "not_as_decided")

    def url(code: str) -> str:
        if code:
            return cases_url(scope.narrowed(reason=f"{kind}.{code}", only=only))
        return cases_url(scope.narrowed(only=f"{only}_uncoded"))

    total = _total(lines)
    all_url = cases_url(scope.narrowed(only=only))
    return Table(
        key=key,
        title=title,
        how_counted=str(DEFINITIONS[key]),
        columns=(
            Column("reason", _("Reason")),
            Column("cases", _("Cases"), "count"),
            Column("share", _("Share"), "share"),
        ),
        rows=tuple(
            (Cell(capital(code_in_words(column, code))), Cell(count, url=url(code)), share_cell(count, total))
            for code, count in lines
        ),
        foot=(Cell(_("All")), Cell(total, url=all_url, is_sum=True), Cell("")),
    )
