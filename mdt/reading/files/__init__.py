"""The text of a report that came as a file, PDF or DOCX: read in a process of its own that may do next to nothing.

A file is somebody else's: it may be broken, or made to break what reads it. The process gets the bytes and nothing of
the environment, and gives itself limits before it looks at them (`child`). Whatever becomes of it, the answer is a text
or a plain reason. Nothing is stored, no file is written.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

LARGEST_BYTES = 10 * 1024 * 1024
LONGEST_SECONDS = 20
"""By the clock; of the processor's time the process gives itself less."""
KINDS = (".pdf", ".docx")

EMPTY, UNKNOWN, TOO_LARGE, TOO_MANY_PAGES, TOO_LONG = "empty", "unknown", "too-large", "too-many-pages", "too-long"
LOCKED, PICTURE, BROKEN, TOO_HARD = "locked", "picture", "broken", "too-hard"
REASONS = {EMPTY, UNKNOWN, TOO_LARGE, TOO_MANY_PAGES, TOO_LONG, LOCKED, PICTURE, BROKEN, TOO_HARD}


class NotReadError(Exception):
    """`reason` is one of REASONS; nothing of the file was taken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class FileText:
    """What stands in the file as text. `unread`: signs on the pages for which the file names no letter;
    `picture_pages`: pages without any text."""

    text: str
    pages: int = 1
    unread: int = 0
    picture_pages: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing."""
        return not self.unread and not self.picture_pages


def text_of(content: bytes) -> FileText:
    """The text of a PDF or DOCX, told apart by their first bytes. Raises NotReadError."""
    if not content:
        raise NotReadError(EMPTY)
    if len(content) > LARGEST_BYTES:
        raise NotReadError(TOO_LARGE)
    if not (content.startswith(b"PK\x03\x04") or b"%PDF-" in content[:1024]):
        raise NotReadError(UNKNOWN)
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
        said = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise NotReadError(TOO_HARD) from None
    except ValueError:  # it was stopped by a limit, or the library fell over the file
        raise NotReadError(TOO_HARD if done.returncode in STOPPED_BY_A_LIMIT else BROKEN) from None
    if said.get("refused") in REASONS:
        raise NotReadError(said["refused"])
    return FileText(said["text"], said["pages"], said["unread"], said["picture_pages"])


STOPPED_BY_A_LIMIT = {-24, -9, -6}  # SIGXCPU, SIGKILL, SIGABRT: PDFium gives up so when memory runs out
