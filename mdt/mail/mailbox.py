"""Reading: one's own messages, newest first, and what could not be sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from mdt.mail.held import held_among
from mdt.mail.models import Delivery, Entry
from mdt.people.models import User
from mdt.people.permissions import Permission, teams_with

A_PAGE = 30


@dataclass(frozen=True)
class Page:
    """Some entries, and the number to ask for those before them (None: there are none)."""

    entries: Sequence[Entry]
    older_than: int | None


def page_of(person: User, before: int | None) -> Page:
    entries = Entry.objects.filter(person=person).select_related("message")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    # Django drops an order by Meta from a query that counts: it has to be said here
    counted = entries.defer("message__body").annotate(files=Count("message__enclosures")).order_by("-pk")
    found = list(counted[: A_PAGE + 1])
    return Page(found[:A_PAGE], found[A_PAGE - 1].pk if len(found) > A_PAGE else None)


def unsent_for(user: User) -> QuerySet[Delivery]:
    """E-mails given up, held back or tried in vain, of the teams whose messages this person looks after."""
    teams = teams_with(user, Permission.MAIL_MANAGE)
    theirs = Q(message__team__in=teams) | Q(message__team=None, message__to__memberships__team__in=teams)
    if user.is_superuser:
        theirs |= Q(message__team=None)
    unsent = Q(state__in=(Delivery.State.FAILED, Delivery.State.HELD)) | Q(state=Delivery.State.QUEUED, attempts__gt=0)
    return (
        Delivery.objects.filter(theirs, unsent)
        .select_related("message__to", "message__team")
        .defer("message__body")
        .distinct()
    )


def that_may_leave(deliveries: Iterable[Delivery]) -> set[int]:
    """Ids of those that were held back and wait only for somebody to send them."""
    held = [each for each in deliveries if each.state == Delivery.State.HELD]
    waiting = held_among([each.message for each in held])
    return {each.pk for each in held if each.message_id not in waiting}
