"""Rows of the database as plain JSON: every column, and every row that hangs on them, also of tables added later.

A row of an append-only table stands exactly as the event log names it (mdt.events.rows): its digest can be recomputed
from what stands here.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import models

from mdt.events.append_only import AppendOnly
from mdt.events.rows import columns_of

LEFT_OUT = frozenset({"DeskDraft", "Document", "Decision", "AgendaItem", "Message", "Sitting"})
"""What hangs on a decision and is not part of its record, or stands elsewhere in the pack."""
PEOPLE = frozenset({"by", "by_id", "person_id", "owner_id", "responsible_id", "chair_id", "stands_in_for_id"})


def as_json(value: Any) -> bytes:
    """One spelling for the same content: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode()


def columns(row: models.Model, *left_out: str) -> dict[str, Any]:
    """Every column of a row that people may edit, but for those left out; the newest state is what it has."""
    fields = [f for f in row._meta.concrete_fields if not isinstance(f, models.BinaryField)]
    return {f.attname: _plain(getattr(row, f.attname)) for f in fields if f.attname not in left_out}


def written(row: AppendOnly) -> dict[str, Any]:
    """A row that is written once: its table and key, and the columns of which the log holds the digest."""
    found = {name: _plain(getattr(row, name)) for name in columns_of(type(row))}
    return {"row": [row._meta.label, str(row.pk)], "columns": found}


def _plain(value: Any) -> Any:
    """As the log writes it: what JSON knows, times in UTC, and of binary content the SHA-256."""
    if value is None or isinstance(value, bool | int | float | str | dict | list):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return str(value)


def with_rows(row: models.Model, *left_out: str) -> dict[str, Any]:
    """A row, and under their names the rows that belong to it, with theirs."""
    found = written(row) if isinstance(row, AppendOnly) else columns(row, *left_out)
    for relation in row._meta.related_objects:
        model, name = relation.related_model, relation.get_accessor_name()
        if model is type(row) or model.__name__ in LEFT_OUT:
            continue
        if relation.one_to_one:
            own = getattr(row, name, None)
            found[name] = None if own is None else with_rows(own)
        elif relation.one_to_many:
            found[name] = [with_rows(own) for own in getattr(row, name).order_by("pk")]
    return found


def people_in(value: Any) -> set[int]:
    """Ids of everybody whom rows name: in columns such as `signed_by_id`, and as the author of a line of the log."""
    if isinstance(value, dict):
        found = {own for name, own in value.items() if _names_person(name) and isinstance(own, int)}
        return found.union(*(people_in(own) for own in value.values()))
    return set().union(*map(people_in, value)) if isinstance(value, Iterable) and not isinstance(value, str) else set()


def _names_person(name: str) -> bool:
    return name in PEOPLE or name.endswith("_by_id")
