"""What a builder wrote is remembered, and copied in row for row when the same is asked of the same database again.

A complete case takes a third of a second of a processor, and thousands of tests want one. Builders and fixtures marked
`@remembered` still build through the actions, in each worker, in each minute anew; between, their rows are put in as
they were, with the objects that they gave back. No test sees anything of another one: each has its own copy, in its own
transaction.

It is really built whenever it could come out otherwise:

- something else wrote to the database since the builder before, or it was not empty when the test began;
- the test set or patched something before (`monkeypatch`, `settings`, a decorator of Django's), or its clock shows
  another time;
- the test commits (a browser, threads): what follows a commit would be missing;
- it was not asked for twice yet.
"""

import hashlib
import io
import pickle
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils import timezone, translation

if TYPE_CHECKING:  # programs that use the builders have no need of it
    import pytest

FRESH_SECONDS = 60  # how old what is copied may be: "ten minutes ago" stays that
KEPT = 300  # recordings; then those are forgotten that are no longer fresh
COMMITS = {"transactional_db", "live_server"}
READS = ("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA", "EXPLAIN", "BEGIN")
TABLE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')
REAL_NOW = timezone.now

Rows = dict[Any, tuple]  # primary key → the whole row


@dataclass(frozen=True)
class Recording:
    """What one call of a builder did."""

    after: object  # the recording that it stands on; None: an empty database
    changes: dict[str, tuple[Rows, Rows, list]]  # table → rows that came, that changed, keys that went
    objects: bytes  # what it gave back, what it made of its arguments, what is to be done after a commit
    made_at: float = field(default_factory=time.monotonic)

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.made_at < FRESH_SECONDS


class Running:
    """The test that runs now: how its database came about."""

    def __init__(self, patch: "pytest.MonkeyPatch") -> None:
        self.patch, self.patches, self.settings = patch, _patches(patch), settings._wrapped
        self.path: bytes | None = b""  # a digest of the calls that made what the database holds; None: nobody knows
        self.recording: Recording | None = None  # of the last of these calls
        self.is_looked_at = self.is_building = False
        self.writes = self.known_writes = 0
        self.before: dict[str, Rows] | None = None  # while recording: tables as they were before they were written

    def knows_its_database(self) -> bool:
        """Whether only remembered builders wrote, to an empty database."""
        if self.is_building or not connection.in_atomic_block:
            return False
        if settings._wrapped is not self.settings or _patches(self.patch) != self.patches:
            return False
        if not self.is_looked_at:
            self.is_looked_at = True
            if self.writes or not is_empty():
                self.path = None
        if self.writes != self.known_writes:
            self.path = None
        return self.path is not None

    def watch(self, execute, sql, parameters, many, context):
        """Every statement of the worker passes here."""
        if not sql.lstrip()[:9].upper().startswith(READS):
            self.writes += 1
            if self.before is not None and (found := TABLE.match(sql)) and found[1] not in self.before:
                self.before[found[1]] = rows(found[1])
        return execute(sql, parameters, many, context)


_kept: dict[bytes, Recording | None] = {}  # by the digest of all calls so far; None: asked for once
_running: Running | None = None  # None: a test that commits, or none at all


def _patches(patch: "pytest.MonkeyPatch") -> int:
    """How much the test has set so far, but for the clock: what that shows is part of what is asked."""
    targets = [(target, name) for target, name, _old in patch._setattr if (target, name) != (timezone, "now")]
    return len(targets) + len(patch._setitem)


def _forget_what_is_kept_by_time() -> None:
    """What a process keeps under the time at which a row was written: it would take a copy for the row of before."""
    from mdt.meetings import quorum
    from mdt.meetings.planning import needs
    from mdt.meetings.room import pulse, shared, stage

    for kept in (shared._kept, stage._kept, pulse._looked):
        kept.clear()
    for function in (quorum._box, needs._counted):
        function.cache_clear()


@contextmanager
def watched(item: "pytest.Item", patch: "pytest.MonkeyPatch") -> Iterator[None]:
    """While a test runs, with the fixtures that are its own."""
    global _running
    _forget_what_is_kept_by_time()
    marker = item.get_closest_marker("django_db")
    commits = marker and (marker.kwargs.get("transaction") or marker.args[:1] == (True,))
    if commits or COMMITS & set(item.fixturenames):
        yield
        return
    _running = Running(patch)
    try:
        with connection.execute_wrapper(_running.watch):
            yield
    finally:
        _running = None


def remembered(build: Callable) -> Callable:
    """A builder whose rows may be copied. Same arguments, same rows: it must go by nothing else but the database."""

    @wraps(build)
    def ask(*given, **named):
        test = _running
        if test is None or not test.knows_its_database() or (call := _call(build, given, named)) is None:
            return build(*given, **named)
        key, below = hashlib.sha256(test.path + call).digest(), test.recording
        kept = _kept.get(key)
        test.is_building = True
        try:
            if kept and kept.is_fresh and kept.after is below:
                result = _copy_in(kept, given, named)
            elif key in _kept and (below or not test.path):
                kept, result = _record(test, build, given, named)
                _kept[key] = kept
                _forget_the_old()
            else:
                kept, _kept[key] = None, None
                result = build(*given, **named)
        finally:
            test.is_building = False
        test.path, test.recording, test.known_writes = key, kept, test.writes
        return result

    return ask


def _forget_the_old() -> None:
    if sum(each is not None for each in _kept.values()) > KEPT:
        for key, each in list(_kept.items()):
            if each and not each.is_fresh:
                _kept[key] = None


def _call(build: Callable, given: tuple, named: dict) -> bytes | None:
    """What is asked for, in a form that is the same in each test; None: it cannot be told."""
    shown = timezone.localdate() if timezone.now is REAL_NOW else timezone.now()
    where = (translation.get_language(), timezone.get_current_timezone_name(), shown)
    plain = io.BytesIO()
    try:
        _ByRank(plain).dump((build.__module__, build.__qualname__, given, sorted(named.items()), where))
    except (pickle.PicklingError, TypeError, AttributeError):
        return None
    return plain.getvalue()


class _ByRank(pickle.Pickler):
    """Rows among the arguments by their place in their table: PostgreSQL gives other keys each time."""

    def persistent_id(self, each: Any) -> tuple | None:
        if not isinstance(each, Model):
            return None
        if each.pk is None:
            raise pickle.PicklingError("not saved")
        rank = type(each)._base_manager.filter(pk__lt=each.pk).count()
        return each._meta.label, rank, getattr(each, "version", None)


class _Pack(pickle.Pickler):
    """What a call left in memory; its arguments by their number."""

    def __init__(self, file: io.BytesIO, arguments: list[Model]) -> None:
        super().__init__(file)
        self.numbers = {id(each): number for number, each in enumerate(arguments)}

    def persistent_id(self, each: Any) -> int | None:
        return self.numbers.get(id(each))


class _Unpack(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, arguments: list[Model]) -> None:
        super().__init__(file)
        self.persistent_load = arguments.__getitem__


def _arguments(given: tuple, named: dict) -> list[Model]:
    return [each for each in (*given, *named.values()) if isinstance(each, Model)]


def _record(test: Running, build: Callable, given: tuple, named: dict) -> tuple[Recording | None, Any]:
    """Build, and look at what became of the tables. Without a recording where memory holds what cannot be kept."""
    test.before = {}
    try:
        result = build(*given, **named)
        before = test.before
    finally:
        test.before = None
    arguments, packed = _arguments(given, named), io.BytesIO()
    later = [(function, robust) for _savepoints, function, robust in connection.run_on_commit]
    try:
        _Pack(packed, arguments).dump((result, [vars(each) for each in arguments], later))
    except (pickle.PicklingError, TypeError, AttributeError):
        return None, result
    changes = {table: _difference(old, rows(table)) for table, old in before.items()}
    return Recording(test.recording, changes, packed.getvalue()), result


def _difference(old: Rows, new: Rows) -> tuple[Rows, Rows, list]:
    came = {key: row for key, row in new.items() if key not in old}
    changed = {key: row for key, row in new.items() if key in old and old[key] != row}
    return came, changed, [key for key in old if key not in new]


def _copy_in(kept: Recording, given: tuple, named: dict) -> Any:
    with connection.cursor() as cursor:
        for table, (came, changed, went) in kept.changes.items():
            key, columns = columns_of(table)
            names = ", ".join(f'"{name}"' for name in columns)
            places = ", ".join(["%s"] * len(columns))
            if went:
                cursor.executemany(f'DELETE FROM "{table}" WHERE "{columns[key]}" = %s', [[each] for each in went])
            if came:
                cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(came.values()))
            if changed:
                to = ", ".join(f'"{name}" = %s' for name in columns)
                cursor.executemany(
                    f'UPDATE "{table}" SET {to} WHERE "{columns[key]}" = %s',
                    [(*row, row[key]) for row in changed.values()],
                )
    arguments = _arguments(given, named)
    result, states, later = _Unpack(io.BytesIO(kept.objects), arguments).load()
    for each, state in zip(arguments, states, strict=True):
        vars(each).clear()
        vars(each).update(state)
    connection.run_on_commit = [(set(connection.savepoint_ids), *each) for each in later]
    return result


@cache
def columns_of(table: str) -> tuple[int, list[str]]:
    """Place of the primary key among the columns, and the columns that are written."""
    [model] = [each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table]
    columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
    return columns.index(model._meta.pk.column), columns


def rows(table: str) -> Rows:
    """As the database holds them: a sign before a column keeps SQLite from making times of texts."""
    key, columns = columns_of(table)
    sign = "+" if connection.vendor == "sqlite" else ""
    names = ", ".join(f'{sign}"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {names} FROM "{table}"')
        return {row[key]: row for row in cursor.fetchall()}


@cache
def _count_all() -> str:
    tables = sorted(connection.introspection.table_names())
    return "SELECT " + ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in tables)


_empty: list[tuple] = []  # how many rows each table has in a database that was just migrated


def is_empty() -> bool:
    """Whether the database holds what a migrated one holds, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(_count_all())
        found = cursor.fetchone()
    return found == _empty[0] if _empty else False


def note_empty() -> None:
    """The database was just copied."""
    with connection.cursor() as cursor:
        cursor.execute(_count_all())
        _empty.append(cursor.fetchone())
