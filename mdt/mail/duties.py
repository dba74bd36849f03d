"""What messages leave to the worker: the e-mail, sent with no transaction open."""

from collections.abc import Callable
from functools import partial

from django.utils import timezone

from mdt.duties.registry import handles_outside
from mdt.mail import outgoing
from mdt.mail.actions import delivery as actions
from mdt.mail.held import is_held_back
from mdt.mail.models import Delivery


@handles_outside("send-message")
def send_message(delivery_id: int) -> Callable[[], None] | None:
    """Send one e-mail, unless it was sent, given up, or has to wait. Returns what is to be noted in the database."""
    delivery = Delivery.objects.select_related("message__to").get(pk=delivery_id)
    if delivery.state != Delivery.State.QUEUED:
        return None
    if is_held_back(delivery.message):
        return partial(actions.note_held, delivery=delivery)
    address = delivery.message.to.email if delivery.message.to_id else delivery.message.address
    if not address:
        return partial(actions.note_failed, delivery=delivery, reason=Delivery.NO_ADDRESS)
    try:
        outgoing.send(delivery.message, address)
    except outgoing.Refused as refusal:
        return partial(actions.note_failed, delivery=delivery, reason=str(refusal))
    except Exception as error:
        reason = outgoing.described(error)
        if timezone.now() - delivery.queued_at > actions.GIVEN_UP_AFTER:
            return partial(actions.note_failed, delivery=delivery, reason=reason)
        actions.note_attempt(delivery=delivery, reason=reason)
        raise
    return partial(actions.note_sent, delivery=delivery, address=address, now=timezone.now())
