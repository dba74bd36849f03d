"""What standards ask of a meeting, beside what is counted here. Only what the sources say that were read.

"Not verified" marks what is known only from others' summaries. What cannot be counted from this system says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from mdt.audit.conditions import CONDITIONS
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.figures.axes import cases_url
from mdt.audit.figures.indicators import BY_KEY
from mdt.audit.figures.profile import Group, count, groups_of
from mdt.audit.figures.rooms import Room, rooms_of
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Row, Table, share_cell
from mdt.meetings.models import Decision
from mdt.people.disciplines import Discipline


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
    lines = [*_nice(scope), *_coc(scope), *_dkg(scope, rooms)]
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
    source = line.source if line.is_read else _("%(source)s; not verified") % {"source": line.source}
    if line.number is None:
        return (Cell(line.standard), Cell(line.asks), Cell(None), Cell(None), Cell(None, line.why_not), Cell(source))
    number, total = line.number
    return (
        Cell(line.standard),
        Cell(line.asks),
        Cell(number, url=line.url),
        Cell(total),
        share_cell(number, total),
        Cell(source),
    )


def _decisions(scope: Scope) -> Iterator[tuple[list[dict], dict]]:
    """Who was present, and the checklist, of every decision of the scope."""
    kept = scope.rows().filter(CONDITIONS["decided"]).values("decision_id")
    rows = Decision.objects.filter(pk__in=kept).order_by("pk")
    return rows.values_list("present", "checklist").iterator(chunk_size=2000)


def _nice(scope: Scope) -> Iterator[_Line]:
    total = both = 0
    for present, _checklist in _decisions(scope):
        there = {seat["discipline"] for seat in present}
        total += 1
        both += {Discipline.ONCOLOGY, Discipline.RADIOLOGY} <= there
    yield _Line(
        "NICE QS176",
        _(
            "Statement 2: treatment reviewed by a team that includes an oncologist and a radiologist with an "
            "oesophago-gastric interest. Counted: both disciplines in the room; the interest is not recorded."
        ),
        "NICE QS176",
        (both, total),
    )


def _coc(scope: Scope) -> Iterator[_Line]:
    prospective = BY_KEY["prospective"]
    groups: list[Group] = groups_of(scope)
    number = count(groups, prospective.counts[1]), count(groups, prospective.of[1])
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
    answered, total = dict.fromkeys(Decision.Check.values, 0), 0
    for _present, checklist in _decisions(scope):
        total += 1
        for key in answered:
            answered[key] += key in checklist
    for key, label in Decision.Check.choices:
        asks = _("Gone through at each case: %(item)s") % {"item": label}
        yield _Line(name, asks, source, (answered[key], total), is_read=False)


def _dkg(scope: Scope, rooms: list[Room]) -> Iterator[_Line]:
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
    total = scope.rows().filter(CONDITIONS["not_as_decided"]).count()
    given = scope.rows().filter(CONDITIONS["deviation_with_reason"]).count()
    yield _Line(
        name,
        _("Deviations from the recommendation are logged. Counted: reported with a coded reason"),
        source,
        (given, total),
        url=cases_url(scope.narrowed(only="deviation_with_reason")),
    )


def _weeks(scope: Scope) -> set:
    """Mondays of the whole weeks of the period."""
    monday = scope.first_on + timedelta(days=-scope.first_on.weekday() % 7)
    count = max(0, ((scope.last_on - monday).days + 1) // 7)
    return {monday + timedelta(weeks=place) for place in range(min(count, 5300))}
