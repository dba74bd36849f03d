"""Printing an agenda: made anew each time and kept nowhere; that somebody took it is logged, with the cases on it."""

import io
from threading import Lock

import pypdfium2
from django.db import transaction
from django.utils import timezone, translation

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.agenda_paper import DOCUMENT
from mdt.meetings.agenda_paper.contents import TEMPLATE, contents_of, items_of, sheet_data
from mdt.meetings.documents.typesetting import source_digest, typeset
from mdt.meetings.models import Meeting
from mdt.meetings.one_page.actions import print_case
from mdt.people.models import User

ONE_AT_A_TIME = Lock()
"""PDFium may not be called by two threads of a process at once."""


def print_agenda(*, meeting: Meeting, by: User, language: str) -> bytes:
    """The agenda as PDF. The log says who took it and which cases stand on it."""
    with translation.override(language), timezone.override(meeting.team.zone):
        items = items_of(meeting)
        contents = contents_of(meeting, items)
        digest = source_digest(contents)
        data = sheet_data(meeting, contents, by=by, digest=digest)
    content = typeset(TEMPLATE, data)  # before the transaction: SQLite has one writer
    with transaction.atomic():
        record(
            Kind.DOCUMENT_OPENED,
            by=by,
            team=meeting.team,
            subject=meeting,
            meeting=meeting.reference,
            cases=[item.case.reference for item in items],
            document=DOCUMENT,
            language=language,
            digest=digest,
        )
    return content


def print_with_cases(*, meeting: Meeting, by: User, language: str) -> bytes:
    """The agenda, and behind it each of its cases on one page, as one PDF; each case gets its own line in the log.

    A sealed case is left out behind the agenda: its page shows the proposal.
    """
    papers = [print_agenda(meeting=meeting, by=by, language=language)]
    for item in items_of(meeting):
        if not item.is_sealed:
            papers.append(print_case(case=item.case, by=by, language=language))
    return bound_together(papers)


def bound_together(papers: list[bytes]) -> bytes:
    """Several PDFs as one, in their order."""
    made = io.BytesIO()
    with ONE_AT_A_TIME, pypdfium2.PdfDocument.new() as whole:
        for paper in papers:
            with pypdfium2.PdfDocument(paper) as part:
                whole.import_pages(part)
        whole.save(made)
    return made.getvalue()
