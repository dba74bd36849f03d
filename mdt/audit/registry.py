"""All tables of the audit, named once: pages, exports, the annual report and the tests walk over them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from mdt.audit.figures import attendance, axes, breakdowns, days, indicators, series, standards
from mdt.audit.pictures import course, over_time, reasons
from mdt.audit.scope import Scope
from mdt.audit.survival import figures as survival
from mdt.audit.tables import Table


@dataclass(frozen=True)
class Figure:
    """A table that can be asked for by its key; `page` is the name of the address that shows it."""

    key: str
    page: str
    build: Callable[[Scope], Table]


def _chart(scope: Scope, key: str) -> Table:
    return series.series_table(scope, series.series_of(scope, key))


FIGURES: tuple[Figure, ...] = (
    Figure("axes", "audit", axes.matrix),
    Figure("listed", "audit", axes.listed_cases),
    *(Figure(f"by-{name}", "audit", partial(breakdowns.breakdown, by=name)) for name in breakdowns.DIMENSIONS),
    Figure("indicators", "audit-indicators", indicators.indicators),
    Figure("days", "audit-indicators", days.days),
    Figure("conversion", "audit-indicators", indicators.conversion),
    *(Figure(f"chart-{key}", "audit-indicators", partial(_chart, key=key)) for key in series.KEYS),
    Figure("attendance-members", "audit-attendance", attendance.by_member),
    Figure("attendance-disciplines", "audit-attendance", attendance.by_discipline),
    Figure("oars", "audit-attendance", attendance.oars_levels),
    Figure("meetings", "audit-attendance", attendance.meetings),
    Figure("standards", "audit-attendance", standards.standards),
    Figure("flow-proposed-confirmed", "audit-pictures", course.proposed_confirmed),
    Figure("flow-confirmed-treatment", "audit-pictures", course.confirmed_treatment),
    Figure("flow-treatment-implementation", "audit-pictures", course.treatment_implementation),
    Figure("over-time", "audit-pictures", over_time.concordance_table),
    Figure("reasons-departed", "audit-pictures", reasons.departures_table),
    Figure("reasons-not-done", "audit-pictures", reasons.not_done_table),
    Figure("survival-type", "audit-survival", survival.by_type),
    Figure("survival-concordance", "audit-survival", survival.by_concordance),
    Figure("survival-published", "audit-survival", survival.published),
)
BY_KEY = {figure.key: figure for figure in FIGURES}


def of_page(page: str) -> list[Figure]:
    """The tables of one page, in their order."""
    return [figure for figure in FIGURES if figure.page == page]
