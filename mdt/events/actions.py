"""Signing the end of the log."""

from django.db import transaction
from django.utils import timezone

from mdt.events import checkpoints
from mdt.events.models import ChainHead, Checkpoint


@transaction.atomic
def sign_end() -> checkpoints.Signed:
    """Sign where the log ends now, and write it to the file of checkpoints after the commit. The signature is the
    proof: no line of the log is added, so that an idle log has one checkpoint and not one a day."""
    head, _created = ChainHead.objects.select_for_update().get_or_create(pk=1)
    newest = Checkpoint.objects.first()
    if newest is None or (newest.number, newest.key) != (head.number, checkpoints.public_key()):
        signed = checkpoints.sign(head.number, head.digest, timezone.now())
        newest = Checkpoint.objects.create(**{**vars(signed), "at": signed.at})
        newest.refresh_from_db()
    transaction.on_commit(checkpoints.publish, robust=True)
    return checkpoints.of_row(newest)
