"""Which function carries out which kind of duty.

An app declares its handlers in a module named `duties`, which is found by that name at start:

    @handles("send-letter")
    def send_letter(letter_id):
        actions.send_letter(letter=Letter.objects.get(pk=letter_id))
"""

from collections.abc import Callable

from django.db.models import Model

Handler = Callable[[int | str], object]

_handlers: dict[str, Handler] = {}


class UnknownKind(LookupError):
    """No installed app carries out this kind of duty."""


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register a function that takes the subject's id and carries out duties of this kind.

    It runs in a transaction together with the note that it is done; keep it short: SQLite has one writer.
    After a crash it runs again: an effect outside the database (a mail) may happen twice.
    """

    def register(handler: Handler) -> Handler:
        if _handlers.setdefault(kind, handler) is not handler:
            raise ValueError(f"Two handlers for the duty {kind!r}: {_handlers[kind]!r} and {handler!r}.")
        return handler

    return register


def handler_of(kind: str) -> Handler:
    """The function registered for a kind. Raises UnknownKind, naming the kinds there are."""
    try:
        return _handlers[kind]
    except KeyError:
        known = ", ".join(sorted(_handlers))
        raise UnknownKind(f"No handler for the duty {kind!r}; known: {known}.") from None


def subject_of(instance: Model) -> str:
    """How a duty names the row it is about: 'meetings.Decision:12'."""
    return f"{instance._meta.label}:{instance.pk}"


def subject_id(subject: str) -> int | str:
    """The id in a subject: a number where it is one, else text (a UUID, say)."""
    text = subject.rpartition(":")[2]
    return int(text) if text.isdecimal() else text
