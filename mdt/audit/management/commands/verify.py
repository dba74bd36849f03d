"""`manage.py verify`: whether the log and every row that it names are whole. For cron and without a browser."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mdt.events import checkpoints
from mdt.events.models import ChainHead
from mdt.events.verification import verify


class Command(BaseCommand):
    help = "Recompute the chain of the event log and the digest of every row. Exit code 1, naming each, on a fault."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--checkpoints", metavar="FILE", nargs="*", default=[], help="files with checkpoints that were kept outside"
        )
        parser.add_argument("--key", nargs="*", default=[], help="public keys, beside the installation's, to trust")

    def handle(self, *args, **options) -> None:
        try:
            outside = [each for file in options["checkpoints"] for each in checkpoints.read_all(Path(file).read_text())]
        except (OSError, UnicodeDecodeError, checkpoints.CheckpointError) as error:
            raise CommandError(f"These checkpoints cannot be read: {error}") from error
        verdict = verify(outside, options["key"])
        faults = [*map(str, verdict.faults), *verdict.checkpoint_faults]
        if verdict.broken_at is not None:
            broken = f"broken at line {verdict.broken_at}; {verdict.checked} lines before it are whole"
            faults.insert(0, broken)
        for each in verdict.erased:
            self.stdout.write(str(each))
        if faults:
            raise CommandError("\n".join(faults))
        head = ChainHead.objects.filter(pk=1).first()
        self.stdout.write(
            f"whole: {verdict.checked} lines; {verdict.rows_checked} rows; {verdict.checkpoints_checked} checkpoints; "
            f"last digest {head.digest if head else '-'}"
        )
