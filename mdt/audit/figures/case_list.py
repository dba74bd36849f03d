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
from mdt.meetings.against_pathway import conditions_asked
from mdt.meetings.concordance import Concordance, is_assumed
from mdt.meetings.documents.wording import capital
from mdt.meetings.models import Decision, Meeting

PAGE_SIZE = 50
KEY = "cases"
"""By which the export knows the list."""
AT_ONCE = 500


@dataclass(frozen=True)
class Line:
    """A case at one meeting. `url` leads to the decision, or to the meeting while there is none.

    `condition`: under what it is concordant; the words of the meeting stay on the page, and are in no file.
    """

    row: AuditRow
    reference: str
    meeting: str
    url: str
    confirmed: str = ""
    option: str = ""
    departure: str = ""
    not_done_because: str = ""
    condition: str = ""


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
    """These rows with the words of their codes. The same few queries, however many rows."""
    rows = list(page)
    references = dict(Case.objects.filter(pk__in={row.case_id for row in rows}).values_list("pk", "reference"))
    meetings = Meeting.objects.filter(pk__in={row.meeting_id for row in rows}).select_related("team").in_bulk()
    versions = dict(
        Decision.objects.filter(pk__in={row.decision_id for row in rows if row.decision_id}).values_list(
            "pk", "version"
        )
    )
    conditions = _conditions_of([row for row in rows if row.concordance == Concordance.CONDITIONAL])
    return [
        _line(
            row,
            references[row.case_id],
            meetings[row.meeting_id],
            versions.get(row.decision_id),
            conditions.get(row.decision_id, ""),
        )
        for row in rows
    ]


def _conditions_of(rows: Sequence[AuditRow]) -> dict[int | None, str]:
    """Decision → its condition in one line: the meeting's, and whether the type rested on assumptions."""
    decisions = Decision.objects.filter(pk__in={row.decision_id for row in rows}).select_related("proposal")
    columns = ("conditions", "proposal__types_possible", "proposal__types_provisional")
    found = {}
    for decision in decisions.prefetch_related("condition_rows").only(*columns) if rows else ():
        assumed = _("the type under the pathway’s assumptions") if is_assumed(decision.proposal) else ""
        found[decision.pk] = _("; ").join(filter(None, [conditions_asked(decision), assumed]))
    return found


def _line(row: AuditRow, reference: str, meeting: Meeting, version: int | None, condition: str) -> Line:
    url = meeting.get_absolute_url()
    if version is not None:
        url = reverse("decision", args=[meeting.reference, reference, version])
    words = {
        name: code_in_words(name, getattr(row, name)) if getattr(row, name) else ""
        for name in ("confirmed", "option", "departure", "not_done_because")
    }
    return Line(row, reference, meeting.reference, url, condition=condition, **words)
