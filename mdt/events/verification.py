"""Whether the log is whole, and whether every row is what the log says of it.

Reads everything once, in one snapshot; memory stays constant, since what the log says of rows goes to a scratch file.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import DataError, connection

from mdt.events import checkpoints, rows
from mdt.events.append_only import AppendOnly
from mdt.events.erasing import content_digest, is_append_only
from mdt.events.kinds import Kind
from mdt.events.models import ChainHead, ErasureWindow, Event, RowShape

MOST_FAULTS = 1000
UNREADABLE = (ValueError, TypeError, ArithmeticError, AttributeError, DataError, ValidationError)
"""What reading a row raises where somebody wrote into a column what its type does not allow."""


class What(StrEnum):
    """What is wrong with a row."""

    CHANGED = "changed"
    REMOVED = "removed"
    NOT_IN_LOG = "not in the log"
    NAMED_TWICE = "named twice with different content"
    UNREADABLE = "unreadable"
    LEFT_OPEN = "left open: the guards of append-only tables let everything through"
    COLUMNS_UNKNOWN = "named with columns that nobody knows any more"


@dataclass(frozen=True)
class RowFault:
    """One row that is not as the log says. `row` is "cases.Finding:12"; `line` the line that named it last, if any."""

    row: str
    what: What
    line: int | None

    def __str__(self) -> str:
        return f"{self.row} {self.what}" + (f" (line {self.line})" if self.line is not None else "")


@dataclass(frozen=True)
class Erased:
    """What one order of erasure took: so many rows, and the details of so many lines."""

    order: int
    rows: int
    lines: int

    def __str__(self) -> str:
        return f"erased by order {self.order}: {self.rows} rows, details of {self.lines} lines"


@dataclass(frozen=True)
class Verdict:
    """How many lines are whole, the first that does not fit (None: all fit), and what is wrong with which rows."""

    checked: int
    broken_at: int | None
    rows_checked: int = 0
    faults: tuple[RowFault, ...] = ()
    checkpoints_checked: int = 0
    checkpoint_faults: tuple[str, ...] = ()
    erased: tuple["Erased", ...] = ()
    """What orders of erasure took out of the log and the tables, and rightly is not there any more."""

    @property
    def is_whole(self) -> bool:
        return self.broken_at is None and not self.faults and not self.checkpoint_faults


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read inside is of one moment, though others write meanwhile; nobody waits for it."""
    if connection.in_atomic_block:  # the caller's transaction, which the caller chose
        yield
        return
    begin = "ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else "DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute(f"BEGIN {begin}")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def verify(outside: Iterable[checkpoints.Signed] = (), keys: Iterable[str] = ()) -> Verdict:
    """Recompute every digest, of lines from the first on and of every row that the log names or should name, and hold
    the log against its checkpoints: those kept here, and those from `outside`, signed by this installation or `keys`.
    """
    with closing(_scratch()) as said, snapshot():
        checked, broken_at, erased = _verify_lines(said)
        faults, rows_checked = _verify_rows(said)
        if ErasureWindow.objects.exists():
            faults.insert(0, RowFault("events.ErasureWindow", What.LEFT_OPEN, None))
        signed = list(dict.fromkeys([*checkpoints.kept(), *outside]))
        unfit = tuple(checkpoints.faults_of(signed, [checkpoints.public_key(), *keys]))
    return Verdict(checked, broken_at, rows_checked, tuple(faults), len(signed), unfit, erased)


def _verify_lines(said: sqlite3.Connection) -> tuple[int, int | None, tuple[Erased, ...]]:
    """The chain, and what it says of rows. After the first line that does not fit, reading goes on for the rows.

    A line whose content is not that of its digest may have been stripped by an order of erasure. The order's line comes
    later and names it, with the digest of what is left: until then it waits among the `stripped`.
    """
    previous, count, broken_at = "", 0, None
    stripped: dict[int, str] = {}
    orders: dict[int, tuple[int, str]] = {}  # line → the newest order that names it, and what it says is left
    erased = []
    for number, event in _lines():
        count += 1
        if event is None or (event.number, event.previous_digest) != (count, previous):
            broken_at = number if broken_at is None else broken_at
        if event is not None:
            if (left := content_digest(event)) != event.digest:
                stripped[number] = left
            elif event.kind == Kind.PATIENT_ERASED:
                erased.append(_order_of(event, orders))
            _keep(said, event)
            previous = event.digest
    unfit = [number for number, left in stripped.items() if orders.get(number, (0, ""))[1] != left]
    broken_at = min([*unfit, *([broken_at] if broken_at is not None else [])], default=None)
    if broken_at is None:
        head = ChainHead.objects.filter(pk=1).first()
        if (head.number, head.digest) != (count, previous) if head else count:
            broken_at = count + 1
        return count, broken_at, tuple(erased)
    return Event.objects.filter(number__lt=broken_at).count(), broken_at, tuple(erased)


def _order_of(event: Event, orders: dict[int, tuple[int, str]]) -> Erased:
    """What the line of an order says: the lines that it stripped go into `orders`."""
    order, lines = event.data.get("order", 0), event.data.get("lines", {})
    orders.update((int(number), (order, left)) for number, left in lines.items())
    gone = [digest for own in (event.rows or {}).values() for digest in own.values() if digest == rows.REMOVED]
    return Erased(order, len(gone), len(lines))


def _lines() -> Iterator[tuple[int, Event | None]]:
    """Number and line, in order; None in place of a line that cannot be read. Numbers are read apart, for that."""
    last = -1
    try:
        for event in Event.objects.order_by("number").iterator(chunk_size=2000):
            last = event.number
            yield last, event if event.at is not None else None  # text that is no time reads as none
        return
    except UNREADABLE:
        pass
    for number in list(Event.objects.filter(number__gt=last).order_by("number").values_list("number", flat=True)):
        try:
            event = Event.objects.get(number=number)
            yield number, event if event.at is not None else None
        except UNREADABLE:
            yield number, None


def _scratch() -> sqlite3.Connection:
    """A database of its own that spills to a file of the system, which is gone afterwards."""
    said = sqlite3.connect("", isolation_level=None)
    said.executescript(
        """PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
        CREATE TABLE named (label TEXT, key TEXT, shape TEXT, digest TEXT, line INTEGER, twice INTEGER DEFAULT 0,
                            PRIMARY KEY (label, key, shape)) WITHOUT ROWID;
        CREATE TABLE present (label TEXT, key TEXT, PRIMARY KEY (label, key)) WITHOUT ROWID;"""
    )
    return said


def _keep(said: sqlite3.Connection, event: Event) -> None:
    """Add what a line says of rows. What was said of a row that was removed since counts no more."""
    if not isinstance(event.rows, dict):
        return
    by_order = event.kind == Kind.PATIENT_ERASED
    for name, named in event.rows.items():
        label, _at, shape = str(name).partition("@")
        for key, digest in named.items() if isinstance(named, dict) else ():
            if by_order or (digest == rows.REMOVED and not is_append_only(label)):
                said.execute("DELETE FROM named WHERE label = ? AND key = ?", (label, key))
                if digest == rows.REMOVED:
                    continue
            said.execute(
                "INSERT INTO named (label, key, shape, digest, line) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET twice = twice OR digest <> excluded.digest, "
                "digest = excluded.digest, line = excluded.line",
                (label, key, shape, str(digest), event.number),
            )


def _verify_rows(said: sqlite3.Connection) -> tuple[list[RowFault], int]:
    faults: list[RowFault] = []
    count = 0
    for label in rows.named_models():
        for fault in _faults_of(said, label):
            if fault is None:
                count += 1
            elif len(faults) < MOST_FAULTS:
                faults.append(fault)
        if len(faults) < MOST_FAULTS:
            faults += [RowFault(f"{label}:{key}", What.UNREADABLE, None) for key in _nonsense_in(label)]
    return faults, count


READ_AS = {"DateTimeField": "datetime", "DateField": "date", "TimeField": "time"}


def _nonsense_in(label: str) -> Iterator[str]:
    """Keys of rows that hold what is no time in a column of a time that may be empty: SQLite takes any text, and it
    reads as if the column were empty."""
    if connection.vendor != "sqlite":
        return
    model = rows.named_models()[label]
    names = set(rows.columns_of(model))
    quoted = connection.ops.quote_name
    for column in model._meta.concrete_fields:
        function = READ_AS.get(column.get_internal_type())
        if function and column.null and column.attname in names:
            name = quoted(column.column)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {quoted(model._meta.pk.column)} FROM {quoted(model._meta.db_table)} "
                    f"WHERE {name} IS NOT NULL AND {function}({name}) IS NULL"
                )
                yield from (str(key) for (key,) in cursor.fetchall())


def _faults_of(said: sqlite3.Connection, label: str) -> Iterator[RowFault | None]:
    """For each row of a table: None where it is as the log says, else what is wrong."""
    model = rows.named_models()[label]
    shapes = Counter(dict(said.execute("SELECT shape, COUNT(*) FROM named WHERE label = ? GROUP BY shape", (label,))))
    known = {shape: tuple(columns) for shape, columns in _known_shapes(label) if rows.shape_of(columns) == shape}
    current = rows.shape_of(rows.columns_of(model))
    known.setdefault(current, rows.columns_of(model))
    there = {field.attname for field in model._meta.concrete_fields}
    readable = [shape for shape in known if there.issuperset(known[shape])]
    shapes[current] += 0
    for shape in sorted(shapes, key=lambda shape: shape != current):
        if shape not in readable:
            if shape not in known:
                yield from _all_with_unknown(said, label, shape)
            continue
        for key, digest in _digests(label, known[shape]):
            row = said.execute("SELECT digest, line, twice FROM named WHERE label = ? AND key = ? AND shape = ?",
                               (label, key, shape)).fetchone()  # fmt: skip
            if shape == current:
                said.execute("INSERT OR IGNORE INTO present VALUES (?, ?)", (label, key))
            yield from _compared(said, model, key, digest, row, shape == current)
    gone = said.execute(
        "SELECT n.key, MAX(n.line) FROM named n LEFT JOIN present p USING (label, key) "
        "WHERE n.label = ? AND p.key IS NULL GROUP BY n.key ORDER BY MAX(n.line)",
        (label,),
    )
    yield from (RowFault(f"{label}:{key}", What.REMOVED, line) for key, line in gone.fetchall())


def _compared(said, model, key: str, digest: str | None, row, is_current: bool) -> Iterator[RowFault | None]:
    name = f"{model._meta.label}:{key}"
    if digest is None:
        yield RowFault(name, What.UNREADABLE, row[1] if row else None)
    elif row is None:
        if is_current:
            yield RowFault(name, What.NOT_IN_LOG, None)
    elif digest != row[0]:
        yield RowFault(name, What.CHANGED, row[1])
    elif row[2] and issubclass(model, AppendOnly):
        yield RowFault(name, What.NAMED_TWICE, row[1])
    elif is_current:
        yield None


def _all_with_unknown(said: sqlite3.Connection, label: str, shape: str) -> Iterator[RowFault]:
    found = said.execute("SELECT key, line FROM named WHERE label = ? AND shape = ? ORDER BY line", (label, shape))
    yield from (RowFault(f"{label}:{key}", What.COLUMNS_UNKNOWN, line) for key, line in found.fetchall())


def _known_shapes(label: str) -> list[tuple[str, list[str]]]:
    return list(RowShape.objects.filter(label=label).values_list("shape", "columns"))


def _digests(label: str, columns: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Key and digest of every row; None in place of the digest of a row that cannot be read."""
    last = None
    try:
        for key, digest in rows.digests(label, columns):
            last = key
            yield key, digest
        return
    except UNREADABLE:
        keys = rows.named_models()[label]._base_manager.order_by("pk").values_list("pk", flat=True)
        rest = list(keys.filter(pk__gt=last) if last is not None else keys)
    for key in rest:
        try:
            yield from rows.digests(label, columns, [key])
        except UNREADABLE:
            yield str(key), None
