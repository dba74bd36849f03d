"""A million stored cases asked again: the project's columns beside numpy by hand, polars, duckdb and SQL.

Run: python -m bench.archive [--cases 1000000] [--rounds 5] [--json FILE]

Part b1, in memory: types of all cases. Part b2, from a stored database: read, classify, compare with the type that is
stored, store what changed; each engine in a process of its own, whose greatest memory is shown.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import hand, ours
from .archive_data import Archive, make
from .archive_peers import KEPT, KEPT_SQL, STATED, TYPES, numpy_types, polars_kept, polars_type, type_sql
from .timing import print_table, write_json

STORED = ("this project", "SQLite, CASE in SQL", "polars from SQLite", "duckdb, its own file")


def in_memory(archive: Archive, rounds: int) -> dict[str, Any]:
    """Part b1. Seconds for all cases; agreement with hand-written Python on every distinct case."""
    import duckdb
    import polars as pl

    store = ours.StoredArchive()
    records = store.layout.unpack(archive.records())
    odd = np.flatnonzero(records["irregular"])
    columns = archive.columns()
    frame = pl.from_dict({name: archive.masked(name) for name in (*STATED, *KEPT)})
    lesions = pl.from_dict(archive.lesions())
    expression = polars_type()
    database = duckdb.connect()
    database.execute("SET threads = 1")
    for name, table in (
        ("kept", frame),
        ("lesions", lesions),
        ("stated", frame.select(STATED).with_row_index("place")),
    ):
        path = archive.folder / f"{name}.parquet"
        table.write_parquet(path)
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM '{path}'")
    stated = frame.select(STATED).with_row_index("place")
    sql = type_sql("greatest")

    def duck(source: str) -> np.ndarray:
        return database.sql(f"SELECT {sql} AS type FROM {source}").fetchnumpy()["type"]

    def project_bits() -> np.ndarray:
        table = np.array([0, 1, 2, 0, 3, 0, 0, 0], np.int8)  # one bit → that type; several → U
        found = table[store.regular(records) >> 1]
        for place in odd:
            found[place] = table[store.one(archive.facts[archive.index[place]]) >> 1]
        return found

    engines: dict[str, Callable[[], Any]] = {
        "this project: regular records": lambda: store.regular(records),
        "this project: all, irregular ones from facts": project_bits,
        "numpy by hand, kept columns": lambda: numpy_types(columns),
        "polars, kept columns": lambda: frame.select(expression)["type"].to_numpy(),
        "polars, raw lesions": lambda: (
            stated.join(polars_kept(lesions), on="place", maintain_order="left").select(expression)["type"].to_numpy()
        ),
        "duckdb, kept columns": lambda: duck("kept"),
        "duckdb, raw lesions": lambda: duck(f"stated JOIN ({KEPT_SQL}) USING (place) ORDER BY place"),
    }
    right = {}
    want = np.array([TYPES.index(hand.label_only(case)) for case in archive.plain], np.int8)[archive.index]
    for name, run in engines.items():
        got = run()
        right[name] = None if "regular" in name and "all" not in name else int((got == want).sum())
    seconds: dict[str, list[float]] = {name: [] for name in engines}
    names = list(engines)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            started = time.perf_counter()
            engines[name]()
            seconds[name].append(time.perf_counter() - started)
    own = seconds[names[0]]
    size = len(archive.index)
    rows = [
        {
            "path": name,
            "seconds": statistics.median(each),
            "cases/s": (size - len(odd) if name == names[0] else size) / statistics.median(each),
            "x regular": statistics.median(a / b for a, b in zip(each, own, strict=True)),
            "right": None if right[name] is None else f"{right[name]:,}/{size:,}",
        }
        for name, each in seconds.items()
    ]
    share = len(odd) / size
    print_table(f"b1. {size:,} cases in memory; {share:.1%} have no regular record; one thread for duckdb", rows)
    print(f"one record: {store.layout.dtype.itemsize} bytes; polars threads: {pl.thread_pool_size()}")
    return {"rows": rows, "irregular_share": share}


def stored(archive: Archive, rounds: int) -> dict[str, Any]:
    """Part b2. Every run has a fresh copy of the database and a process of its own."""
    import duckdb
    import polars as pl

    source, duck = archive.folder / "archive.sqlite3", archive.folder / "archive.duckdb"
    archive.write_sqlite(source)
    frame = pl.from_dict({name: archive.masked(name) for name in (*STATED, *KEPT)})
    frame.with_row_index("id").with_columns(pl.Series("type", archive.old_types())).write_parquet(
        archive.folder / "stored.parquet"
    )
    with duckdb.connect(str(duck)) as database:
        database.execute(f"CREATE TABLE cases AS SELECT * FROM '{archive.folder / 'stored.parquet'}'")
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in STORED}
    for _ in range(rounds):
        for name in STORED:
            from_file = duck if name.startswith("duckdb") else source
            copy = archive.folder / f"copy{from_file.suffix}"
            copy.write_bytes(from_file.read_bytes())
            command = [sys.executable, "-m", "bench.archive_stored", name, str(copy)]
            runs[name].append(json.loads(subprocess.check_output(command, text=True)))
            copy.unlink()
    own = runs[STORED[0]]
    rows = [
        {
            "path": name,
            "seconds": statistics.median(run["seconds"] for run in each),
            "x ours": statistics.median(a["seconds"] / b["seconds"] for a, b in zip(each, own, strict=True)),
            "changed": f"{each[0]['changed']:,}",
            "MB at most": statistics.median(run["megabytes"] for run in each),
            "MB before": statistics.median(run["before_megabytes"] for run in each),
        }
        for name, each in runs.items()
    ]
    title = f"b2. {len(archive.index):,} stored cases: read, classify, compare, store what changed"
    print_table(f"{title} (database {source.stat().st_size / 1e6:,.0f} MB)", rows)
    return {"rows": rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--distinct", type=int, default=20_000, help="different cases; the archive repeats them")
    parser.add_argument("--regular-only", action="store_true", help="no list of open natures or unknown completeness")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--parts", nargs="+", choices=("memory", "stored"), default=("memory", "stored"))
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-archive-") as folder:
        archive = make(arguments.cases, arguments.distinct, arguments.regular_only, Path(folder))
        report = {}
        if "memory" in arguments.parts:
            report["memory"] = in_memory(archive, arguments.rounds)
        if "stored" in arguments.parts:
            report["stored"] = stored(archive, max(1, arguments.rounds // 2))
    write_json(arguments.json, report)


if __name__ == "__main__":
    main()
