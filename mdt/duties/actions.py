"""Every write to the table of duties: owe, claim, note the outcome."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from kombu.exceptions import KombuError, OperationalError

from mdt.clocks import CLOCK_SLACK
from mdt.duties import registry
from mdt.duties.models import Duty

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), registry.LONGEST_WAIT


class ClaimLost(Exception):
    """The duty took so long that it was given to another worker."""


@transaction.atomic
def owe(*, kind: str, subject: str, due_at: datetime | None = None) -> None:
    """Put down that something is to be done, now or at `due_at`; part of the caller's transaction.

    Owing what is open already adds nothing: an earlier `due_at` brings it forward. If a worker is at it now,
    it comes round once more, since that worker may not have seen what the caller is about to commit.
    """
    registry.handler_of(kind)  # a misspelt kind fails here, not later in the worker
    now = timezone.now()
    due_at = due_at or now
    for _ in range(3):
        # The open row stays locked until the caller commits: no worker takes it before the caller's data can
        # be seen.
        duty = Duty.objects.select_for_update().open().filter(kind=kind, subject=subject).first()
        if duty is not None:
            _owe_again(duty, due_at)
            break
        try:
            with transaction.atomic():
                Duty.objects.create(kind=kind, subject=subject, due_at=due_at)
            break
        except IntegrityError:
            log.debug("another transaction owed %s at the same moment; looking again", kind)
    else:
        raise RuntimeError(f"The duty {kind!r} kept appearing and vanishing; it could not be written down.")
    if due_at <= now:
        _wake_after_commit()


def _owe_again(duty: Duty, due_at: datetime) -> None:
    if duty.state == Duty.State.WAITING:
        if due_at < duty.due_at:
            duty.due_at = due_at
            duty.save(update_fields=["due_at"])
    elif duty.owed_again_at is None or due_at < duty.owed_again_at:
        duty.owed_again_at = due_at
        duty.save(update_fields=["owed_again_at"])


def _wake_after_commit() -> None:
    """One message for a transaction, however many duties it owes."""
    if all(function is not wake for _, function, *_ in connection.run_on_commit):
        transaction.on_commit(wake)


def wake() -> None:
    """Tell the worker that something is due. If no message gets through, beat's next round finds the row."""
    from mdt.duties.tasks import work_off_due_duties

    try:
        work_off_due_duties.apply_async(retry=False)
    except (OperationalError, KombuError, OSError) as error:
        log.warning("the worker could not be woken (%s); beat will find what is due", type(error).__name__)


@transaction.atomic
def owe_regular(*, now: datetime) -> list[str]:
    """Owe what comes round by itself and has not for as long as its kind says. Returns the kinds; a row each, ever."""
    owed = []
    for kind, every in registry.regular_kinds().items():
        last = Duty.objects.filter(kind=kind, subject=kind).order_by("-pk").first()
        if last is None:
            owe(kind=kind, subject=kind, due_at=now)
        elif last.state in Duty.OPEN or now - every < (last.done_at or last.due_at) <= now + CLOCK_SLACK:
            continue
        else:
            again = Duty.objects.filter(pk=last.pk, state=last.state)  # of two at once only one finds it so
            if not again.update(state=Duty.State.WAITING, due_at=now, attempts=0, done_at=None):
                continue
            _wake_after_commit()
        owed.append(kind)
    return owed


@transaction.atomic
def claim_due(*, now: datetime, limit: int) -> list[Duty]:
    """Take up to `limit` duties that are due, oldest first, so that no other worker takes them.

    An abandoned duty is taken too, unless it has brought down its worker too often: then it has failed.
    """
    Duty.objects.abandoned(now).filter(attempts__gte=MOST_ATTEMPTS).exclude(kind__in=registry.outside_kinds()).update(
        state=Duty.State.FAILED, claimed_at=None, last_error="The worker ended while it was at this duty."
    )
    due = Duty.objects.claimable(now)
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    claimed = []
    for duty in due[:limit]:
        # The condition is repeated: where rows cannot be locked, only one of two workers changes the row.
        taken = Duty.objects.claimable(now).filter(pk=duty.pk)
        if taken.update(state=Duty.State.CLAIMED, claimed_at=now, attempts=duty.attempts + 1):
            duty.state, duty.claimed_at, duty.attempts = Duty.State.CLAIMED, now, duty.attempts + 1
            claimed.append(duty)
    return claimed


def mark_done(*, duty: Duty, now: datetime) -> None:
    """Note that a claimed duty is carried out. Raises ClaimLost if it is another worker's by now."""
    current = _held(duty)
    if current is None:
        raise ClaimLost(f"{duty.kind} was given to another worker.")
    current.claimed_at, current.last_error = None, ""
    if current.owed_again_at is None:
        current.state, current.done_at = Duty.State.DONE, now
    else:
        current.state, current.due_at, current.owed_again_at = Duty.State.WAITING, current.owed_again_at, None
        current.attempts = 0
    current.save()


@transaction.atomic
def mark_failed(*, duty: Duty, error: str, now: datetime) -> None:
    """Note a failed attempt: the duty comes back after a growing wait, and is given up after the last one."""
    current = _held(duty)
    if current is None:
        return
    current.claimed_at, current.last_error = None, error[:200]
    if current.attempts >= MOST_ATTEMPTS and current.kind not in registry.outside_kinds():
        current.state = Duty.State.FAILED
    else:
        current.state = Duty.State.WAITING
        current.due_at = now + wait_after(current.attempts)
    current.save()


def wait_after(attempts: int) -> timedelta:
    """How long a duty waits after so many failed attempts: 30 s, doubled each time, an hour at most."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 10), LONGEST_WAIT)


@transaction.atomic
def mark_unavailable(*, duty: Duty, error: str, now: datetime) -> None:
    """Note a failed attempt whose reason holds for the whole kind: what is due before its next turn waits with it,
    so that a server that is away costs one attempt a round and not one for each duty."""
    mark_failed(duty=duty, error=error, now=now)
    Duty.objects.filter(kind=duty.kind, state=Duty.State.WAITING, due_at__lt=now + wait_after(duty.attempts)).update(
        due_at=now + wait_after(duty.attempts)
    )


def _held(duty: Duty) -> Duty | None:
    """The duty's row, locked, while this claim still holds."""
    return Duty.objects.select_for_update().filter(pk=duty.pk, claimed_at=duty.claimed_at).first()


@transaction.atomic
def try_failed_again(*, now: datetime) -> int:
    """Give every duty that was given up another round of attempts. Returns how many there were."""
    count = 0
    for duty in Duty.objects.select_for_update().filter(state=Duty.State.FAILED):
        if Duty.objects.open().filter(kind=duty.kind, subject=duty.subject).exists():
            continue  # it has been owed anew meanwhile
        duty.state, duty.due_at, duty.attempts = Duty.State.WAITING, now, 0
        duty.save()
        count += 1
    if count:
        _wake_after_commit()
    return count
