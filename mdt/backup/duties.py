"""Once a day the worker makes a backup, where the installation has a key for it."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from mdt.backup import actions, copies
from mdt.duties.registry import handles_regularly


@handles_regularly("make-backup", every=timedelta(days=1), is_outside=True)
def make_backup(_subject: str) -> Callable[[], None] | None:
    """Copy, encrypt and read again, with no transaction open meanwhile. Without a key nothing is done."""
    if not settings.BACKUP_KEY:
        return None
    path, manifest = copies.make(timezone.now())
    dropped = copies.drop_old(settings.BACKUPS_KEPT)
    return partial(actions.note_backup, path=path, manifest=manifest, dropped=len(dropped))
