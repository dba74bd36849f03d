"""Connections that were opened while the database took nothing are not kept.

SQLite opens a file that it may not write for reading only, and shares that among all connections of a process: as long
as one of them is open, new ones read only as well, though the disk can be written again. So after a fault each thread
closes its own at the end of a request, until there was no fault for some time.
"""

import time

from django.core.signals import request_finished
from django.db import connections
from django.dispatch import receiver

MISTRUST_SECONDS = 120
_mistrusted_until = 0.0


def mistrust() -> None:
    """The database took nothing just now."""
    global _mistrusted_until
    _mistrusted_until = time.monotonic() + MISTRUST_SECONDS


@receiver(request_finished, dispatch_uid="mdt.connections")
def close_mistrusted(**_) -> None:
    if time.monotonic() < _mistrusted_until:
        for connection in connections.all(initialized_only=True):
            if not connection.in_atomic_block:  # of a test
                connection.close()
