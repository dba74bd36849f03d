"""Who is told that an e-mail which was given up is sent after all. Rooms above say; the mail knows none of them."""

from collections.abc import Callable

from mdt.mail.models import Message
from mdt.people.models import User

Listener = Callable[[Message, User], None]
_listeners: list[Listener] = []


def register_listener(listener: Listener) -> None:
    """`listener(message, by)` is called in the transaction in which it is owed anew."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(message: Message, by: User) -> None:
    for listener in _listeners:
        listener(message, by)
