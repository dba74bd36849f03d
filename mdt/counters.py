"""Where the processes of one run add up what they count (mdt.metrics)."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

MEMORY = "/dev/shm"


@contextmanager
def counters_folder() -> Iterator[str]:
    """An empty folder until the block ends; in memory where there is such a place, else where temporary files are.

    Never on the disk of the data: counters are mapped into memory, and where the disk is full the kernel ends the
    process that counts (SIGBUS), so that people would get no page at all.
    """
    in_memory = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="mdt-metrics-", dir=in_memory, ignore_cleanup_errors=True) as folder:
        yield folder
