"""Letters and minutes in a mailbox, and on their way, of a case whose data may only be stored."""

import re

from django.db.models import QuerySet

from cases.models import Case
from mdt.mail.kinds import Kind
from mdt.mail.models import Delivery, Message
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
    held = Delivery.objects.filter(state=Delivery.State.HELD).select_related("message__to").order_by("pk")
    return [each for each in held if _cases_in(each.message).filter(pk__in=cases.values("pk")).exists()]


def refuse_restricted_files(user: User, message: Message) -> None:
    """Raise Restricted for files of such a case, and for minutes that hold one, but for who opened it with a reason."""
    for case in _restricted_in(message):
        refuse_restricted(user, Permission.CASE_VIEW, case)


def has_to_wait(message: Message) -> bool:
    """Whether its e-mail stays here until the restriction ends. That somebody looked at restricted data is told."""
    return message.kind != Kind.EMERGENCY and _restricted_in(message).exists()
