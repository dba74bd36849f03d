"""Whether the disks that an installation writes to take something: for /health/, the metrics and backups."""

import os
from pathlib import Path

from django.conf import settings

LEAST_BYTES = 256 * 1024**2
"""Less is said: a busy day of a large hospital writes a tenth of it."""


def folders() -> dict[str, Path]:
    """Name → folder that is written to: the data, and the backups where some are made."""
    found = {"data": settings.DATA_DIR}
    if settings.BACKUP_KEY and Path(settings.BACKUP_DIR).exists():
        found["backups"] = Path(settings.BACKUP_DIR)
    return found


def free_bytes(folder: Path) -> int:
    """What this account may still write there; 0 where the disk is mounted read-only or does not answer."""
    try:
        said = os.statvfs(folder)
    except OSError:
        return 0
    return 0 if said.f_flag & os.ST_RDONLY else said.f_bavail * said.f_frsize


def short() -> list[str]:
    """Names of the folders whose disk takes hardly anything or nothing."""
    return [name for name, folder in folders().items() if free_bytes(folder) < LEAST_BYTES]
