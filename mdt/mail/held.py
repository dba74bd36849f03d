"""Messages that may not leave just now. Rooms above say which; the mail knows none of them."""

from collections.abc import Callable

from mdt.mail.models import Message

Holder = Callable[[Message], bool]
_holders: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """`holder(message)` says whether its e-mail has to wait. Asked when it is about to leave, not when it is posted."""
    if holder not in _holders:
        _holders.append(holder)


def is_held_back(message: Message) -> bool:
    return any(holder(message) for holder in _holders)
