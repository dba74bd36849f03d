"""The cases behind a number: one line for each row of the audit, the newest meeting first. Names no patient."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.urls import reverse

from cases.models import Case
from mdt.audit.rows.models import AuditRow
from mdt.audit.scope import Scope
from mdt.audit.words import code_in_words
from mdt.meetings.models import Decision, Meeting

PAGE_SIZE = 50


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
    return Paginator(scope.rows().order_by("-meeting_on", "-item_id"), PAGE_SIZE).get_page(number)


def cases_of(page: Page) -> list[Case]:
    """The cases on a page, each once, with their teams."""
    return list(Case.objects.filter(pk__in={row.case_id for row in page}).select_related("team").order_by("pk"))


def lines_of(page: Page) -> list[Line]:
    """The page's rows with the words of their codes. Three queries, however many rows."""
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
