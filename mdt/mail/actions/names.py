"""How the event log names what a message is about and whom it is for."""

from typing import NamedTuple

from mdt.mail.models import Message
from mdt.people.models import Team


class CaseName(NamedTuple):
    """A case as the event log names it."""

    reference: str
    team: Team | None


def case_of(message: Message) -> CaseName | None:
    return CaseName(message.case_reference, message.team) if message.case_reference else None


def recipient_of(message: Message) -> str:
    """The user name, or the domain of an address outside: an address is personal and stays out of the log."""
    return message.to.username if message.to_id else message.address.rpartition("@")[2]
