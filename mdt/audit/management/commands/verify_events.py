"""`manage.py verify_events`: whether the event log is whole. For cron and for the auditor without a browser."""

from django.core.management.base import BaseCommand, CommandError

from mdt.events.chain import verify
from mdt.events.models import ChainHead


class Command(BaseCommand):
    help = "Recompute the chain of the event log. Exit code 1, and the number of the line, where it is broken."

    def handle(self, *args, **options) -> None:
        verdict = verify()
        if not verdict.is_whole:
            raise CommandError(f"broken at line {verdict.broken_at}; {verdict.checked} lines before it are whole")
        head = ChainHead.objects.filter(pk=1).first()
        self.stdout.write(f"whole: {verdict.checked} lines; last digest {head.digest if head else '-'}")
