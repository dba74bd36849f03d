"""A form counts once, however often it is sent: the row that says so is written with the effect, or not at all.

mdt.once says which form the present request brings; the first line of the log that comes of it takes the form. Of two
identical ones at the same moment the second waits at the end of the log, finds it taken, and is undone as a whole.
"""

import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field

from mdt.events.models import SentForm


@dataclass(frozen=True)
class Sending:
    """One arrival of a form. `key` is the same for each arrival of the same form with the same entries."""

    key: str
    request: str = field(default_factory=lambda: uuid.uuid4().hex)


class SentBeforeError(Exception):
    """The same form has had its effect, by another request."""


present: ContextVar[Sending | None] = ContextVar("present form", default=None)


def take() -> None:
    """Inside the transaction of an effect, with the end of the log locked. Raises SentBeforeError."""
    sending = present.get()
    if sending is None:
        return
    row, _is_new = SentForm.objects.get_or_create(key=sending.key, defaults={"request": sending.request})
    if row.request != sending.request:
        raise SentBeforeError


def taken_by_another(sending: Sending) -> SentForm | None:
    return SentForm.objects.filter(key=sending.key).exclude(request=sending.request).first()


def keep_answer(sending: Sending, answer: str) -> None:
    """Where a second arrival is led: the same way as the first."""
    length = SentForm._meta.get_field("answer").max_length
    if answer and len(answer) <= length:
        SentForm.objects.filter(key=sending.key, request=sending.request).update(answer=answer)


def give_back(sending: Sending) -> None:
    """The request was refused after all, with a line about the refusal: the form may be sent again."""
    SentForm.objects.filter(key=sending.key, request=sending.request).delete()
