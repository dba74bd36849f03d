"""Adding a line to the event log. Checking it: mdt.events.verification."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction
from django.utils import timezone

from mdt.events import once, rows
from mdt.events.kinds import WHILE_RESTRICTED, Kind
from mdt.events.models import ChainHead, Event, RowShape

MOST_IN_A_LINE = 500


class Restricted(PermissionDenied):
    """The data of this case's patient may only be stored: nothing new is written of it. Holds the reference."""


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
    rows: rows.Named | None = None,
) -> str:
    """SHA-256 over one line and the digest before it; the fields in a fixed order, as JSON with sorted keys."""
    line = [previous, number, at.astimezone(UTC).isoformat(), by, team, case_reference, kind, subject, data]
    if rows:
        line.append(rows)
    text = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def record(
    kind: Kind,
    *,
    by,
    team=None,
    case=None,
    subject: models.Model | None = None,
    more_rows: rows.Named | None = None,
    **data: Any,
) -> Event:
    """Add one line. `by` is the person, or None for the system; `case` is anything with `.reference` and `.team`.

    Call it inside the transaction of the write that it describes: both are kept, or neither. `data` must be JSON
    and must not repeat a patient's name or identifiers. Raises Restricted for a case whose data may only be stored now,
    whatever the object that was passed says, and a kind that says that something was done with it. The
    line names every row that the transaction wrote since the line before, with its digest, and `more_rows`, which an
    erasure says of rows that are written once.
    """
    named = rows.name(rows.take_written())
    for name, own in (more_rows or {}).items():
        named[name] = named.get(name, {}) | own
    return _append(kind, named, by=by, team=team, case=case, subject=subject, data=data)


def _append(kind: Kind, named: rows.Named, *, by=None, team=None, case=None, subject=None, data: dict) -> Event:
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    _refuse_restricted(kind, case)
    once.take()
    team = team or (case.team if case is not None else None)
    line = {
        "number": head.number + 1,
        "at": timezone.now(),
        "case_reference": case.reference if case is not None else "",
        "kind": str(kind),
        "subject": subject_of(subject),
        "data": json.loads(json.dumps(data, default=str)),
        "rows": named or None,
    }
    person = by if by is not None and by.is_authenticated else None
    digest = digest_of(**line, by=person and person.pk, team=team and team.pk, previous=head.digest)
    event = Event.objects.create(**line, by=person, team=team, previous_digest=head.digest, digest=digest)
    head.number, head.digest = event.number, digest
    head.save(update_fields=["number", "digest"])
    return event


def _refuse_restricted(kind: Kind, case) -> None:
    """With the end of the log locked, which whoever restricts holds until the commit: a write in flight either has its
    line before that of the restriction, or reads here that its case is restricted, and is undone."""
    if kind in WHILE_RESTRICTED or not hasattr(case, "is_restricted"):
        return
    if type(case)._base_manager.filter(pk=case.pk, is_restricted=True).exists():
        raise Restricted(case.reference)


@transaction.atomic
def name_rows(keys: Iterable[rows.Key]) -> None:
    """Name rows that no line names yet, in lines of their own; the log shows that they came late."""
    keys = list(keys)
    for begin in range(0, len(keys), MOST_IN_A_LINE):
        if named := rows.name(keys[begin : begin + MOST_IN_A_LINE]):
            _append(Kind.ROWS_NAMED, named, data={"count": sum(map(len, named.values()))})


@transaction.atomic
def name_new_shapes(**_) -> None:
    """Receiver of post_migrate: where a table has other columns than before, name its rows with all that it has now.

    What was named before stays in the log and is checked as long as its columns are there. A database that is only
    migrated in part, forwards or back, is left for the migration that makes it whole.
    """
    if not {"rows"} <= _columns_in_database(Event) or not _columns_in_database(RowShape):
        return
    known = set(RowShape.objects.values_list("label", "shape"))
    new = []
    for label, model in rows.named_models().items():
        columns = rows.columns_of(model)
        shape = rows.shape_of(columns)
        if (label, shape) not in known and set(columns) <= _columns_in_database(model):
            new.append(RowShape(label=label, shape=shape, columns=columns))
            keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
            name_rows((label, str(key)) for key in keys.iterator(chunk_size=2000))
    RowShape.objects.bulk_create(new)


def _columns_in_database(model: type[models.Model]) -> set[str]:
    """Names of the attributes whose columns the table has now; empty where there is no table."""
    with connection.cursor() as cursor:
        table = model._meta.db_table
        if table not in connection.introspection.table_names(cursor):
            return set()
        there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    return {field.attname for field in model._meta.concrete_fields if field.column in there}
