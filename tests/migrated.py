"""A migrated, empty database, made once and copied for each worker and each installation: migrating takes ten seconds.

A file, kept in the Python environment under the checksum of everything that migrations stand on: another line there, or
another release of a library, and it is made anew. On PostgreSQL a database on DATABASE_URL's server, made anew for each
run.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

ROOT = Path(__file__).resolve().parents[1]
STAND_ON = (
    *(
        "requirements.txt",
        "mdt/settings.py",
        "mdt/events/**/*.py",
        "mdt/people/pinyin.py",
        "mdt/people/time_zones.py",
        "mdt/audit/rows/packed.py",
        *("cases/packing.py", "cases/reasoning.py"),
    ),
    *(f"{room}/**/{name}" for room in ("mdt", "cases") for name in ("migrations/*.py", "models.py", "models/*.py")),
    *("mdt/**/kinds.py", "cases/**/kinds.py", "mdt/*/apps.py", "cases/apps.py"),
)
KEPT = 12  # files, for as many states of the source; the oldest go


def beside(address: str, name: str) -> str:
    """Address of another database on the same server."""
    at_its_end = rf"/{re.escape(conninfo_to_dict(address)['dbname'])}(?=\?|\Z)"
    return re.sub(at_its_end, f"/{name}", address, count=1)


def copy_to_file(target: Path) -> None:
    """A migrated database at this path."""
    shutil.copy(_kept_file(), target)


def server() -> str:
    """Address of the PostgreSQL server that the tests use; empty where they use files."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith("postgres") else ""


def copy_on_server(name: str) -> None:
    """A migrated database of this name on the server. One of that name that nobody uses is dropped first."""
    made = _kept_on_server()
    with psycopg.connect(server(), autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {name}")
        link.execute(f"CREATE DATABASE {name} TEMPLATE {made}")


def migrate(environment: dict[str, str]) -> None:
    """Really: in a process of its own, as an installation does it."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


def make() -> None:
    """Make what is copied, where it is missing: before the first one needs it."""
    _kept_on_server() if server() else _kept_file()


def drop(name: str = "") -> None:
    """Drop a copy, whoever holds it; without a name what was copied, at the end of the run."""
    with psycopg.connect(server(), autocommit=True) as link:
        link.execute(f"DROP DATABASE IF EXISTS {name or _name()} WITH (FORCE)")


def _scratch() -> Path:
    """The folder of this run, the same for all its workers."""
    return Path(os.environ["MDT_DATA_DIR"]).parent


def _name() -> str:
    return f"migrated_{hashlib.sha256(str(_scratch()).encode()).hexdigest()[:12]}"


def _kept_on_server() -> str:
    """Name of the database to copy."""
    with _one_at_a_time(_scratch() / "migrated.lock"), psycopg.connect(server(), autocommit=True) as link:
        if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_name()]).fetchone():
            aside = f"{_name()}_aside"
            link.execute(f"DROP DATABASE IF EXISTS {aside}")
            link.execute(f"CREATE DATABASE {aside}")
            migrate(os.environ | {"DATABASE_URL": beside(server(), aside)})
            link.execute(f"ALTER DATABASE {aside} RENAME TO {_name()}")
    return _name()


def _kept_file() -> Path:
    """Path of the file to copy."""
    environment = Path(sys.prefix)
    folder = environment / "migrated" if os.access(environment, os.W_OK) else _scratch()
    folder.mkdir(exist_ok=True)
    file = folder / f"{_checksum()}.sqlite3"
    with _one_at_a_time(file.with_suffix(".lock")):
        if not file.exists():
            aside = _scratch() / "migrated.sqlite3"
            aside.unlink(missing_ok=True)
            migrate(os.environ | {"DATABASE_URL": f"sqlite:///{aside}"})
            shutil.copy(aside, file.with_suffix(".aside"))
            file.with_suffix(".aside").replace(file)
        os.utime(file)
        for old in sorted(folder.glob("*.sqlite3"), key=lambda each: each.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)
            old.with_suffix(".lock").unlink(missing_ok=True)
    return file


def stand_on() -> list[Path]:
    """Files from which migrations, tables and guards are made."""
    return sorted({path for pattern in STAND_ON for path in ROOT.glob(pattern)})


@cache
def _checksum() -> str:
    read = hashlib.sha256(sqlite3.sqlite_version.encode())
    for path in stand_on():
        read.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return read.hexdigest()[:24]


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Whoever comes while it is made waits, and finds it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
