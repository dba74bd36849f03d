"""Records of snapshots, from which a whole archive is replayed: build those that are missing or outdated."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.actions.records import pack_missing_records


class Command(BaseCommand):
    """Works in transactions of one chunk each: it may be stopped and started again at any time."""

    help = "Build the records of proposals that have none, or one of another vocabulary."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chunk", type=int, default=2000, help="proposals in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        while built := pack_missing_records(most=max(1, options["chunk"])):
            total += built
        self.stdout.write(f"{total} records built")
