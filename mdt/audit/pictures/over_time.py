"""Did decisions follow the pathway, month by month: a p-chart whose marked points are more than chance."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.pictures.control_lines import Period, control_drawing, rule_numbers
from mdt.audit.pictures.picture import Picture
from mdt.audit.rows.models import AuditRow
from mdt.audit.rows.packed import unpack_axes
from mdt.audit.scope import Scope
from mdt.audit.statistics import Chart, p_chart
from mdt.audit.tables import Cell, Column, Row, Table, percent, share_cell
from mdt.meetings.concordance import Concordance
from mdt.people.templatetags.looks import day, listed

MONTHS = 36
"""Up to so many months a point stands for a month; beyond, for a quarter; beyond as many quarters, for a year."""
FOLLOWED = (Concordance.CONCORDANT, Concordance.CONDITIONAL)


@dataclass
class Span:
    """From a first to a last day, and what was counted there. `on_axis`: its name in a chart, and the year below."""

    first_on: date
    last_on: date
    name: str
    on_axis: tuple[str, str]
    count: int = 0
    total: int = 0


def spans(first_on: date, last_on: date) -> list[Span]:
    """Months, quarters or years from the first day to the last; the outer ones are cut there."""
    months = (last_on.year - first_on.year) * 12 + last_on.month - first_on.month + 1
    size = 1 if months <= MONTHS else 3 if months <= 3 * MONTHS else 12
    start = first_on.year * 12 + (first_on.month - 1) // size * size
    found = []
    while (begins := date(start // 12, start % 12 + 1, 1)) <= last_on:
        start += size
        ends = date(start // 12, start % 12 + 1, 1) - timedelta(days=1)
        name = _span_name(begins, size)
        on_axis = (day(begins, "month_alone"), day(begins, "year")) if size == 1 else (name, "")
        found.append(Span(max(begins, first_on), min(ends, last_on), name, on_axis))
    return found


def _span_name(begins: date, size: int) -> str:
    if size == 12:
        return str(begins.year)
    if size == 3:
        return _("%(year)d Q%(quarter)d") % {"year": begins.year, "quarter": (begins.month + 2) // 3}
    return day(begins, "month")


def followed_by_span(scope: Scope) -> list[Span]:
    """Of the decisions on a single proposal, how many followed it, in each part of the period.

    The period is cut to the meetings that it holds: "all" does not begin with empty decades.
    """
    told_apart = ("team_id", "meeting_on", "axes")  # in the order of the index
    lines = list(scope.rows().values_list(*told_apart).annotate(number=Count("*")).order_by(*told_apart))
    days = [meeting_on for _team, meeting_on, _axes, _number in lines] or [scope.last_on]
    found = spans(min(days), max(days))
    begins = [span.first_on for span in found]
    for _team, meeting_on, axes, number in lines:
        ended, concordance, _implementation = unpack_axes(axes)
        if ended == AuditRow.Ended.DECIDED and concordance != Concordance.NO_PROPOSAL:
            span = found[bisect(begins, meeting_on) - 1]
            span.total += number
            span.count += number if concordance in FOLLOWED else 0
    return found


def concordance_picture(scope: Scope) -> Picture:
    found = followed_by_span(scope)
    chart = p_chart([(span.count, span.total) for span in found])
    periods = [Period(span.on_axis[0], span.total, _note(span), span.on_axis[1]) for span in found]
    description = _(
        "Control chart of the share of decisions that followed the pathway. The limits are three standard errors from "
        "the mean, for the number of each period. Points that chance hardly explains are hollow and carry the number "
        "of the rule. The figures stand in the table."
    )
    return Picture(
        "over-time",
        _("Decisions that followed the pathway, over time"),
        description,
        control_drawing(periods, chart, is_share=True),
        (_table(scope, found, chart),),
        layout="wide",
    )


def concordance_table(scope: Scope) -> Table:
    found = followed_by_span(scope)
    return _table(scope, found, p_chart([(span.count, span.total) for span in found]))


def _note(span: Span) -> str:
    if not span.total:
        return ""
    return _("%(period)s: %(count)d of %(total)d, %(share)s") % {
        "period": span.name,
        "count": span.count,
        "total": span.total,
        "share": percent(span.count / span.total),
    }


def _table(scope: Scope, found: Sequence[Span], chart: Chart) -> Table:
    return Table(
        key="over-time",
        title=_("Decisions that followed the pathway, over time"),
        how_counted=str(DEFINITIONS["over-time"]),
        columns=(
            Column("period", _("Period")),
            Column("followed", _("Followed"), "count"),
            Column("decisions", _("Decisions on a single proposal"), "count"),
            Column("share", _("Share"), "share"),
            Column("low", _("Lower limit"), "share"),
            Column("high", _("Upper limit"), "share"),
            Column("marked", _("Marked by rule")),
        ),
        rows=tuple(_row(scope, span, point) for span, point in zip(found, chart.points, strict=True)),
        notes=(rules_in_words(),),
    )


def _row(scope: Scope, span: Span, point) -> Row:
    here = scope.narrowed(first_on=span.first_on, last_on=span.last_on)

    def counted(number: int, only: str) -> Cell:
        return Cell(number, url=cases_url(here.narrowed(only=only)))

    limits = (point.low, point.high) if point.value is not None else (None, None)
    return (
        Cell(span.name),
        counted(span.count, "followed"),
        counted(span.total, "on_single_proposal"),
        share_cell(span.count, span.total),
        *(Cell(limit, percent(limit)) for limit in limits),
        Cell(listed(rule_numbers(point))),
    )


def rules_in_words() -> str:
    """The rules by their numbers."""
    return _(
        "Rules (NHS England, Making data count): 1 a point beyond a limit; 2 seven or more in a row on one side of the "
        "mean; 3 six or more in a row that only rise or only fall; 4 two of three neighbours in the outer third on the "
        "same side."
    )
