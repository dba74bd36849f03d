"""The rows that the audit counts, derived again from what was recorded."""

from typing import Any

from django.core.management.base import BaseCommand

from mdt.audit.rows.actions import rebuild


class Command(BaseCommand):
    help = "Derive the audit's rows again from decisions, reports and the event log. Changes nothing else."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{rebuild()} rows.")
