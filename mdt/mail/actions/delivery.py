"""What becomes of an e-mail: sent, put off, given up, tried again."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.events import kinds as events
from mdt.events.chain import record
from mdt.mail import retried
from mdt.mail.actions.names import case_of, recipient_of
from mdt.mail.held import held_among, is_held_back
from mdt.mail.models import Delivery
from mdt.people.models import User

GIVEN_UP_AFTER = timedelta(days=3)


@transaction.atomic
def begin(*, delivery: Delivery) -> None:
    """Owe the e-mail; a worker sends it after the commit. Without a mail server it fails at once, and says so."""
    if settings.SMTP:
        owe(kind="send-message", subject=subject_of(delivery))
    else:
        delivery.state, delivery.reason = Delivery.State.FAILED, Delivery.NO_SERVER
        delivery.save(update_fields=["state", "reason", "changed_at"])


@transaction.atomic
def note_sent(*, delivery: Delivery, address: str, now: datetime) -> None:
    """The server has taken it."""
    current = _locked(delivery)
    if current.state == Delivery.State.SENT:
        return
    current.state, current.sent_at, current.sent_to, current.reason = Delivery.State.SENT, now, address, ""
    current.attempts += 1
    current.save()
    _record(events.Kind.MESSAGE_SENT, current, by=None)


@transaction.atomic
def note_attempt(*, delivery: Delivery, reason: str) -> None:
    """It could not be sent this time; the duty comes back."""
    current = _locked(delivery)
    current.attempts, current.reason = current.attempts + 1, reason[:200]
    current.save()


@transaction.atomic
def note_failed(*, delivery: Delivery, reason: str) -> None:
    """It will not be sent: shown to whoever looks after messages, who can have it tried again."""
    current = _locked(delivery)
    if current.state != Delivery.State.QUEUED:
        return
    current.state, current.reason = Delivery.State.FAILED, reason[:200]
    current.attempts += 1
    current.save()
    _record(events.Kind.MESSAGE_FAILED, current, by=None, reason=current.reason)


@transaction.atomic
def try_again(*, delivery: Delivery, by: User) -> None:
    """Send what was given up once more, or what is held back and may leave by now. What is sent or still waiting
    stays as it is."""
    current = _locked(delivery)
    if current.state == Delivery.State.HELD and not is_held_back(current.message):
        _let_go(current, by=by)
    if current.state != Delivery.State.FAILED:
        return
    current.state, current.reason, current.queued_at = Delivery.State.QUEUED, "", timezone.now()
    current.save()
    _record(events.Kind.MESSAGE_RETRIED, current, by=by)
    retried.tell(current.message, by)
    begin(delivery=current)


@transaction.atomic
def note_held(*, delivery: Delivery) -> None:
    """Its case's data may only be stored: the e-mail waits, and is owed anew by `let_go` or `try_again`."""
    current = _locked(delivery)
    if current.state != Delivery.State.QUEUED:
        return
    current.state, current.reason = Delivery.State.HELD, ""
    current.save()
    _record(events.Kind.MESSAGE_HELD, current, by=None)
    # With the end of the log locked: whoever lets go either sees this row, or was first and is seen here.
    if not is_held_back(current.message):
        _let_go(current, by=None)


@transaction.atomic
def hold(*, deliveries: Collection[Delivery], by: User | None) -> int:
    """Keep back those of these e-mails that still wait for the worker, until `let_go` or `try_again`. Returns how many.

    Call it before other lines of the log in the same transaction: who notes what became of an e-mail locks it first.
    """
    named = Delivery.objects.filter(pk__in=[each.pk for each in deliveries], state=Delivery.State.QUEUED)
    queued = list(named.select_for_update(of=("self",)).select_related("message__to", "message__team").order_by("pk"))
    for delivery in queued:
        delivery.state, delivery.reason = Delivery.State.HELD, ""
        delivery.save()
        _record(events.Kind.MESSAGE_HELD, delivery, by=by)
    return len(queued)


@transaction.atomic
def let_go(*, deliveries: Collection[Delivery], by: User | None) -> int:
    """Owe those of these e-mails that were held back and may leave now. Returns how many.

    Call it after the lines of the log that say why they may leave: their lock keeps out who holds back just now.
    """
    named = Delivery.objects.filter(pk__in=[each.pk for each in deliveries], state=Delivery.State.HELD)
    held = named.select_for_update(of=("self",)).order_by("pk")
    found = list(held.select_related("message__to", "message__team"))
    waiting = held_among([each.message for each in found])
    going = [each for each in found if each.message_id not in waiting]
    for delivery in going:
        _let_go(delivery, by)
    return len(going)


def _let_go(delivery: Delivery, by: User | None) -> None:
    delivery.state, delivery.queued_at = Delivery.State.QUEUED, timezone.now()
    delivery.save()
    _record(events.Kind.MESSAGE_LET_GO, delivery, by=by)
    begin(delivery=delivery)


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("message__to", "message__team")
        .get(pk=delivery.pk)
    )


def _record(kind: events.Kind, delivery: Delivery, *, by: User | None, **data: object) -> None:
    message = delivery.message
    record(
        kind,
        by=by,
        team=message.team,
        case=case_of(message),
        subject=message,
        message=message.kind,
        to=recipient_of(message),
        **data,
    )
