"""Signing the end of the log, and taking rows out of it by order."""

from collections.abc import Collection, Mapping
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from mdt.events import checkpoints, erasing
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import ChainHead, Checkpoint, ErasureWindow, Event

AT_ONCE = 500


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


Changes = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Label of the model → primary key → column → new value."""


@transaction.atomic
def erase(
    *,
    order: int,
    by,
    team,
    references: Collection[str],
    gone: erasing.Keys,
    changed: Changes,
    known_lines: Collection[int] = (),
    known_until: int = 0,
    subject: models.Model | None = None,
) -> Event:
    """Delete the rows `gone` and overwrite the columns `changed`, though they are written once; strip the lines of
    these cases and every line that names such a row; add the order's line. Returns that line.

    The only way past the guards. `known_lines` were found before (erasing.lines_naming) up to `known_until`, so that
    a long log is not read while others wait. Whoever calls it has checked that the order may be carried out.
    """
    ChainHead.objects.select_for_update().get_or_create(pk=1)  # nobody adds a line meanwhile
    touched = {label: {*gone.get(label, ()), *changed.get(label, ())} for label in {*gone, *changed}}
    numbers = {*known_lines, *erasing.lines_naming(touched, references, after=known_until)}
    window = ErasureWindow.objects.create(order=order)
    lines = _strip_lines(sorted(numbers), touched, references, order)
    counts = {label: _delete(apps.get_model(label), keys) for label, keys in sorted(gone.items()) if keys}
    for label, own in changed.items():
        for key, columns in own.items():
            models.QuerySet(apps.get_model(label)).filter(pk=key).update(**columns)
    window.delete()
    return record(
        Kind.PATIENT_ERASED,
        by=by,
        team=team,
        subject=subject,
        more_rows=erasing.named_after(gone, {label: set(own) for label, own in changed.items()}),
        order=order,
        cases=sorted(references),
        tables=counts,
        changed={label: len(own) for label, own in sorted(changed.items()) if own},
        lines=lines,
    )


def _strip_lines(numbers: list[int], touched: erasing.Keys, references: Collection[str], order: int) -> dict[str, str]:
    """Number of each line that was stripped → SHA-256 of what is left of it."""
    stripped = {}
    for begin in range(0, len(numbers), AT_ONCE):
        for event in Event.objects.filter(number__in=numbers[begin : begin + AT_ONCE]).order_by("number"):
            event.data, event.rows = erasing.left_of(event, touched, references, order)
            models.QuerySet(Event).filter(pk=event.pk).update(data=event.data, rows=event.rows)
            stripped[str(event.number)] = erasing.content_digest(event)
    return stripped


def _delete(model: type[models.Model], keys: Collection[str]) -> int:
    """Delete rows by key, past the models' own refusal and without what else would follow; how many there were."""
    keys, count = list(keys), 0
    for begin in range(0, len(keys), AT_ONCE):
        rows = models.QuerySet(model).filter(pk__in=keys[begin : begin + AT_ONCE])
        count += rows.count()
        rows._raw_delete(rows.db)
    return count
