"""A synthetic archive: some thousand different random cases, repeated in random order until it is large enough."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from . import hand, ours
from .archive_peers import COLUMNS, LESION_COLUMNS, TYPES, kept_row, lesion_rows, stated_row
from .cases import random_cases

SEED = 20261123


@dataclass
class Archive:
    """``index`` says which of the different cases each row is."""

    folder: Path
    facts: list[dict[str, Any]]
    plain: list[dict[str, Any]]
    index: np.ndarray

    @cached_property
    def packed(self) -> list[bytes]:
        """The record of each different case."""
        store = ours.StoredArchive()
        return [store.pack(facts) for facts in self.facts]

    @cached_property
    def old(self) -> list[tuple[str, str]]:
        return ours.StoredArchive().old_answers(self.facts)

    @cached_property
    def _rows(self) -> list[tuple]:
        return [(*stated_row(case), *kept_row(lesion_rows(case))) for case in self.plain]

    def records(self) -> bytes:
        return b"".join([self.packed[at] for at in self.index.tolist()])

    def masked(self, name: str) -> list:
        """A column with None where nothing is known."""
        own = [row[COLUMNS.index(name)] for row in self._rows]
        return [own[at] for at in self.index.tolist()]

    def columns(self) -> dict[str, np.ndarray]:
        """All columns as arrays, -1 where nothing is known."""
        own = np.array([[-1 if value is None else value for value in row] for row in self._rows], np.float64)
        found = {}
        for at, name in enumerate(COLUMNS):
            column = own[:, at] if name.startswith("mm") else own[:, at].astype(np.int8)
            found[name] = column[self.index]
        return found

    def lesions(self) -> dict[str, list]:
        """Raw lesions with the place of their case."""
        own = [lesion_rows(case) for case in self.plain]
        found: dict[str, list] = {name: [] for name in ("place", *LESION_COLUMNS)}
        for place, at in enumerate(self.index.tolist()):
            for lesion in own[at]:
                found["place"].append(place)
                for name, value in zip(LESION_COLUMNS, lesion, strict=True):
                    found[name].append(value)
        return found

    def old_types(self) -> list[int]:
        """What the peers have stored: the number of the type under the older reading, 0 for several."""
        own = [TYPES.index(possible) if possible in TYPES else 0 for possible, _ in self.old]
        return [own[at] for at in self.index.tolist()]

    def write_sqlite(self, path: Path) -> None:
        """One row a case: record, answers of the older reading, typed columns; documents in a table beside."""
        old_types = self.old_types()
        with sqlite3.connect(path) as database:
            names = ", ".join(COLUMNS)
            database.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, facts TEXT)")
            database.executemany("INSERT INTO documents VALUES (?, ?)",
                                 ((at, json.dumps(facts)) for at, facts in enumerate(self.facts)))  # fmt: skip
            database.execute(
                "CREATE TABLE records (id INTEGER PRIMARY KEY, document INTEGER, record BLOB, possible TEXT, "
                "provisional TEXT)"
            )
            database.executemany(
                "INSERT INTO records VALUES (?, ?, ?, ?, ?)",
                ((place, at, self.packed[at], *self.old[at]) for place, at in enumerate(self.index.tolist())),
            )
            database.execute(f"CREATE TABLE cases (id INTEGER PRIMARY KEY, type INTEGER, {names})")
            database.executemany(
                f"INSERT INTO cases VALUES ({', '.join('?' * (len(COLUMNS) + 2))})",
                ((place, old_types[place], *self._rows[at]) for place, at in enumerate(self.index.tolist())),
            )
        database.close()


def make(cases: int, distinct: int, is_regular_only: bool, folder: Path) -> Archive:
    """Seeded. With ``is_regular_only``, without cases whose lesions may or may not count."""
    drawn = random_cases(distinct, SEED)
    kept = [case for case in drawn if not is_regular_only or _is_settled(case.full)]
    index = np.random.default_rng(SEED).integers(0, len(kept), cases)
    archive = Archive(folder, [case.facts for case in kept], [case.plain for case in kept], index)
    for case in archive.plain[:100]:
        hand.label_only(case)
    return archive


def _is_settled(facts: dict[str, Any]) -> bool:
    natures = {lesion["nature"] for lesion in facts["liver_lesions"]}
    return bool(facts["liver_lesions_complete"]) and natures <= {"metastasis", "benign"}
