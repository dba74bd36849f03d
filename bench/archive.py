"""A million stored cases asked again: the project's columns beside numpy by hand, polars, duckdb and SQL.

Run: python -m bench.archive [--cases 1000000] [--rounds 5] [--json FILE]

Part b1, in memory: types of all cases. Part b2, from a stored database: read, classify, compare with the type that is
stored, store what changed; each engine in a process of its own, whose greatest memory is shown. Cold: the first time in
that process, from a file that the system does not hold in memory. Warm: once more, from another copy.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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

OWN, OMEC = "this project: C-GCLM", "this project: OMEC"
STORED = ("this project", "SQLite, CASE in SQL", "polars from SQLite", "duckdb, its own file")
WHEN = ("cold", "warm")


def in_memory(archive: Archive, rounds: int) -> dict[str, Any]:
    """Part b1. Seconds for all cases; agreement with hand-written Python on every distinct case."""
    import duckdb
    import polars as pl

    store, omec = ours.StoredArchive(), ours.StoredArchive("omec")
    records = store.layout.unpack(archive.records())
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

    def facts_of(place: int) -> ours.Facts:
        return archive.facts[archive.index[place]]

    one_type = np.array([0, 1, 2, 0, 3, 0, 0, 0], np.int8)  # one bit → that type; several → U

    engines: dict[str, Callable[[], Any]] = {
        OWN: lambda: one_type[store.possible(records, facts_of) >> 1],
        OMEC: lambda: omec.possible(records, facts_of),
        "numpy by hand, kept columns": lambda: numpy_types(columns),
        "polars, kept columns": lambda: frame.select(expression)["type"].to_numpy(),
        "polars, raw lesions": lambda: (
            stated.join(polars_kept(lesions), on="place", maintain_order="left").select(expression)["type"].to_numpy()
        ),
        "duckdb, kept columns": lambda: duck("kept"),
        "duckdb, raw lesions": lambda: duck(f"stated JOIN ({KEPT_SQL}) USING (place) ORDER BY place"),
    }
    want = np.array([TYPES.index(hand.label_only(case)) for case in archive.plain], np.int8)[archive.index]
    right = {name: None if name == OMEC else int((run() == want).sum()) for name, run in engines.items()}
    omec.possible(records, facts_of)
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in engines}
    names = list(engines)
    for number in range(rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            started = time.perf_counter(), time.process_time()
            engines[name]()
            seconds[name].append((time.perf_counter() - started[0], time.process_time() - started[1]))
    own = seconds[OWN]
    size = len(archive.index)
    rows = [
        {
            "path": name,
            "seconds": statistics.median(wall for wall, _ in each),
            "CPU seconds": statistics.median(cpu for _, cpu in each),
            "x ours": statistics.median(a / b for (a, _), (b, _) in zip(each, own, strict=True)),
            "right": None if right[name] is None else f"{right[name]:,}/{size:,}",
        }
        for name, each in seconds.items()
    ]
    share = store.irregular_share(records)
    print_table(f"b1. {size:,} cases in memory; {share:.1%} have no regular record; one thread for duckdb", rows)
    for name, each in (("C-GCLM", store), ("OMEC", omec)):
        differs = each.differs(archive.facts)
        print(f"{name}: {differs:,} of {len(archive.facts):,} different cases are answered otherwise than one by one")
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
            copies = [archive.folder / f"{when}{from_file.suffix}" for when in WHEN]
            for copy in copies:
                _copy(from_file, copy)
            command = [sys.executable, "-m", "bench.archive_stored", name, *map(str, copies)]
            runs[name].append(json.loads(subprocess.check_output(command, text=True)))
            for copy in copies:
                copy.unlink()
    own = runs[STORED[0]]
    rows = [
        {
            "path": name,
            **{f"{when}, s": statistics.median(run[when] for run in each) for when in WHEN},
            **{f"{when}, CPU s": statistics.median(run[f"{when}_cpu"] for run in each) for when in WHEN},
            "x ours, cold": statistics.median(a["cold"] / b["cold"] for a, b in zip(each, own, strict=True)),
            "changed": f"{each[0]['changed']:,}",
            "MB at most": statistics.median(run["megabytes"] for run in each),
            "MB before": statistics.median(run["before_megabytes"] for run in each),
        }
        for name, each in runs.items()
    ]
    title = f"b2. {len(archive.index):,} stored cases: read, classify, compare, store what changed"
    print_table(f"{title} (database {source.stat().st_size / 1e6:,.0f} MB)", rows)
    return {"rows": rows}


def _copy(source: Path, copy: Path) -> None:
    """A copy on the disk of which the system holds nothing in memory."""
    shutil.copyfile(source, copy)
    with copy.open("rb") as file:
        os.fsync(file)
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


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
