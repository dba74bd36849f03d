"""A figure month by month, with the limits of its control chart: does it move, or vary as it always has?"""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from mdt.audit.conditions import CONDITIONS
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.figures.breakdowns import month_cell, months_of, within_month
from mdt.audit.figures.days import days_in_words
from mdt.audit.figures.indicators import BY_KEY
from mdt.audit.figures.profile import Spans
from mdt.audit.scope import Scope
from mdt.audit.statistics import Chart, Signal, p_chart, xmr_chart
from mdt.audit.tables import Cell, Column, Row, Table, percent, share_cell
from mdt.audit.words import DAYS


@dataclass(frozen=True)
class Month:
    """`month` as "2026-04". Of a share: `count` of `total`; of days: their median over `total` cases."""

    month: str
    total: int
    count: int = 0
    median: float | None = None


@dataclass(frozen=True)
class Series:
    """A figure over time. Months and points of the chart go together one by one. `target`: a published share.

    `is_comparison`: the target is another hospital's number, and nobody's standard.
    """

    key: str
    title: str
    months: tuple[Month, ...]
    chart: Chart
    is_share: bool
    target: float | None = None
    is_comparison: bool = False


BY_DAY = ("team_id", "meeting_on")
"""In the order of the index, so that SQLite need not sort a million days."""


def share_series(scope: Scope, key: str) -> Series:
    """An indicator by month as a p-chart."""
    indicator = BY_KEY[key]
    of = indicator.of[0]
    rows = scope.rows().filter(CONDITIONS[of]) if of else scope.rows()
    counted = Count("item_id", filter=CONDITIONS[indicator.counts[0]])
    groups = rows.values_list(*BY_DAY).annotate(total=Count("*"), counted=counted).order_by(*BY_DAY)
    found: dict[str, tuple[int, int]] = dict.fromkeys(months_of(scope), (0, 0))
    for _team, day, total, number in groups:
        before = found.get(f"{day:%Y-%m}", (0, 0))
        found[f"{day:%Y-%m}"] = (before[0] + number, before[1] + total)
    periods = [found[month] for month in sorted(found)]
    months = [Month(month, found[month][1], found[month][0]) for month in sorted(found)]
    target = indicator.target.share if indicator.target else None
    compared = indicator.target is not None and indicator.target.is_comparison
    chart, title = p_chart(periods), str(indicator.title)
    return Series(key, title, tuple(months), chart, is_share=True, target=target, is_comparison=compared)


def days_series(scope: Scope, column: str) -> Series:
    """Monthly medians of the days between two steps as an XmR chart."""
    rows = scope.rows().filter(CONDITIONS["decided"], **{f"{column}__isnull": False})
    groups = rows.values_list(*BY_DAY, column).annotate(number=Count("*")).order_by(*BY_DAY, column)
    found: dict[str, dict[int, int]] = {month: {} for month in months_of(scope)}
    for _team, day, days, number in groups:
        month = found.setdefault(f"{day:%Y-%m}", {})
        month[days] = month.get(days, 0) + number
    spans = {month: Spans(found[month], 0) for month in sorted(found)}
    months = [Month(month, each.known, median=each.quantile(0.5)) for month, each in spans.items()]
    chart = xmr_chart([month.median for month in months], at_least=0.0)
    return Series(column, str(DAYS[column]), tuple(months), chart, is_share=False)


def series_of(scope: Scope, key: str) -> Series:
    """The series of an indicator, or of a span of days, by its key."""
    return share_series(scope, key) if key in BY_KEY else days_series(scope, key)


KEYS = (*BY_KEY, *DAYS)
SIGNALS = {
    Signal.BEYOND_LIMIT: lambda: _("beyond a limit"),
    Signal.SHIFT: lambda: _("seven or more on one side"),
    Signal.TREND: lambda: _("six or more rising or falling"),
    Signal.OUTER_THIRD: lambda: _("two of three in the outer third"),
}


def series_table(scope: Scope, series: Series) -> Table:
    """The numbers of a chart: each month with centre, limits and the rules that mark it."""
    share = series.is_share
    columns = [Column("month", _("Month")), Column("cases", _("Cases"), "count")]
    columns += [Column("value", _("Share"), "share") if share else Column("value", _("Median"), "days")]
    kind = "number" if share else "days"
    columns += [Column("centre", _("Centre"), kind), Column("low", _("Lower limit"), kind)]
    columns += [Column("high", _("Upper limit"), kind), Column("signals", _("Marked because"))]
    return Table(
        key=f"chart-{series.key}",
        title=_("%(figure)s, by month") % {"figure": series.title},
        how_counted=str(DEFINITIONS["charts"]),
        columns=tuple(columns),
        rows=tuple(
            _row(scope, series, month, point) for month, point in zip(series.months, series.chart.points, strict=True)
        ),
    )


def _row(scope: Scope, series: Series, month: Month, point) -> Row:
    here = within_month(scope, month.month)
    if series.is_share:
        counts, of = BY_KEY[series.key].counts[0], BY_KEY[series.key].of[0]
        total = Cell(month.total, url=cases_url(here.narrowed(only=of)))
        value = share_cell(month.count, month.total, cases_url(here.narrowed(only=counts)))
        words = percent
    else:
        total = Cell(month.total, url=cases_url(here.narrowed(only=f"{series.key}_known")))
        value = Cell(month.median, days_in_words(month.median))
        words = days_in_words
    limits = [Cell(number, words(number)) for number in (point.centre, point.low, point.high)]
    if not month.total:
        limits[1:] = [Cell(None), Cell(None)]  # nothing limits a month without cases
    marks = _(", ").join(SIGNALS[signal]() for signal in point.signals)
    return (month_cell(Cell(month.month)), total, value, *limits, Cell(marks))
