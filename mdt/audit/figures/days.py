"""Days between the steps, from referral over ready, discussed and told to treated: median, quartiles, limits."""

from typing import Final

from django.utils.translation import gettext as _

from mdt.audit.conditions import PROMPT_DAYS, RELEASE_WORKING_DAYS
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.figures.profile import Spans, spans_of
from mdt.audit.scope import Scope
from mdt.audit.statistics.quantiles import quartiles
from mdt.audit.tables import Cell, Column, Row, Table, share_cell
from mdt.audit.words import DAYS

LIMITS: Final = {
    "discussed_after_days": (PROMPT_DAYS, "discussed_promptly"),
    "released_after_days": (RELEASE_WORKING_DAYS, "released_promptly"),
}


def days(scope: Scope, spans: dict[str, Spans] | None = None) -> Table:
    """One line for each step, with how many days are not known."""
    spans = spans_of(scope, tuple(DAYS)) if spans is None else spans
    return Table(
        key="days",
        title=_("Days between the steps"),
        how_counted=str(DEFINITIONS["days"]),
        columns=(
            Column("step", _("Step")),
            Column("known", _("Cases"), "count"),
            Column("unknown", _("Not known"), "count"),
            Column("q1", _("Lower quartile"), "days"),
            Column("median", _("Median"), "days"),
            Column("q3", _("Upper quartile"), "days"),
            Column("limit", _("Limit"), "days"),
            Column("within", _("Within the limit"), "share"),
        ),
        rows=tuple(_row(scope, column, found) for column, found in spans.items()),
        notes=(
            _(
                "Limits: ready to discussed within 7 days (Australian Optimal Care Pathway for pancreatic cancer; none "
                "was found for gastric cancer); outcome by the end of the next working day (Walsall MDT charter)."
            ),
        ),
    )


def _row(scope: Scope, column: str, found: Spans) -> Row:
    limit, condition = LIMITS.get(column, (None, ""))
    within = Cell(None)
    if limit is not None:
        within = share_cell(found.within(limit), found.known, cases_url(scope.narrowed(only=condition)))
    return (
        Cell(str(DAYS[column])),
        Cell(found.known, url=cases_url(scope.narrowed(only=f"{column}_known"))),
        Cell(found.unknown, url=cases_url(scope.narrowed(only=f"{column}_unknown"))),
        *(Cell(value, days_in_words(value)) for value in quartiles(found.days) or (None, None, None)),
        Cell(limit),
        within,
    )


def days_in_words(days: float | None) -> str:
    """ "6" or "6.5"; "" of nothing."""
    return "" if days is None else f"{days:.2f}".rstrip("0").rstrip(".")
