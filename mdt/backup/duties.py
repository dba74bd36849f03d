"""Once a day the worker makes a backup, where the installation has a key for it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from mdt.backup import actions, copies
from mdt.duties.registry import handles_regularly


@handles_regularly("make-backup", every=timedelta(days=1), is_outside=True)
def make_backup(_subject: str) -> Callable[[], None] | None:
    """Copy, encrypt and read again, with no transaction open meanwhile. Without a key nothing is done.

    One that fails is tried again, an hour later at most, and whoever runs the installation is told, once a day.
    """
    if not settings.BACKUP_KEY:
        return None
    now = timezone.now()
    try:
        path, manifest = copies.make(now)
    except copies.FAULTS as error:
        with suppress(DatabaseError):  # what cannot be written down now is told at a later try
            actions.tell_of_failure(error=error, now=now)
        raise
    dropped = copies.drop_old(settings.BACKUPS_KEPT, path)
    return partial(actions.note_backup, path=path, manifest=manifest, dropped=len(dropped))
