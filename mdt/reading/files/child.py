"""Runs by itself: a file on standard input, its text as JSON on standard output. Started by `mdt.reading.files` alone.

The limits are set when all modules are loaded and before the first byte is read. With three descriptors in use and no
more to be had, it can open neither a file nor a connection.
"""

import json
import resource
import sys
from pathlib import Path
from typing import BinaryIO

CPU_SECONDS = 8
ADDRESS_BYTES = 384 * 1024 * 1024
MOST_PAGES = 100
MOST_CHARACTERS = 100_000  # as many as the report may have


class RefusedError(Exception):
    """With a reason of `mdt.reading.files`."""


def confine() -> None:
    """No more than this from here on; nothing gives it back."""
    limits = {
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_AS: ADDRESS_BYTES,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 3,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NPROC: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def main(source: BinaryIO) -> dict[str, object]:
    content = source.read()
    try:
        text, pages, unread, pictures = pdf.read(content) if b"%PDF-" in content[:1024] else docx.read(content)
    except RefusedError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "too-hard"}
    if not text.strip():
        return {"refused": "picture"}
    if len(text) > MOST_CHARACTERS:
        return {"refused": "too-long"}
    return {"text": text, "pages": pages, "unread": unread, "picture_pages": pictures}


if __name__ == "__main__":
    # By itself and isolated, so that no other module of the project is loaded.
    sys.path.insert(0, str(Path(__file__).parent))
    sys.modules["child"] = sys.modules["__main__"]
    import docx
    import pdf

    confine()
    answer = main(sys.stdin.buffer)
    sys.stdout.write(json.dumps(answer))
