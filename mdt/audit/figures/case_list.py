"""The cases behind a number: one line for each row of the audit, the newest meeting first. Names no patient."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.audit.definitions import DEFINITIONS
from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import Scope
from mdt.audit.tables import Cell, Column, Row, Table
from mdt.audit.words import code_in_words, title_of
from mdt.meetings.documents.wording import capital
from mdt.meetings.models import Decision, Meeting

PAGE_SIZE = 50
KEY = "cases"
"""By which the export knows the list."""
AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """A case at one meeting. `url` leads to the decision, or to the meeting while there is none."""

    row: AuditRow
    reference: str
    meeting: str
    url: str
    confirmed: str = ""
    option: str = ""
    departure: str = ""
    not_done_because: str = ""


def page_of(scope: Scope, number: str | None) -> Page:
    """One page of the scope's rows; a page that is not there gives the nearest one."""
    return Paginator(_in_order(scope), PAGE_SIZE).get_page(number)


def _in_order(scope: Scope) -> QuerySet[AuditRow]:
    return scope.rows().order_by("-meeting_on", "-item_id")


def cases_of(page: Page) -> list[Case]:
    """The cases on a page, each once, with their teams."""
    return list(Case.objects.filter(pk__in={row.case_id for row in page}).select_related("team").order_by("pk"))


def table_of(scope: Scope) -> Table:
    """The whole list as a file has it: the rows and words of the page, and the types that the page leaves out."""
    return Table(
        key=KEY,
        title=_("Cases of the audit"),
        how_counted=str(DEFINITIONS["listed"]),
        columns=(
            Column("case", _("Case")),
            Column("meeting", _("Meeting")),
            Column("day", _("Day of the meeting")),
            *(Column(name, title_of(name)) for name in ("ended", "proposed", "confirmed", "option", "concordance")),
            Column("departure", _("Why the meeting departed")),
            Column("implementation", title_of("implementation")),
            Column("not_done_because", _("Why it was not carried out")),
        ),
        rows=tuple(_cells(line) for line in _all_lines(scope)),
    )


def _all_lines(scope: Scope) -> Iterator[Line]:
    rows = _in_order(scope).iterator(chunk_size=AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        yield from lines_of(some)


def _cells(line: Line) -> Row:
    row = line.row
    proposed = code_in_words("proposed", row.proposed) if row.decision_id else ""
    words = (
        *(line.reference, line.meeting, row.meeting_on, row.get_ended_display(), proposed, line.confirmed),
        *(line.option, row.get_concordance_display(), line.departure),
        *(row.get_implementation_display(), line.not_done_because),
    )
    return tuple(Cell(capital(word) if isinstance(word, str) else word) for word in words)


def lines_of(page: Page | Sequence[AuditRow]) -> list[Line]:
    """These rows with the words of their codes. Three queries, however many rows."""
    rows = list(page)
    references = dict(Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "reference"))
    meetings = Meeting.objects.filter(pk__in={row.meeting_id for row in rows}).select_related("team").in_bulk()
    versions = dict(
        Decision.objects.filter(pk__in={row.decision_id for row in rows if row.decision_id}).values_list(
            "pk", "version"
        )
    )
    return [
        _line(row, references[row.case_id], meetings[row.meeting_id], versions.get(row.decision_id)) for row in rows
    ]


def _line(row: AuditRow, reference: str, meeting: Meeting, version: int | None) -> Line:
    url = meeting.get_absolute_url()
    if version is not None:
        url = reverse("decision", args=[meeting.reference, reference, version])
    words = {
        name: code_in_words(name, getattr(row, name)) if getattr(row, name) else ""
        for name in ("confirmed", "option", "departure", "not_done_because")
    }
    return Line(row, reference, meeting.reference, url, **words)
