"""`manage.py restore FILE`: puts a backup in place of the database, while nothing is served."""

import fcntl
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mdt.backup import actions, copies
from mdt.backup.afterwards import after_restore
from mdt.backup.engines import EngineError
from mdt.backup.sealed import Unreadable


class Command(BaseCommand):
    help = "Put a backup in place of the database; what was there is kept. Exit code 1 where the log is not whole."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only decrypt and check it; change nothing")

    def handle(self, *args, file: Path, check: bool, **options) -> None:
        try:
            if check:
                said = copies.check(file)
                self.stdout.write(f"whole: made {said.made_at} by version {said.version}; log to line {said.line}")
                return
            with _nothing_served():
                restored = actions.restore(path=file, now=timezone.now())
        except (EngineError, Unreadable, ImproperlyConfigured, OSError) as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        kept = f" The former database is kept as {restored.aside}." if restored.aside else ""
        self.stdout.write(f"Restored: made {restored.manifest.made_at}, log to line {restored.manifest.line}.{kept}")
        for sentence in after_restore():
            self.stdout.write(sentence)
        verdict = restored.verdict
        if not verdict.is_whole:
            raise CommandError("The restored log is not whole: manage.py verify says where.")
        self.stdout.write(f"whole: {verdict.checked} lines; {verdict.rows_checked} rows")


def _nothing_served():
    """Hold the data folder as `up` does. Raises CommandError where `up` holds it."""
    lock = (settings.DATA_DIR / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CommandError(f"{settings.DATA_DIR} is being served: stop it first.") from None
    return lock
