"""Which function carries out which kind of duty.

An app declares its handlers in a module named `duties`, which is found by that name at start:

    @handles("send-letter")
    def send_letter(letter_id):
        actions.send_letter(letter=Letter.objects.get(pk=letter_id))

What comes round by itself, and is about no row, says how often: `@handles_regularly("follow-log", every=...)`.

What reaches outside the database, as a mail does, is declared apart, since no transaction may be held open meanwhile:

    @handles_outside("send-mail")
    def send_mail(mail_id):
        mail = Mail.objects.get(pk=mail_id)
        server.send(mail)
        return lambda: actions.note_sent(mail=mail)
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from django.db.models import Model

Handler = Callable[[int | str], object]
Note = Callable[[], object]
OutsideHandler = Callable[[int | str], Note | None]

_handlers: dict[str, Handler] = {}
_outside: set[str] = set()
_stale_after: dict[str, timedelta] = {}
_every: dict[str, timedelta] = {}

LONGEST_WAIT = timedelta(hours=1)
"""No failed attempt waits longer for the next one."""
STALE_AFTER = timedelta(minutes=10)
"""A duty claimed so long ago is its worker's no more, unless its kind says otherwise."""


class UnknownKind(LookupError):
    """No installed app carries out this kind of duty."""


class Unavailable(Exception):
    """A handler says: what this kind needs is away for everybody. All duties of the kind wait until it is back."""


def handles(kind: str, stale_after: timedelta = STALE_AFTER) -> Callable[[Handler], Handler]:
    """Register a function that takes the subject's id and carries out duties of this kind.

    It runs in a transaction together with the note that it is done; keep it short: SQLite has one writer. Whoever
    watches it need not wait long for another worker if this one dies: `stale_after` is far above what a round takes.
    """

    def register(handler: Handler) -> Handler:
        if stale_after != STALE_AFTER:
            _stale_after[kind] = stale_after
        if _handlers.setdefault(kind, handler) is not handler:
            raise ValueError(f"Two handlers for the duty {kind!r}: {_handlers[kind]!r} and {handler!r}.")
        return handler

    return register


def handles_outside(kind: str) -> Callable[[OutsideHandler], OutsideHandler]:
    """Register a function that takes the subject's id and has an effect outside the database, without a transaction.

    What it returns is carried out in one transaction with the note that the duty is done. A crash between the effect
    and that commit makes it run again: its effect must be one that the receiver knows as a repeat. It is never given
    up by the number of attempts: the function ends it, by noting in its own rows that it was in vain.
    """

    def register(handler: OutsideHandler) -> OutsideHandler:
        _outside.add(kind)
        return handles(kind)(handler)

    return register


def handles_regularly(
    kind: str, *, every: timedelta, is_outside: bool = False
) -> Callable[[Handler | OutsideHandler], Handler | OutsideHandler]:
    """Register a function that is carried out again and again, so long after the last time, without being owed.

    It belongs to no row: it is given the kind's own name. Given up after its attempts, it begins anew the next time.
    With `is_outside` it runs without a transaction, as `handles_outside` says.
    """

    def register(handler: Handler | OutsideHandler) -> Handler | OutsideHandler:
        _every[kind] = every
        return (handles_outside if is_outside else handles)(kind)(handler)

    return register


def regular_kinds() -> Mapping[str, timedelta]:
    """Kinds that come round by themselves, and after how long."""
    return dict(_every)


def outside_kinds() -> frozenset[str]:
    """Kinds whose effect lies outside the database."""
    return frozenset(_outside)


def stale_after(kind: str) -> timedelta:
    """How long a claim of this kind lasts."""
    return _stale_after.get(kind, STALE_AFTER)


def own_claims() -> Mapping[str, timedelta]:
    """Kinds whose claims last otherwise than `STALE_AFTER`."""
    return dict(_stale_after)


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
