"""The delay clock: days from referral over ready, discussed and told to treated."""

from django.utils.translation import gettext as _

from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.indicators import DAYS, LIMITS
from mdt.audit.figures.profile import Spans, spans_of
from mdt.audit.pictures.bars import Span, spans_drawing
from mdt.audit.pictures.picture import Picture
from mdt.audit.pictures.shapes import number
from mdt.audit.scope import Scope
from mdt.audit.statistics.quantiles import quartiles
from mdt.audit.tables import UNKNOWN, Cell, Column, Row, Table, share_cell

STEPS = ("ready_after_days", "discussed_after_days", "told_after_days", "treated_after_days")
"""In calendar days, so that one scale serves them all: the release is counted in working days and stands elsewhere."""


def steps_of(scope: Scope) -> list[tuple[str, Spans]]:
    """Each step over the decisions of the scope."""
    return [(column, spans_of(scope, column)) for column in STEPS]


def _target(column: str) -> int | None:
    """Days at most, where a published limit is known."""
    return LIMITS.get(column, (None, ""))[0]


def delay_picture(scope: Scope) -> Picture:
    steps = steps_of(scope)
    spans = [Span(str(DAYS[column]), found.known, quartiles(found.days), _target(column)) for column, found in steps]
    description = _(
        "For each step the median as a stroke and the middle half of the cases as a bar, in days; a green line is the "
        "target. The figures stand in the table."
    )
    return Picture("delays", _("Delay clock"), description, spans_drawing(spans), (_table(steps),))


def delay_table(scope: Scope) -> Table:
    return _table(steps_of(scope))


def _table(steps: list[tuple[str, Spans]]) -> Table:
    return Table(
        key="delays",
        title=_("Delay clock"),
        how_counted=str(DEFINITIONS["delays"]),
        columns=(
            Column("step", _("Step")),
            Column("cases", _("Cases"), "count"),
            Column("unknown", _("A day not known"), "count"),
            Column("median", _("Median"), "days"),
            Column("first_quartile", _("A quarter within"), "days"),
            Column("third_quartile", _("Three quarters within"), "days"),
            Column("within", _("Within target"), "share"),
        ),
        rows=tuple(_row(column, found) for column, found in steps),
    )


def _days_cell(days: float | None) -> Cell:
    return Cell(days, "" if days is None else _("%(days)s d") % {"days": number(days)})


def _row(column: str, found: Spans) -> Row:
    first, middle, third = quartiles(found.days) or (None, None, None)
    within, target = Cell(None, UNKNOWN), _target(column)
    if target is not None:
        within = share_cell(found.within(target), found.known)
    return (
        Cell(str(DAYS[column])),
        Cell(found.known),
        Cell(found.unknown),
        *map(_days_cell, (middle, first, third)),
        within,
    )
