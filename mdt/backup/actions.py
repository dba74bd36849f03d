"""Making a backup and putting one back, each with its line in the log."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.backup import copies, engines
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.events.verification import Verdict, verify
from mdt.mail import language
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MessageKind
from mdt.people.models import User


@transaction.atomic
def note_backup(*, path: Path, manifest: copies.Manifest, dropped: int) -> None:
    """Log that a backup was made and read again."""
    size = path.stat().st_size
    record(Kind.BACKUP_MADE, by=None, file=path.name, line=manifest.line, bytes=size, dropped=dropped)


@transaction.atomic
def tell_of_failure(*, error: Exception, now: datetime) -> None:
    """Write to everybody who runs the installation that there is no backup of today, and why: once a day."""
    last = Event.objects.filter(kind=Kind.BACKUP_MADE).order_by("-number").first()
    reason = str(error).strip().partition("\n")[0][:300]
    for person in User.objects.filter(is_superuser=True, is_active=True).order_by("pk"):
        with override(language.of(person)):
            never = _("There is none yet.")
            post(
                key=f"backup-failed:{now:%Y-%m-%d}:{person.pk}",
                kind=MessageKind.NOTICE,
                to=person,
                subject=_("No backup could be made"),
                body=_(
                    "The daily backup failed: %(reason)s\n\nThe last one: %(last)s\n\nIt is tried again by itself, "
                    "every hour at least. Nothing half-made is left. When the cause is removed, make one at once: "
                    "manage.py backup"
                )
                % {"reason": reason, "last": f"{last.data['file']}" if last else never},
            )


def make_backup(*, now: datetime) -> tuple[Path, copies.Manifest]:
    """Make a backup and drop what is more than the installation keeps. Raises as copies.make does."""
    path, manifest = copies.make(now)
    note_backup(path=path, manifest=manifest, dropped=len(copies.drop_old(settings.BACKUPS_KEPT, path)))
    return path, manifest


@dataclass(frozen=True)
class Restored:
    """What came of a restore: the backup, the name under which the former database is kept, and the check."""

    manifest: copies.Manifest
    aside: str
    verdict: Verdict


def restore(*, path: Path, now: datetime) -> Restored:
    """Put a backup in place of the database, bring it up to this program's migrations, check every line and row, and
    log it. Nothing may be serving meanwhile. Raises Unreadable or EngineError before anything is changed.

    Checkpoints that were signed after the backup are set aside with the former database: they speak of lines that the
    backup does not have. Auditors have them by mail.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="restore-") as scratch:
        manifest = copies.unpack(path, Path(scratch))
        aside = engines.put_back(Path(scratch, copies.DATABASE), now)
        for name in copies.OF_DATA_FOLDER:
            _put_back_file(Path(scratch, name), Path(settings.DATA_DIR, name), now)
    call_command("migrate", verbosity=0, interactive=False)
    verdict = verify()
    with transaction.atomic():
        record(Kind.BACKUP_RESTORED, by=None, file=path.name, made_at=manifest.made_at, line=manifest.line)
    return Restored(manifest, aside, verdict)


def _put_back_file(copy: Path, place: Path, now: datetime) -> None:
    if not copy.exists():
        return
    if place.exists():
        if place.read_bytes() == copy.read_bytes():
            return
        place.rename(place.with_name(f"{place.name}.before-{now:%Y%m%dT%H%M%S}"))
    shutil.copyfile(copy, place)
    place.chmod(0o600)
