"""`manage.py backup`: an encrypted copy of everything, read again after writing."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mdt.backup import actions, copies


class Command(BaseCommand):
    help = "Write an encrypted backup into MDT_BACKUP_DIR, check it, and drop what is more than MDT_BACKUPS_KEPT."

    def handle(self, *args, **options) -> None:
        try:
            path, manifest = actions.make_backup(now=timezone.now())
        except copies.FAULTS as error:
            raise CommandError(f"No backup was made: {error}") from error
        self.stdout.write(f"{path}: {path.stat().st_size} bytes, checked; the log ends at line {manifest.line}")
