"""The control chart of an indicator: its months as the table has them, drawn."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from mdt.audit.figures.breakdowns import first_day
from mdt.audit.figures.series import Month, Series, series_table
from mdt.audit.pictures.control_lines import Period, control_drawing
from mdt.audit.pictures.picture import Picture
from mdt.audit.pictures.shapes import number
from mdt.audit.scope import Scope
from mdt.audit.tables import percent
from mdt.people.templatetags.looks import day


def series_picture(scope: Scope, series: Series) -> Picture:
    """Shares as a p-chart, medians of days as a chart of single values (XmR), with the target where there is one."""
    table = series_table(scope, series)
    periods = [_period(month, series) for month in series.months]
    description = _(
        "Control chart by month: points joined over time, the mean, and its limits. Points that chance hardly explains "
        "are hollow and carry the number of the rule. The figures stand in the table."
    )
    drawing = control_drawing(
        periods,
        series.chart,
        is_share=series.is_share,
        target=series.target,
        target_word=pgettext("a line in a chart", "compare") if series.is_comparison else _("target"),
    )
    return Picture(table.key, table.title, description, drawing, (table,))


def _period(month: Month, series: Series) -> Period:
    begins = first_day(month.month)
    return Period(day(begins, "month_alone"), month.total, _note(month, series), day(begins, "year"))


def _note(month: Month, series: Series) -> str:
    """What is said where one points at a point."""
    if not month.total:
        return ""
    value = percent(month.count / month.total) if series.is_share else number(month.median or 0)
    return ngettext("%(period)s: %(value)s, %(total)d case", "%(period)s: %(value)s, %(total)d cases", month.total) % {
        "period": day(first_day(month.month), "month"),
        "value": value if series.is_share else _("%(days)s d") % {"days": value},
        "total": month.total,
    }
