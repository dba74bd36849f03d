"""One engine over two copies of a stored archive, in a process of its own: prints seconds, rows changed and memory.

Run by ``bench.archive``: python -m bench.archive_stored ENGINE COLD_COPY WARM_COPY
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from .archive_peers import COLUMNS, polars_type, type_sql

CHUNK = 20_000


@cache
def _store() -> Any:
    from . import ours

    return ours.StoredArchive()


def project(path: str) -> Callable[[], int]:
    store = _store()
    database = sqlite3.connect(path)

    def chunks() -> Iterator[Sequence]:
        cursor = database.execute("SELECT id, record, possible, provisional FROM records ORDER BY id")
        while rows := cursor.fetchmany(CHUNK):
            yield rows

    def facts_of(ids: Sequence[int]) -> dict[int, tuple[dict[str, Any], None]]:
        query = "SELECT facts FROM documents WHERE id = (SELECT document FROM records WHERE id = ?)"
        return {at: (json.loads(database.execute(query, (at,)).fetchone()[0]), None) for at in ids}

    def run() -> int:
        number = 0
        writer: list[tuple[str, str, int]] = []
        for changed in store.changed(chunks(), facts_of):
            number += len(changed)
            writer += [(row.new_possible, row.new_provisional, row.id) for row in changed]
        with database:
            database.executemany("UPDATE records SET possible = ?, provisional = ? WHERE id = ?", writer)
        return number

    return run


def sql_case(path: str) -> Callable[[], int]:
    database = sqlite3.connect(path)
    sql = type_sql("max")

    def run() -> int:
        with database:
            return database.execute(f"UPDATE cases SET type = {sql} WHERE type <> {sql}").rowcount

    return run


def polars(path: str) -> Callable[[], int]:
    import polars as pl

    database = sqlite3.connect(path)
    expression = polars_type()
    schema = {"id": pl.Int64, "old": pl.Int8} | {
        name: pl.Float64 if name.startswith("mm") else pl.Int8 for name in COLUMNS
    }

    def run() -> int:
        query = f"SELECT id, type AS old, {', '.join(COLUMNS)} FROM cases"
        batches = pl.read_database(query, database, iter_batches=True, batch_size=CHUNK, schema_overrides=schema)
        changed: list[tuple[int, int]] = []
        for batch in batches:
            table = batch.select("id", "old", expression).filter(pl.col("type") != pl.col("old"))
            changed += table.select("type", "id").rows()
        with database:
            database.executemany("UPDATE cases SET type = ? WHERE id = ?", changed)
        return len(changed)

    return run


def duckdb(path: str) -> Callable[[], int]:
    import duckdb as peer

    database = peer.connect(path)
    database.execute("SET threads = 1")
    sql = type_sql("greatest")

    def run() -> int:
        (number,) = database.execute(f"UPDATE cases SET type = {sql} WHERE type <> {sql}").fetchone() or (0,)
        database.execute("CHECKPOINT")
        return number

    return run


ENGINES = {
    "this project": project,
    "SQLite, CASE in SQL": sql_case,
    "polars from SQLite": polars,
    "duckdb, its own file": duckdb,
}


def _megabytes() -> float:
    """The most memory so far. Not by getrusage: that counts what the parent held when it started this process."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def main() -> None:
    engine, *copies = sys.argv[1:]
    report: dict[str, float] = {}
    before, run = 0.0, ENGINES[engine]
    for when, path in zip(("cold", "warm"), copies, strict=True):
        carry_out = run(path)
        before = before or _megabytes()
        started = time.perf_counter(), time.process_time()
        report["changed"] = carry_out()
        report[when], report[f"{when}_cpu"] = time.perf_counter() - started[0], time.process_time() - started[1]
    print(json.dumps(report | {"megabytes": _megabytes(), "before_megabytes": before}))


if __name__ == "__main__":
    main()
