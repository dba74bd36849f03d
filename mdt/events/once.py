"""A form counts once, however often it is sent: the row that says so is written with the effect, or not at all.

mdt.once says which form the present request brings; the first line of the log that comes of it takes the form. Of two
identical ones at the same moment the second waits at the end of the log, finds it taken, and is undone as a whole.
"""

import time
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from mdt.events.models import SentForm

PATIENCE_SECONDS, LOOK_EVERY_SECONDS = 3.0, 0.05
"""How long a second arrival waits for the answer of the first, which has counted and is being written to its sender."""
NEVER_ANSWERED = timedelta(minutes=1)
"""A mark that is older has no answer to come: the web server was ended, or the database away, behind the effect."""


@dataclass(frozen=True)
class Sending:
    """One arrival of a form. `key` is the same for each arrival of the same form with the same entries."""

    key: str
    request: str = field(default_factory=lambda: uuid.uuid4().hex)


BROKE = "broke"
"""In place of an answer: a line of the log was written, and then the program broke or ended. Whether what the form asks
for was done nobody here can say: the line may say no more than that somebody looked."""


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
    """Where a second arrival is led: the same way as the first; "" where that was nowhere; BROKE."""
    fits = len(answer) <= SentForm._meta.get_field("answer").max_length
    mine = SentForm.objects.filter(key=sending.key, request=sending.request)
    mine.update(answer=answer if fits else "", is_answered=True)


def answered_by_another(sending: Sending) -> SentForm | None:
    """What became of a form that another request took: waits some seconds for its answer.

    None where that request was refused, so that the form has not counted. `is_answered` is False where the answer is
    not known after that time, and may still come.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    while (before := taken_by_another(sending)) is not None:
        if not before.is_answered and timezone.now() - before.at > NEVER_ANSWERED:
            before.is_answered, before.answer = True, BROKE
        if before.is_answered or time.monotonic() >= until:
            break
        time.sleep(LOOK_EVERY_SECONDS)
    return before


def give_back(sending: Sending) -> None:
    """The request was refused after all, with a line about the refusal: the form may be sent again."""
    SentForm.objects.filter(key=sending.key, request=sending.request).delete()


def prune(*, before: datetime) -> int:
    """Forget forms that counted before this time. Returns how many.

    One of them that is sent once more after that is met by the action's own rule, as a form from a page that was
    opened later is.
    """
    return SentForm.objects.filter(at__lt=before).delete()[0]
