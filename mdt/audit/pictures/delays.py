"""The delay clock: days from referral over ready, discussed and told to treated."""

from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from mdt.audit.conditions import DECIDED
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.pictures.bars import Span, spans_drawing
from mdt.audit.pictures.picture import Picture
from mdt.audit.pictures.shapes import number
from mdt.audit.scope import Scope
from mdt.audit.statistics.quantiles import quartiles
from mdt.audit.tables import UNKNOWN, Cell, Column, Row, Table, share_cell

STEPS = ("ready_after_days", "discussed_after_days", "told_after_days", "treated_after_days")
TARGETS = {"discussed_after_days": 7}
"""Days at most: Australia's Optimal Care Pathways, discussed within a week of the end of diagnosis and staging."""


@dataclass
class Step:
    """Days → how many decisions took so long; `unknown`: decisions that lack one of the two days."""

    column: str
    name: str
    days: dict[int, int] = field(default_factory=dict)
    unknown: int = 0

    @property
    def cases(self) -> int:
        return sum(self.days.values())

    @property
    def quartiles(self) -> tuple[float, float, float] | None:
        return quartiles(self.days)

    @property
    def target(self) -> int | None:
        return TARGETS.get(self.column)


def steps_of(scope: Scope) -> list[Step]:
    """Each step over the decisions of the scope."""
    names = {
        "ready_after_days": _("Referral to ready"),
        "discussed_after_days": _("Ready to discussed"),
        "told_after_days": _("Discussed to patient told"),
        "treated_after_days": _("Told to treatment"),
    }
    found = []
    for column in STEPS:
        step = Step(column, names[column])
        decided = scope.rows().filter(DECIDED)
        for days, cases in decided.values_list(column).annotate(cases=Count("*")).order_by(column):
            if days is None:
                step.unknown = cases
            else:
                step.days[days] = cases
        found.append(step)
    return found


def delay_picture(scope: Scope) -> Picture:
    steps = steps_of(scope)
    spans = [Span(step.name, step.cases, step.quartiles, step.target) for step in steps]
    description = _(
        "For each step the median as a stroke and the middle half of the cases as a bar, in days; a green line is the "
        "target. The figures stand in the table."
    )
    return Picture("delays", _("Delay clock"), description, spans_drawing(spans), (_table(steps),))


def delay_table(scope: Scope) -> Table:
    return _table(steps_of(scope))


def _table(steps: list[Step]) -> Table:
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
        rows=tuple(_row(step) for step in steps),
    )


def _days_cell(days: float | None) -> Cell:
    return Cell(days, "" if days is None else _("%(days)s d") % {"days": number(days)})


def _row(step: Step) -> Row:
    first, middle, third = step.quartiles or (None, None, None)
    within = Cell(None, UNKNOWN)
    if step.target is not None:
        within = share_cell(sum(cases for days, cases in step.days.items() if days <= step.target), step.cases)
    return (
        Cell(step.name),
        Cell(step.cases),
        Cell(step.unknown),
        *map(_days_cell, (middle, first, third)),
        within,
    )
