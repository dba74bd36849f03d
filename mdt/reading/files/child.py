"""Runs by itself: a file on standard input, its text as JSON on standard output. Started by `mdt.reading.files` alone.

The limits are set when all modules are loaded and before the first byte is read. From then on no number of a descriptor
may be given out, not even one that is closed first: it can open neither a file nor a connection, and the three pipes
that it was started with go on working. This is a limit and no prison (ADR 27).
"""

import json
import os
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

CPU_SECONDS = 8
ADDRESS_BYTES = 384 * 1024 * 1024
MOST_PAGES = 100
MOST_CHARACTERS = 100_000  # as many as the report may have
NICENESS = 10
"""Whoever is at work in the hospital goes first."""


class RefusedError(Exception):
    """With a reason of `mdt.reading.files`."""


@dataclass
class Found:
    """As `mdt.reading.files.FileText`, which says what each means."""

    text: str
    pages: int | None = None
    unread: int = 0
    picture_pages: int = 0
    pictured_pages: int = 0
    unseen: int = 0


def confine() -> None:
    """No more than this from here on; nothing gives it back."""
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: ADDRESS_BYTES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    os.nice(NICENESS)
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def main(source: BinaryIO) -> dict[str, object]:
    content = source.read()
    is_pdf = b"%PDF-" in content[:1024]
    try:
        found = pdf.read(content) if is_pdf else docx.read(content)
    except RefusedError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "too-hard"}
    if not found.text.strip():
        return {"refused": "picture" if is_pdf else "no-text"}
    if len(found.text) > MOST_CHARACTERS:
        return {"refused": "too-long"}
    return asdict(found)


if __name__ == "__main__":
    # By itself and isolated, so that no other module of the project is loaded.
    sys.path.insert(0, str(Path(__file__).parent))
    sys.modules["child"] = sys.modules["__main__"]
    import docx
    import pdf

    confine()
    answer = main(sys.stdin.buffer)
    sys.stdout.write(json.dumps(answer))
