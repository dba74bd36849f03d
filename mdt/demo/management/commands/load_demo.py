import os

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from mdt.demo.play import Play
from mdt.people.models import Team


class Command(BaseCommand):
    help = "Fill an empty installation with the demonstration: two teams, published cases under fictional names."

    def handle(self, *args, **options) -> None:
        password = os.environ.get("MDT_DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set MDT_DEMO_PASSWORD: the demonstration's people all sign in with it.")
        if Team.objects.exists():
            raise CommandError("There are teams already: the demonstration goes into an empty installation only.")
        with transaction.atomic():
            Play(password=password).perform()
        self.stdout.write("The demonstration is loaded.")
