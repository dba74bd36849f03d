"""What a person does with their messages."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from mdt.events import kinds as events
from mdt.events.chain import record
from mdt.mail.actions.names import case_of
from mdt.mail.kinds import MUTABLE
from mdt.mail.models import Enclosure, Entry, Muted
from mdt.people.actions import teams_of
from mdt.people.models import User


def open_entry(*, entry: Entry) -> None:
    """Take the mark of the unread off a message. That somebody read their own mail is no event."""
    Entry.objects.unread().filter(pk=entry.pk).update(opened_at=timezone.now())


def open_all(*, person: User) -> None:
    """Take the mark off all messages of a person."""
    Entry.objects.unread().filter(person=person).update(opened_at=timezone.now())


@transaction.atomic
def open_file(*, file: Enclosure, by: User) -> None:
    """Note that a file with clinical content was opened."""
    if file.is_clinical:
        message = file.message
        record(
            events.Kind.ATTACHMENT_OPENED,
            by=by,
            team=message.team,
            case=case_of(message),
            subject=message,
            file=file.name,
        )


@transaction.atomic
def choose_kinds(*, person: User, wanted: Iterable[str]) -> None:
    """Be told of these kinds among those that may be switched off, and of none of the others."""
    muted = {kind.value for kind in MUTABLE} - set(wanted)
    before = set(Muted.objects.select_for_update().filter(person=person).values_list("kind", flat=True))
    if muted == before:
        return
    Muted.objects.filter(person=person).exclude(kind__in=muted).delete()
    Muted.objects.bulk_create(Muted(person=person, kind=kind) for kind in sorted(muted - before))
    for team in teams_of(person):
        record(events.Kind.MESSAGE_KINDS_CHOSEN, by=person, team=team, subject=person, muted=sorted(muted))
