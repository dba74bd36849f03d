"""Printing a case on one page: the paper is made anew each time and kept nowhere; that somebody took it is logged."""

from django.db import transaction
from django.utils import timezone, translation

from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.documents.typesetting import source_digest, typeset
from mdt.meetings.one_page import DOCUMENT
from mdt.meetings.one_page.contents import TEMPLATE, contents_of, sheet_data
from mdt.people.models import User


def print_case(*, case: Case, by: User, language: str) -> bytes:
    """The case on one page as PDF. The log says who took it, and names the digest that stands at its foot."""
    with translation.override(language), timezone.override(case.team.zone):
        contents = contents_of(case)
        digest = source_digest(contents)
        data = sheet_data(case, contents, by=by, language=language, digest=digest)
    content = typeset(TEMPLATE, data)  # before the transaction: SQLite has one writer
    with transaction.atomic():
        record(
            Kind.DOCUMENT_OPENED,
            by=by,
            case=case,
            subject=case,
            document=DOCUMENT,
            language=language,
            digest=digest,
        )
    return content
