"""One backup: a compressed archive of the database and of the data folder's own files, sealed (mdt.backup.sealed)."""

import hashlib
import json
import os
import tarfile
import tempfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from mdt.backup import engines
from mdt.backup.sealed import Opened, Sealing, Unreadable
from mdt.events.models import ChainHead

DATABASE, MANIFEST, FILES = "database", "manifest.json", "files/"
# What else belongs to an installation. Everything that people upload is in the database.
OF_DATA_FOLDER = ("secret_key", "signing_key", "checkpoints.txt")
SUFFIX = ".mdtbackup"


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


def drop_old(keep: int) -> list[Path]:
    """Remove all but the newest `keep` backups. Returns the removed ones."""
    old = kept()[max(keep, 1) :]
    for path in old:
        path.unlink()
    return old


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
