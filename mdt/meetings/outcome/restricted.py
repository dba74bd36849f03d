"""Letters and minutes in a mailbox, and on their way, of a case whose data may only be stored."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from cases.models import Case
from mdt.events.kinds import Kind as EventKind
from mdt.events.models import Event
from mdt.mail.kinds import Kind
from mdt.mail.models import Delivery, Message
from mdt.meetings.models import AgendaItem
from mdt.people.models import User
from mdt.people.permissions import Permission, refuse_restricted

MINUTES = re.compile(r"minutes:(\d+):\d+(?::without:([\d,]+))?\Z")
"""The key of minutes in a mailbox: meeting, person, and the cases that were restricted then and are not in them."""


def key_of_minutes(meeting: int, person: int, withheld: frozenset[int]) -> str:
    """`withheld`: ids of the cases that these minutes leave out."""
    without = ",".join(map(str, sorted(withheld)))
    return f"minutes:{meeting}:{person}" + (f":without:{without}" if without else "")


def withheld_in(key: str) -> frozenset[int]:
    """The cases that minutes with this key leave out."""
    said = MINUTES.match(key)
    return frozenset(map(int, said[2].split(","))) if said and said[2] else frozenset()


def _cases_in(message: Message) -> QuerySet[Case]:
    cases = Case.objects.order_by("pk")
    if minutes := MINUTES.match(message.key):
        named = cases.filter(agenda_items__meeting=int(minutes[1])).distinct()
        return named.exclude(pk__in=withheld_in(message.key))
    return cases.filter(reference=message.case_reference or "-")


def _restricted_in(message: Message) -> QuerySet[Case]:
    return _cases_in(message).filter(is_restricted=True)


def held_of(cases: QuerySet[Case]) -> list[Delivery]:
    """The e-mails with one of these cases that are held back, in order."""
    return _deliveries_of(cases, Delivery.State.HELD)


def queued_of(cases: QuerySet[Case]) -> list[Delivery]:
    """The e-mails with one of these cases that the worker has not come to, in order."""
    queued = _deliveries_of(cases, Delivery.State.QUEUED)
    return [each for each in queued if each.message.kind != Kind.EMERGENCY]


def _deliveries_of(cases: QuerySet[Case], state: str) -> list[Delivery]:
    at: dict[int, set[int]] = {}  # meeting → those of the cases that were on its agenda
    for meeting, case in AgendaItem.objects.filter(case__in=cases).order_by("pk").values_list("meeting", "case"):
        at.setdefault(meeting, set()).add(case)
    named = Q(message__case_reference__in=cases.order_by("pk").values("reference"))
    for meeting in at:
        named |= Q(message__key__startswith=f"minutes:{meeting}:")
    found = Delivery.objects.filter(named, state=state).select_related("message__to").order_by("pk")
    return [each for each in found if _names_one(each.message, at)]


def _names_one(message: Message, at: dict[int, set[int]]) -> bool:
    minutes = MINUTES.match(message.key)
    return minutes is None or bool(at.get(int(minutes[1]), set()) - withheld_in(message.key))


def waits_for_word(references: Iterable[str], since: datetime) -> bool:
    """Whether a restriction of one of these cases ended since then without anybody saying that what had waited leaves
    as it is: what is written of it now, for something done before, waits as well."""
    lines = Event.objects.filter(kind=EventKind.RESTRICTION_LIFTED, case_reference__in=list(references), at__gte=since)
    latest = {line.case_reference: line for line in lines.order_by("number")}
    return any(line.data.get("sends_held") is not True for line in latest.values())


def refuse_restricted_files(user: User, message: Message) -> None:
    """Raise Restricted for files of such a case, and for minutes that hold one, but for who opened it with a reason."""
    for case in _restricted_in(message):
        refuse_restricted(user, Permission.CASE_VIEW, case)


def that_have_to_wait(messages: Sequence[Message]) -> set[int]:
    """Ids of those whose e-mail stays here until the restriction ends; that somebody looked at the data is told."""
    asked = [message for message in messages if message.kind != Kind.EMERGENCY]
    minutes = {message.pk: int(found[1]) for message in asked if (found := MINUTES.match(message.key))}
    references = {message.case_reference for message in asked if message.pk not in minutes} - {""}
    restricted = Case.objects.filter(is_restricted=True).order_by("pk")
    named = (
        set(restricted.filter(reference__in=references).values_list("reference", flat=True)) if references else set()
    )
    at: dict[int, set[int]] = {}
    if minutes:
        items = AgendaItem.objects.filter(meeting__in=set(minutes.values()), case__is_restricted=True).order_by("pk")
        for meeting, case in items.values_list("meeting", "case"):
            at.setdefault(meeting, set()).add(case)
    return {
        message.pk
        for message in asked
        if (_names_one(message, at) if message.pk in minutes else message.case_reference in named)
    }
