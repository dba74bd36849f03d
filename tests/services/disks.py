"""Disks of a test's own that can really be full or broken; mounting them needs root on Linux."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

BALLAST = "ballast"


class NotAllowed(Exception):
    """This machine lets nobody mount: no root, or a container without the right."""


class SmallDisk:
    """A file system in memory that holds so many megabytes and not a byte more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> int:
        """Write until not one byte more can be written. Returns the bytes that it took."""
        path = self.folder / BALLAST
        with open(path, "ab", buffering=0) as file:
            for size in (1 << 20, 1 << 16, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        file.write(b"\0" * size)
        return path.stat().st_size

    def free(self) -> None:
        (self.folder / BALLAST).unlink(missing_ok=True)

    def is_full(self) -> bool:
        return os.statvfs(self.folder).f_bavail == 0

    def remount(self, how: str) -> None:
        """`ro` or `rw`; `ro` once nobody has a file open for writing: the last of the killed end late."""
        command, until = ["mount", "-o", f"remount,{how}", str(self.folder)], time.monotonic() + 30
        while (done := subprocess.run(command, capture_output=True, text=True, check=False)).returncode:
            if time.monotonic() > until:
                raise AssertionError(done.stderr)
            time.sleep(0.1)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mounted at the folder until the block ends. Raises NotAllowed."""
    folder.mkdir(parents=True, exist_ok=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder))
    try:
        yield SmallDisk(folder)
    finally:
        _run("umount", "--lazy", str(folder))


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotAllowed(f"{' '.join(command)}: {done.stderr.strip()}")
