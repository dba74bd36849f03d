"""`manage.py remove_second_factor USERNAME`: for somebody whom no administrator can help, on the machine itself."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mdt.people.actions import remove_second_factor, revoke_sessions_of
from mdt.people.models import User


class Command(BaseCommand):
    help = (
        "Takes a person's second factor away and ends their sessions. The event log shows it, without a name behind it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args, username: str, **options) -> None:
        person = User.objects.filter(username=username).first()
        if person is None:
            raise CommandError(f"Nobody has the user name {username!r}.")
        remove_second_factor(person=person, by=None)
        revoke_sessions_of(person=person, by=None)
        self.stdout.write(f"{username} has no second factor any more; the next sign-in asks for the password alone.")
