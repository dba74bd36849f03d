"""`manage.py checkpoint`: signs the end of the event log and prints the line that is to be kept outside."""

from django.core.management.base import BaseCommand

from mdt.events import checkpoints
from mdt.events.actions import sign_end


class Command(BaseCommand):
    help = "Sign where the event log ends now, print it, and append it to the file of checkpoints."

    def handle(self, *args, **options) -> None:
        self.stdout.write(str(sign_end()))
        self.stderr.write(f"public key: {checkpoints.public_key()}")
