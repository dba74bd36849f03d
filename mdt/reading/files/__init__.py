"""The text of a report that came as a file, PDF or DOCX: read in a process of its own that may do next to nothing.

A file is somebody else's: it may be broken, or made to break what reads it. The process gets the bytes and nothing of
the environment, and gives itself limits before it looks at them (`child`). Whatever becomes of it, the answer is a text
or a plain reason. Nothing is stored, no file is written.
"""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_SECONDS = 20
"""By the clock; of the processor's time the process gives itself less."""
KINDS = (".pdf", ".docx")
MOST_AT_ONCE = 2
"""In one web process; each may cost 8 seconds of a processor."""
OLD_WORD_BEGINS = bytes.fromhex("d0cf11e0a1b11ae1")
"""A container of Microsoft's: DOC, or a DOCX with a password."""

EMPTY, UNKNOWN, TOO_LARGE, TOO_MANY_PAGES, TOO_LONG = "empty", "unknown", "too-large", "too-many-pages", "too-long"
LOCKED, PICTURE, BROKEN, TOO_HARD = "locked", "picture", "broken", "too-hard"
NO_TEXT, OLD_WORD, BUSY = "no-text", "old-word", "busy"
REASONS = {EMPTY, UNKNOWN, TOO_LARGE, TOO_MANY_PAGES, TOO_LONG, LOCKED, PICTURE, BROKEN, TOO_HARD}
REASONS |= {NO_TEXT, OLD_WORD, BUSY}

_seats = threading.BoundedSemaphore(MOST_AT_ONCE)


class NotReadError(Exception):
    """`reason` is one of REASONS; nothing of the file was taken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class FileText:
    """What stands in the file as text. `pages`: None if the file does not say. `unread`: signs for which it names no
    letter; `picture_pages`: pages without any text; `pictured_pages`: pages with text and a picture over more than half
    of the page, which may hold text too; `unseen`: letters left out because nobody sees them on the page."""

    text: str
    pages: int | None = None
    unread: int = 0
    picture_pages: int = 0
    pictured_pages: int = 0
    unseen: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return not (self.unread or self.picture_pages or self.pictured_pages or self.unseen)


def text_of(content: bytes) -> FileText:
    """The text of a PDF or DOCX, told apart by their first bytes. Raises NotReadError."""
    if not content:
        raise NotReadError(EMPTY)
    if len(content) > LARGEST_BYTES:
        raise NotReadError(TOO_LARGE)
    if content.startswith(OLD_WORD_BEGINS):
        raise NotReadError(OLD_WORD)
    if not (content.startswith(b"PK\x03\x04") or b"%PDF-" in content[:1024]):
        raise NotReadError(UNKNOWN)
    if not _seats.acquire(blocking=False):  # to wait would keep a thread from somebody else's page
        raise NotReadError(BUSY)
    try:
        said = _read_apart(content)
    finally:
        _seats.release()
    if said.get("refused") in REASONS:
        raise NotReadError(said["refused"])
    return FileText(**said)


def _read_apart(content: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", Path(__file__).with_name("child.py")],
            input=content,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env={},
            cwd="/",
            check=False,
        )
        return json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise NotReadError(TOO_HARD) from None
    except ValueError:  # it was stopped by a limit, or the library fell over the file
        raise NotReadError(TOO_HARD if done.returncode in STOPPED_BY_A_LIMIT else BROKEN) from None


STOPPED_BY_A_LIMIT = {-24, -9, -6}  # SIGXCPU, SIGKILL, SIGABRT: PDFium gives up so when memory runs out
