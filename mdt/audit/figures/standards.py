"""What standards ask of a meeting, beside what is counted here. Only what the sources say that were read.

"Not verified" marks what is known only from others' summaries. What cannot be counted from this system says so.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from mdt.audit.conditions import CONDITIONS
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.figures.rooms import Room, rooms_of
from mdt.audit.rows.packed import ONCOLOGY_AND_RADIOLOGY, unpack_standards
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Row, Table, share_cell, source_cell
from mdt.meetings.models import Decision

COUNTED = ("decided", "prospective", "not_as_decided", "deviation_with_reason")
"""Names in mdt.audit.conditions."""


@dataclass(frozen=True)
class _Line:
    """One thing that a standard asks for. Without a count, `why_not` says why nothing can be counted."""

    standard: str
    asks: str
    source: str
    number: tuple[int, int] | None = None
    why_not: str = ""
    url: str = ""
    is_read: bool = True


def standards(scope: Scope, rooms: list[Room] | None = None) -> Table:
    """A row for each thing that a standard asks for."""
    rooms = rooms_of(scope) if rooms is None else rooms
    counted = _counted(scope)
    lines = [*_nice(counted), *_coc(scope, counted), *_dkg(scope, counted, rooms)]
    return Table(
        key="standards",
        title=_("What standards ask"),
        how_counted=str(DEFINITIONS["standards"]),
        columns=(
            Column("standard", _("Standard")),
            Column("asks", _("It asks for")),
            Column("count", _("Count"), "count"),
            Column("of", _("Of"), "count"),
            Column("share", _("Share"), "share"),
            Column("source", _("Source")),
        ),
        rows=tuple(_row(line) for line in lines),
    )


def _row(line: _Line) -> Row:
    source = source_cell(line.source, is_read=line.is_read)
    if line.number is None:
        return (Cell(line.standard), Cell(line.asks), Cell(None), Cell(None), Cell(None, line.why_not), source)
    number, total = line.number
    return (
        Cell(line.standard),
        Cell(line.asks),
        Cell(number, url=line.url),
        Cell(total),
        share_cell(number, total),
        source,
    )


def _counted(scope: Scope) -> Counter[str]:
    """How many decisions have what standards ask of each case, and how many fit each of CONDITIONS; in one pass."""
    asked = {name: Count("item_id", filter=CONDITIONS[name]) for name in COUNTED}
    groups = scope.rows().values_list("standards").annotate(**asked).order_by("standards")
    found: Counter[str] = Counter()
    for standards, *numbers in groups:
        found.update(dict(zip(COUNTED, numbers, strict=True)))
        found.update(dict.fromkeys(unpack_standards(standards), numbers[0]))
    return found


def _nice(counted: Counter[str]) -> Iterator[_Line]:
    yield _Line(
        "NICE QS176",
        _(
            "Statement 2: treatment reviewed by a team that includes an oncologist and a radiologist with an "
            "oesophago-gastric interest. Counted: both disciplines in the room; the interest is not recorded."
        ),
        "NICE QS176",
        (counted[ONCOLOGY_AND_RADIOLOGY], counted["decided"]),
    )


def _coc(scope: Scope, counted: Counter[str]) -> Iterator[_Line]:
    number = counted["prospective"], counted["decided"]
    name, source = "ACS CoC 2.5", _("ACS Commission on Cancer, standard 2.5")
    yield _Line(
        name,
        _("At least 15 %% of the year's analytic cases presented") % {},
        source,
        why_not=_("not countable: the hospital's caseload is not kept here"),
    )
    yield _Line(
        name,
        _("At least 80 %% of those before treatment (prospective)") % {},
        source,
        number,
        url=cases_url(scope.narrowed(only="prospective")),
    )
    for key, label in Decision.Check.choices:
        asks = _("Gone through at each case: %(item)s") % {"item": label}
        yield _Line(name, asks, source, (counted[key], counted["decided"]), is_read=False)


def _dkg(scope: Scope, counted: Counter[str], rooms: list[Room]) -> Iterator[_Line]:
    name, source = "DKG/OnkoZert", _("DKG criteria")
    weeks = _weeks(scope)
    held = {room.meeting.local_start.date() - timedelta(days=room.meeting.local_start.weekday()) for room in rooms}
    yield _Line(name, _("A meeting every week"), source, (len(held & weeks), len(weeks)))
    yield _Line(
        name,
        _("At least 80 %% of new cases, recurrences and metastases presented (a figure for gynaecological cancer)")
        % {},
        source,
        why_not=_("not countable: the hospital's caseload is not kept here"),
    )
    yield _Line(
        name,
        _("Deviations from the recommendation are logged. Counted: reported with a coded reason"),
        source,
        (counted["deviation_with_reason"], counted["not_as_decided"]),
        url=cases_url(scope.narrowed(only="deviation_with_reason")),
    )


def _weeks(scope: Scope) -> set:
    """Mondays of the whole weeks of the period."""
    monday = scope.first_on + timedelta(days=-scope.first_on.weekday() % 7)
    count = max(0, ((scope.last_on - monday).days + 1) // 7)
    return {monday + timedelta(weeks=place) for place in range(min(count, 5300))}
