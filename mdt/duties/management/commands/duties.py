"""`manage.py duties`: what is waiting, what was given up; and another try for the latter."""

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count
from django.utils import timezone

from mdt.duties import actions
from mdt.duties.models import Duty


class Command(BaseCommand):
    help = "Count duties by kind and state, list those given up; --retry gives them another round."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="try again what was given up")

    def handle(self, *args: object, retry: bool, **options: object) -> None:
        if retry:
            self.stdout.write(f"{actions.try_failed_again(now=timezone.now())} duties will be tried again")
        counts = Duty.objects.order_by("kind", "state").values_list("kind", "state").annotate(Count("pk"))
        for kind, state, count in counts:
            self.stdout.write(f"{count:8} {state:8} {kind}")
        for duty in Duty.objects.filter(state=Duty.State.FAILED):
            self.stdout.write(f"given up: {duty} after {duty.attempts} attempts: {duty.last_error}")
