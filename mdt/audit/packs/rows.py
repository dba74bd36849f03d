"""Rows of the database as plain JSON: every column, and every row that hangs on them, also of tables added later."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

LEFT_OUT = frozenset({"DeskDraft", "Document", "Decision", "AgendaItem", "Message", "Sitting"})
"""What hangs on a decision and is not part of its record, or stands elsewhere in the pack."""


def as_json(value: Any) -> bytes:
    """One spelling for the same content: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder).encode()


def columns(row: models.Model, *left_out: str) -> dict[str, Any]:
    """Every column of a row but its binary ones; times as UTC, days as ISO dates."""
    found = {}
    for field in row._meta.concrete_fields:
        if field.attname not in left_out and not isinstance(field, models.BinaryField):
            found[field.attname] = _plain(getattr(row, field.attname))
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def with_rows(row: models.Model, *left_out: str) -> dict[str, Any]:
    """The columns of a row, and under their names the rows that belong to it, with theirs."""
    found = columns(row, *left_out)
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


PEOPLE = frozenset(
    {"by", "by_id", "person_id", "owner_id", "responsible_id", "chair_id", "stands_in_for_id", "author_id"}
)
