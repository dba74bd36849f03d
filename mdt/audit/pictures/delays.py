"""The delay clock: days from referral over ready, discussed and told to treated."""

from django.utils.translation import gettext as _

from mdt.audit.figures.days import LIMITS, days
from mdt.audit.figures.profile import spans_of
from mdt.audit.pictures.bars import Span, spans_drawing
from mdt.audit.pictures.picture import Picture
from mdt.audit.scope import Scope
from mdt.audit.statistics.quantiles import quartiles
from mdt.audit.words import DAYS

WORKING_DAYS = ("released_after_days",)
"""Not drawn: one scale of calendar days serves all others."""


def delay_picture(scope: Scope) -> Picture:
    found = spans_of(scope, tuple(DAYS))
    spans = [
        Span(str(title), found[column].known, quartiles(found[column].days), LIMITS.get(column, (None, ""))[0])
        for column, title in DAYS.items()
        if column not in WORKING_DAYS
    ]
    description = _(
        "For each step the median as a stroke and the middle half of the cases as a bar, in days; a green line is the "
        "target. The figures stand in the table."
    )
    return Picture("delays", _("Delay clock"), description, spans_drawing(spans), (days(scope, found),), "wide")
