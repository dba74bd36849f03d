"""Adding a line to the event log, and checking that none was changed since."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from mdt.events.kinds import Kind
from mdt.events.models import ChainHead, Event


def subject_of(row: models.Model | None) -> str:
    """`cases.Finding:12`: how a log line names a row."""
    return f"{row._meta.label}:{row.pk}" if row is not None else ""


def digest_of(
    *,
    number: int,
    at: datetime,
    by: int | None,
    team: int | None,
    case_reference: str,
    kind: str,
    subject: str,
    data: Any,
    previous: str,
) -> str:
    """SHA-256 over one line and the digest before it; the fields in a fixed order, as JSON with sorted keys."""
    line = [previous, number, at.astimezone(UTC).isoformat(), by, team, case_reference, kind, subject, data]
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def record(kind: Kind, *, by, team=None, case=None, subject: models.Model | None = None, **data: Any) -> Event:
    """Add one line. `by` is the person, or None for the system; `case` is anything with `.reference` and `.team`.

    Call it inside the transaction of the write that it describes: both are kept, or neither. `data` must be JSON
    and must not repeat a patient's name or identifiers.
    """
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    team = team or (case.team if case is not None else None)
    line = {
        "number": head.number + 1,
        "at": timezone.now(),
        "case_reference": case.reference if case is not None else "",
        "kind": str(kind),
        "subject": subject_of(subject),
        "data": json.loads(json.dumps(data, default=str)),
    }
    person = by if by is not None and by.is_authenticated else None
    digest = digest_of(**line, by=person and person.pk, team=team and team.pk, previous=head.digest)
    event = Event.objects.create(**line, by=person, team=team, previous_digest=head.digest, digest=digest)
    head.number, head.digest = event.number, digest
    head.save(update_fields=["number", "digest"])
    return event


@dataclass(frozen=True)
class Verdict:
    """Result of checking the chain: how many lines were read, and the first that does not fit (None: all fit)."""

    checked: int
    broken_at: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None


def verify() -> Verdict:
    """Recompute every digest from the first line on. Reads the whole log; memory stays constant."""
    previous, checked = "", 0
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        expected = digest_of(
            number=event.number,
            at=event.at,
            by=event.by_id,
            team=event.team_id,
            case_reference=event.case_reference,
            kind=event.kind,
            subject=event.subject,
            data=event.data,
            previous=previous,
        )
        if event.number != checked + 1 or event.previous_digest != previous or event.digest != expected:
            return Verdict(checked, event.number)
        previous, checked = event.digest, checked + 1
    head = ChainHead.objects.filter(pk=1).first()
    if head and (head.number, head.digest) != (checked, previous):
        return Verdict(checked, checked + 1)
    return Verdict(checked, None)
