"""How a consistent copy of the database is taken while everything runs, and put back: SQLite and PostgreSQL."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.db import connection


class EngineError(Exception):
    """The database, or a program that it needs, refused."""


def take(target: Path) -> None:
    """Write a copy of the database as of one moment to `target`; writers do not wait. Raises EngineError."""
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
        return
    try:
        with closing(sqlite3.connect(_file())) as source, closing(sqlite3.connect(target)) as copy:
            source.execute("BEGIN")  # one snapshot: a writer in between would make the copy begin anew
            source.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise EngineError(str(error)) from None


def size() -> int:
    """About how many bytes a copy takes: no less than it will."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return cursor.fetchone()[0]
    return sum(part.stat().st_size for end in ("", "-wal") if (part := Path(f"{_file()}{end}")).exists())


def check(copy: Path) -> None:
    """Raise EngineError unless the copy is one that could be put back."""
    if connection.vendor == "postgresql":
        _run("pg_restore", "--list", str(copy), of_database=False)
        return
    try:
        with closing(sqlite3.connect(copy)) as link:
            said = link.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise EngineError(str(error)) from None
    if said != "ok":
        raise EngineError(said)


def put_back(copy: Path, now: datetime) -> str:
    """Make the copy the database. What was there is kept beside it: returns its name, empty where there was nothing.

    Raises EngineError. A PostgreSQL database must be empty: another one is made beside the old for it.
    """
    connection.close()
    if connection.vendor == "postgresql":
        if connection.introspection.table_names():
            raise EngineError("The database is not empty. Make an empty one beside it, and name it in DATABASE_URL.")
        connection.close()
        _run("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(copy))
        return ""
    file, aside = _file(), ""
    if file.exists():  # it may be broken: it is put aside as it is, with what belongs to it
        aside = f"{file.name}.before-{now:%Y%m%dT%H%M%S}"
        for end in ("-wal", "-shm", ""):
            if (part := file.with_name(file.name + end)).exists():
                part.rename(file.with_name(aside + end))
    shutil.copyfile(copy, whole := file.with_name(f"{file.name}.coming"))
    whole.chmod(0o600)
    with whole.open("rb") as written:
        os.fsync(written.fileno())
    whole.rename(file)
    return aside


def _file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _run(program: str, *words: str, of_database: bool = True) -> None:
    """One of PostgreSQL's programs. The password goes by the environment, never by the command line."""
    said = connection.settings_dict
    environment, where = dict(os.environ), []
    if of_database:
        given = {"PGHOST": said["HOST"] or said.get("OPTIONS", {}).get("host"), "PGPORT": said["PORT"],
                 "PGUSER": said["USER"], "PGPASSWORD": said["PASSWORD"]}  # fmt: skip
        environment |= {name: str(value) for name, value in given.items() if value}
        where = [f"--dbname={said['NAME']}"]
    try:
        done = subprocess.run([program, *where, *words], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise EngineError(f"{program} is not installed (package postgresql-client).") from None
    if done.returncode:
        raise EngineError(f"{program}: {done.stderr.strip().partition(chr(10))[0]}")
