"""Counting for a while, for all processes together: in Redis where there is one, else in a small file beside the data.

The file is a SQLite database of its own: one statement counts, no line of the main database waits for it, and it may be
lost at any time. Where the store is away each process counts for itself until it is back: a bound that is too wide for
a while, and nobody is shut out.
"""

import logging
import os
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

from django.conf import settings
from django.core.cache import cache, caches

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 0.25
_SCHEMA = "CREATE TABLE IF NOT EXISTS counted (key TEXT PRIMARY KEY, count INTEGER, ends_at REAL) WITHOUT ROWID"
_COUNT = """
    INSERT INTO counted VALUES (:key, 1, :ends_at) ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN ends_at <= :now THEN 1 ELSE count + 1 END,
        ends_at = CASE WHEN ends_at <= :now THEN :ends_at ELSE ends_at END
    RETURNING count
"""
_own = threading.local()


def count(key: str, seconds: int) -> int:
    """How often this key was counted in the window that is running, this time included; the first time begins it."""
    try:
        return _in_redis(key, seconds) if settings.COUNTS_IN_REDIS else _in_file(key, seconds)
    except sqlite3.OperationalError as error:  # locked, or the disk takes nothing: another time
        logger.warning("limits are counted in each process for itself: %s", type(error).__name__)
        return _in_cache(cache, key, seconds)
    except sqlite3.DatabaseError:
        logger.warning("the file of counts was damaged and is begun anew")
        _throw_away()
        return _in_cache(cache, key, seconds)
    except Exception as error:  # noqa: BLE001 - whatever a store raises when it is away: nobody is shut out by it
        logger.warning("limits are counted in each process for itself: %s", type(error).__name__)
        return _in_cache(cache, key, seconds)


def _in_redis(key: str, seconds: int) -> int:
    return _in_cache(caches["counts"], key, seconds)


def _in_cache(store, key: str, seconds: int) -> int:
    if store.add(key, 1, seconds):
        return 1
    try:
        return store.incr(key)
    except ValueError:  # it ran out between the two
        return 1


def _in_file(key: str, seconds: int) -> int:
    now = time.time()
    found = _link().execute(_COUNT, {"key": key, "now": now, "ends_at": now + seconds}).fetchone()[0]
    if found == 1 and int(now) % 50 == 0:
        _link().execute("DELETE FROM counted WHERE ends_at <= ?", [now])
    return found


def _throw_away() -> None:
    """A file that a power cut left damaged would stay so; what it counted is worth nothing. Its log goes first, so that
    no new file is read with it."""
    for end in ("-wal", "-shm", ""):
        with suppress(OSError):
            os.remove(f"{settings.COUNTS_FILE}{end}")


def _link() -> sqlite3.Connection:
    """This thread's connection; a file that was deleted or swapped meanwhile is opened anew."""
    path = Path(settings.COUNTS_FILE)
    try:
        status = path.stat()
        seen = (os.getpid(), str(path), status.st_dev, status.st_ino)
    except FileNotFoundError:
        seen = None
    if seen is None or getattr(_own, "seen", None) != seen:
        if getattr(_own, "seen", (0,))[0] == os.getpid():
            with closing(_own.link):
                del _own.seen  # where the new one cannot be opened, it is tried again the next time
        with open(path, "a", opener=lambda name, flags: os.open(name, flags, 0o600)):
            pass
        link = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
        try:
            link.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; {_SCHEMA}")
        except sqlite3.Error:
            link.close()
            raise
        status = path.stat()
        _own.link, _own.seen = link, (os.getpid(), str(path), status.st_dev, status.st_ino)
    return _own.link
