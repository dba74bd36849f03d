"""The Celery tasks: carry out what is due (woken after a commit, and by beat), and owe what comes round by itself."""

import logging
import traceback

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from mdt.duties import actions, registry
from mdt.duties.models import Duty

log = logging.getLogger(__name__)

MOST_IN_A_ROUND = 500


# A message only says "look": an old one adds nothing, and need not pile up behind a stopped worker.
@shared_task(expires=60)
def work_off_due_duties() -> int:
    """Carry out what is due, one duty after the other. Returns how many were begun."""
    for begun in range(MOST_IN_A_ROUND):
        # Claimed one at a time: a duty claimed in advance would grow stale behind a slow one.
        claimed = actions.claim_due(now=timezone.now(), limit=1)
        if not claimed:
            return begun
        carry_out(claimed[0])
    actions.wake()
    return MOST_IN_A_ROUND


@shared_task(expires=60)
def look_round() -> int:
    """What beat asks for: put down what comes round by itself, carry out what is due. Returns how many were begun."""
    actions.owe_regular(now=timezone.now())
    return work_off_due_duties()


def carry_out(duty: Duty) -> None:
    """Run a claimed duty's handler and note the outcome: effect and note in one transaction.

    An effect outside the database comes first, with no transaction open; its note is in the transaction.
    """
    try:
        handler, subject = registry.handler_of(duty.kind), registry.subject_id(duty.subject)
        note = handler(subject) if duty.kind in registry.outside_kinds() else lambda: handler(subject)
        with transaction.atomic():
            if note is not None:
                note()
            actions.mark_done(duty=duty, now=timezone.now())
    except registry.Unavailable as error:
        log.warning("duty %s %s waits (attempt %s): %s", duty.pk, duty.kind, duty.attempts, error)
        actions.mark_unavailable(duty=duty, error=describe(error), now=timezone.now())
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the other duties must go on
        said = describe(error)
        # Frames without the message's further lines: a database driver puts the values of a row there.
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("duty %s %s failed (attempt %s): %s\n%s", duty.pk, duty.kind, duty.attempts, said, where)
        actions.mark_failed(duty=duty, error=said, now=timezone.now())


def describe(error: Exception) -> str:
    """What of an error may be kept: its class and its message's first line (the rest may name a patient)."""
    first_line = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first_line}"[:200]
