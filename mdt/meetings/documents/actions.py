"""Making a document, once for the same content, and opening it."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction

from cases.models import Case
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.meetings.documents.chart_record import record_data
from mdt.meetings.documents.decision_parts import with_parts
from mdt.meetings.documents.details_then import with_patient_of_its_day
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.documents.patient_page import patient_page_data
from mdt.meetings.documents.typesetting import source_digest, typeset
from mdt.meetings.models import Decision, Document, Meeting, PatientPage
from mdt.people.models import User


def letter(decision: Decision, language: str, *, by: User | None = None) -> Document:
    """The outcome letter of exactly this version; unsigned, it is marked as a draft.

    An earlier document with the same content is returned as it is. `by` is None for the system.
    """
    # Read anew: what was just signed or amended must be on the paper.
    decision = with_patient_of_its_day(with_parts(Decision.objects.all()).get(pk=decision.pk))
    data = letter_data(decision, language)
    return _keep(
        {"kind": Document.Kind.LETTER, "decision": decision, "language": language},
        data,
        lambda: typeset("letter.typ", data),
        by=by,
        case=decision.case,
        version=decision.version,
        is_signed=decision.is_signed,
    )


def chart_record(decision: Decision, language: str, *, by: User | None = None) -> Document:
    """The record for the chart (会诊记录单) of exactly this version, kept as the letter is."""
    decision = with_patient_of_its_day(with_parts(Decision.objects.all()).get(pk=decision.pk))
    data = record_data(decision, language)
    return _keep(
        {"kind": Document.Kind.RECORD, "decision": decision, "language": language},
        data,
        lambda: typeset("record.typ", data),
        by=by,
        case=decision.case,
        version=decision.version,
        is_signed=decision.is_signed,
    )


def patient_page(page: PatientPage, *, by: User | None = None) -> Document:
    """The page that a patient reads, as it was released."""
    decision = with_parts(Decision.objects.all()).get(pk=page.decision_id)
    decision.case.patient = decision.case.patient.as_of(page.released_at)  # the paper that was handed over
    data = patient_page_data(page, decision)
    return _keep(
        {"kind": Document.Kind.PATIENT, "decision": decision, "language": page.language},
        data,
        lambda: typeset("patient.typ", data),
        by=by,
        case=decision.case,
        version=decision.version,
        number=page.number,
    )


def preview_patient_page(page: PatientPage) -> bytes:
    """The page as it would be; kept nowhere."""
    decision = with_parts(Decision.objects.all()).get(pk=page.decision_id)
    return typeset("patient.typ", patient_page_data(page, decision))


def minutes(
    meeting: Meeting, language: str, *, by: User | None = None, withheld: frozenset[int] | None = None
) -> Document:
    """The minutes of a meeting as it stands, with the newest version of each decision, without the cases `withheld`
    (None: those whose data may only be stored now).

    An earlier document with the same content is returned as it is. `by` is None for the system.
    """
    meeting = Meeting.objects.select_related("team", "chair").get(pk=meeting.pk)
    data = minutes_data(meeting, language, withheld=withheld)
    return _keep(
        {"kind": Document.Kind.MINUTES, "meeting": meeting, "language": language},
        data,
        lambda: typeset("minutes.typ", data),
        by=by,
        team=meeting.team,
        meeting=meeting.reference,
    )


def _keep(
    identity: dict[str, Any], data: dict, make: Callable[[], bytes], *, by, case=None, team=None, **log
) -> Document:
    """The document with this content, made only if there is none. Two requests at once keep one row."""
    identity = {**identity, "source_digest": source_digest(data)}
    kept = Document.objects.select_related("decision__case__team", "meeting__team").filter(**identity).first()
    if kept is not None:
        return kept
    content = make()  # before the transaction: SQLite has one writer
    with transaction.atomic():
        document, is_new = Document.objects.get_or_create(
            **identity, defaults={"content": content, "digest": hashlib.sha256(content).hexdigest()}
        )
        if is_new:
            record(
                Kind.DOCUMENT_MADE,
                by=by,
                case=case,
                team=team,
                subject=document,
                document=document.kind,
                language=document.language,
                digest=document.digest,
                **log,
            )
    return document


@transaction.atomic
def open_document(*, document: Document, by: User) -> None:
    """Log that a person opened a document; minutes name every case that they show."""
    log = {"document": document.kind, "language": document.language, "digest": document.digest}
    if document.decision is not None:
        record(Kind.DOCUMENT_OPENED, by=by, case=document.decision.case, subject=document, **log)
        return
    meeting = document.meeting
    references = list(
        meeting.agenda.exclude(case__in=Case.objects.restricted())
        .order_by("position", "id")
        .values_list("case__reference", flat=True)
    )
    record(
        Kind.DOCUMENT_OPENED,
        by=by,
        team=meeting.team,
        subject=document,
        meeting=meeting.reference,
        cases=references,
        **log,
    )
