"""Messages that may not leave just now. Rooms above say which; the mail knows none of them."""

from collections.abc import Callable, Sequence

from mdt.mail.models import Message

Holder = Callable[[Sequence[Message]], set[int]]
_holders: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """`holder(messages)`: the ids of those whose e-mail has to wait. Asked when they are about to leave, not when they
    are posted, and once for all of a page."""
    if holder not in _holders:
        _holders.append(holder)


def held_among(messages: Sequence[Message]) -> set[int]:
    """The ids of those that have to wait."""
    return set().union(*(holder(messages) for holder in _holders)) if messages else set()


def is_held_back(message: Message) -> bool:
    return message.pk in held_among([message])
