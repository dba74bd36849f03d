"""Naming rows in the log: every line says which rows it wrote, with the digest of what the database then held.

So a row that somebody edits, removes or slips in past the program no longer fits the log. All columns of append-only
tables are covered; of rows that people may edit, the columns that their model lists as `named_in_log`.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models, transaction

from mdt.events.append_only import AppendOnly

log = logging.getLogger(__name__)

REMOVED = ""
"""Stands in the log in place of a digest when the program itself removed a row."""
_OF_THE_LOG = "events"  # the log's own tables have the chain and the signatures
_AT_ONCE = 500  # rows read with one query: below every database's limit of parameters

Key = tuple[str, str]  # label of the model, primary key as text
Named = dict[str, dict[str, str]]  # "label@shape" → primary key → digest


@cache
def named_models() -> dict[str, type[models.Model]]:
    """Label → model, of all whose rows the log names."""
    return {model._meta.label: model for model in apps.get_models() if columns_of(model)}


@cache
def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a row's digest covers, beside its key; empty: its rows are not named."""
    if issubclass(model, AppendOnly) and model._meta.app_label != _OF_THE_LOG:
        return tuple(sorted(field.attname for field in model._meta.concrete_fields if not field.primary_key))
    return tuple(sorted(getattr(model, "named_in_log", ())))


def shape_of(columns: Iterable[str]) -> str:
    """A short name for a set of columns, from which nothing but these columns follows."""
    return hashlib.sha256(" ".join(columns).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """A value as JSON, the same for both engines."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return str(value)


def digest_of_row(label: str, columns: tuple[str, ...], values: tuple) -> str:
    """SHA-256 over a row: its table, its key (the first of `values`), and each column by name."""
    content = [label, str(values[0]), dict(zip(columns, values[1:], strict=True))]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def digests(label: str, columns: tuple[str, ...], keys: Iterable | None = None) -> Iterator[tuple[str, str]]:
    """Primary key and digest of the rows as the database holds them, by key; of all without `keys`."""
    rows = named_models()[label]._base_manager.order_by("pk").values_list("pk", *columns)
    if keys is not None:
        rows = rows.filter(pk__in=list(keys))
    for values in rows.iterator(chunk_size=_AT_ONCE):
        yield str(values[0]), digest_of_row(label, columns, values)


class Written:
    """A row written in this transaction, until a line names it. It lies among what is to be done after the commit, so
    that it goes with the transaction, or with the part of it, that is undone."""

    def __init__(self, key: Key) -> None:
        self.key, self.is_named = key, False

    def __call__(self) -> None:
        """After the commit: a row that no line names yet is named by a line of its own."""
        if not self.is_named:
            from mdt.events.chain import name_rows

            log.warning("%s was written without a line in the log; it gets one of its own", self.key[0])
            name_rows([self.key])


class _NamedNow:
    """Which rows were named; vanishes with its part of the transaction, and then they are not."""

    def __init__(self, rows: list[Written]) -> None:
        self.rows = rows

    def __call__(self) -> None:
        """Nothing is left to be done."""


def note(model: type[models.Model], key: Any) -> None:
    """Remember that this row was written, or removed: the next line of the transaction will name it."""
    if columns_of(model):
        transaction.on_commit(Written((model._meta.label, str(key))))


def take_written() -> list[Key]:
    """The rows written in this transaction and named by no line yet. From now on they count as named."""
    later = [function for _sids, function, *_ in transaction.get_connection().run_on_commit]
    named = {id(row) for function in later if isinstance(function, _NamedNow) for row in function.rows}
    waiting = [function for function in later if isinstance(function, Written) and id(function) not in named]
    if waiting:
        for row in waiting:
            row.is_named = True
        transaction.on_commit(_NamedNow(waiting))
    return list(dict.fromkeys(row.key for row in waiting))


def name(keys: Iterable[Key]) -> Named:
    """What a line says of these rows. A key without a row was removed; on its way back, SQLite gives it anew."""
    by_label: dict[str, list[str]] = {}
    for label, key in keys:
        by_label.setdefault(label, []).append(key)
    said: Named = {}
    for label, wanted in by_label.items():
        columns = columns_of(named_models()[label])
        found = {}
        for begin in range(0, len(wanted), _AT_ONCE):
            found |= dict(digests(label, columns, wanted[begin : begin + _AT_ONCE]))
        removed = [] if issubclass(named_models()[label], AppendOnly) else [key for key in wanted if key not in found]
        if found or removed:
            said[f"{label}@{shape_of(columns)}"] = found | dict.fromkeys(removed, REMOVED)
    return said


def note_saved(sender: type[models.Model], instance: models.Model, update_fields=None, raw=False, **_) -> None:
    """Receiver of post_save: of rows that people may edit, only what is named concerns the log."""
    columns = columns_of(sender)
    if columns and (update_fields is None or not _columns(sender, update_fields).isdisjoint(columns)):
        note(sender, instance.pk)


def note_deleted(sender: type[models.Model], instance: models.Model, **_) -> None:
    """Receiver of post_delete."""
    note(sender, instance.pk)


def _columns(model: type[models.Model], names: Iterable[str]) -> set[str]:
    return {model._meta.get_field(each).attname for each in names}
