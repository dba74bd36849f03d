"""`manage.py offices`: who holds the offices that are kept apart. For cron, and before an inspection."""

from django.core.management.base import BaseCommand, CommandError

from mdt.people.roster import offices


class Command(BaseCommand):
    help = "List who holds which office. Exit code 1, naming them, where a person who can sign in holds two."

    def handle(self, *args, **options) -> None:
        held = offices()
        for person, names in held.items():
            self.stdout.write(f"{', '.join(names)}: {person.username}")
        two = [person.username for person, names in held.items() if len(names) > 1]
        if two:
            raise CommandError(f"two offices: {', '.join(two)}")
