from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from mdt.demo.duties import begin
from mdt.demo.year.playing import Playing
from mdt.demo.year.script import RATES, Script
from mdt.people.models import Team


class Command(BaseCommand):
    help = "Add one more team with a synthetic year of meetings, for the pages of the audit. The worker plays it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", action="store_true", help="play it here and wait, instead of leaving it to the worker"
        )
        parser.add_argument("--weeks", type=int, help="a shorter year, ending yesterday")

    def handle(self, *args: object, now: bool, weeks: int | None, **options: object) -> None:
        if Team.objects.filter(code=RATES["team"]["code"]).exists():
            raise CommandError("The synthetic year is there already.")
        if not now:
            begin(timezone.localdate(), weeks)
            self.stdout.write("The worker plays the synthetic year; its team appears when it is complete.")
            return
        script, number = Script(timezone.localdate(), weeks), 0
        while number < len(script.deeds):
            with transaction.atomic():
                number = Playing(script).play(number, seconds=10)
        self.stdout.write(f"The synthetic year is there: {len(script.fates)} cases, {len(script.meetings)} meetings.")
