"""One backup: a compressed archive of the database and of the data folder's own files, sealed (mdt.backup.sealed)."""

import errno
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from mdt import disks
from mdt.backup import engines
from mdt.backup.sealed import Opened, Sealing, Unreadable
from mdt.events.models import ChainHead

DATABASE, MANIFEST, FILES = "database", "manifest.json", "files/"
# What else belongs to an installation. Everything that people upload is in the database.
OF_DATA_FOLDER = ("secret_key", "signing_key", "checkpoints.txt")
SUFFIX = ".mdtbackup"
LEFT_FREE = 32 * 1024**2
"""What a backup leaves of the disk to the database that it copies."""
LEFT_BEHIND_AFTER = timedelta(days=1)


FAULTS = (engines.EngineError, Unreadable, ImproperlyConfigured, OSError)
"""What making a backup may raise."""


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    version: str
    vendor: str
    line: int  # where the event log ended
    sha256: str  # of the database's copy


def key() -> bytes:
    """The installation's backup key. Raises ImproperlyConfigured where there is none, or no usable one."""
    try:
        given = bytes.fromhex(settings.BACKUP_KEY)
    except ValueError:
        given = b""
    if len(given) != 32:
        raise ImproperlyConfigured("Backups need MDT_BACKUP_KEY: 64 hexadecimal digits, as of `openssl rand -hex 32`.")
    return given


def folder() -> Path:
    """Where backups are kept."""
    path = Path(settings.BACKUP_DIR)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def make(now: datetime) -> tuple[Path, Manifest]:
    """Write a backup and read it again to the last byte; only then does it get its name.

    Raises EngineError, Unreadable or OSError; nothing half-made is left under a backup's name.
    """
    secret = key()
    _sweep()
    _require_room()
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as scratch:
        copy = Path(scratch, DATABASE)
        head = ChainHead.objects.filter(pk=1).first()
        engines.take(copy)
        said = Manifest(
            now.astimezone(UTC).isoformat(timespec="seconds"),
            settings.VERSION,
            connection.vendor,
            head.number if head else 0,
            _sha256(copy),
        )
        name = f"mdt-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}{SUFFIX}"
        path, coming = folder() / name, folder() / f".{name}.{os.getpid()}"
        try:
            with open(os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
                _write(target, secret, copy, said)
                target.flush()
                os.fsync(target.fileno())
            copy.unlink()
            check(coming)
            coming.rename(path)
        finally:
            coming.unlink(missing_ok=True)
    return path, said


def _require_room() -> None:
    """Raise OSError before anything is written where the copy would take the last room from the database itself."""
    need, free = engines.size() + LEFT_FREE, disks.free_bytes(settings.DATA_DIR)
    if free < need:
        said = f"a copy needs {need // 1024**2} MB in {settings.DATA_DIR}; {free // 1024**2} MB are free"
        raise OSError(errno.ENOSPC, said)


def _sweep() -> None:
    """Remove what a backup left that was killed: copies of everything, which would fill the disk in time."""
    long_ago = time.time() - LEFT_BEHIND_AFTER.total_seconds()
    for path in (*settings.DATA_DIR.glob("backup-*"), *folder().glob(f".mdt-*{SUFFIX}.*")):
        if path.stat().st_mtime < long_ago:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _write(target, secret: bytes, copy: Path, said: Manifest) -> None:
    sealing = Sealing(target, secret)
    with tarfile.open(fileobj=sealing, mode="w|gz") as archive:
        text = Path(copy.parent, MANIFEST)
        text.write_text(json.dumps(asdict(said)))
        archive.add(text, MANIFEST)
        archive.add(copy, DATABASE)
        for name in OF_DATA_FOLDER:
            if (path := Path(settings.DATA_DIR, name)).exists():
                archive.add(path, FILES + name)
    sealing.finish()


def check(path: Path) -> Manifest:
    """Read a backup to its end: every piece is authentic, and the database in it is whole. Raises Unreadable or
    EngineError."""
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="backup-") as scratch:
        return unpack(path, Path(scratch))


def unpack(path: Path, into: Path) -> Manifest:
    """Decrypt a backup into a folder, and check it. Raises Unreadable or EngineError."""
    with path.open("rb") as source:
        opened = Opened(source, key())
        try:
            with tarfile.open(fileobj=opened, mode="r|gz") as archive:
                for member in archive:
                    name = member.name.removeprefix(FILES)
                    if member.isfile() and name in (DATABASE, MANIFEST, *OF_DATA_FOLDER):
                        member.name = name
                        archive.extract(member, into, filter="data")
            while opened.read(1 << 20):
                continue  # to the last piece: without it the file was cut off
        except tarfile.TarError as error:
            raise Unreadable(f"The archive in the backup cannot be read: {error}") from None
    said = Manifest(**json.loads((into / MANIFEST).read_text()))
    if said.vendor != connection.vendor:
        raise Unreadable(f"This is a backup of {said.vendor}; the database here is {connection.vendor}.")
    if _sha256(into / DATABASE) != said.sha256:
        raise Unreadable("The database in the backup is not the one that was taken.")
    engines.check(into / DATABASE)
    return said


def kept() -> list[Path]:
    """The backups in the folder, newest first."""
    return sorted(folder().glob(f"mdt-*{SUFFIX}"), reverse=True)


def drop_old(keep: int, made: Path) -> list[Path]:
    """Remove all but the newest `keep` backups, and never the one that was just made: a clock that is wrong may have
    given it an old name. Returns the removed ones."""
    old = [path for path in kept()[max(keep, 1) :] if path != made]
    for path in old:
        path.unlink()
    return old


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
