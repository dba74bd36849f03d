"""What an erasure reaches: every row that belongs to a patient, found by the keys between tables.

A table that is added later and points at a case, or at anything of a case, is reached without a word here; what does
not point there by a key is listed below, and tests/privacy looks for the patient in every column afterwards.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, FindingDraft, Patient
from mdt.audit.models import AuditPack, AuditRow
from mdt.audit.packs.models import PackFile
from mdt.duties.models import Duty
from mdt.events.models import SentForm
from mdt.mail.models import Enclosure, Message
from mdt.meetings.models import AgendaItem, DeskDraft, Document, Sitting
from mdt.people.models import EmergencyAccess, RestrictedOpening

_A_DAY = timedelta(days=1)


class Part(models.TextChoices):
    """What an order may erase: everything, or what is not the record itself."""

    RECORD = "record", _("case record, and with it everything else")
    COPIES = "copies", _("copies: letters and minutes as made, messages, audit packs")
    DRAFTS = "drafts", _("drafts that were never recorded")


STAYS = (Sitting,)
"""Points at a case, and stays without it: the clock of a meeting that other cases sat in."""


@dataclass
class Reach:
    """Rows to delete, and columns to overwrite, by label of the model and key as text."""

    references: list[str]
    gone: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    changed: dict[str, dict[str, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))

    def take(self, rows: models.QuerySet) -> list:
        """Mark these rows as gone; the keys of those that were not marked before."""
        label = rows.model._meta.label
        new = [key for key in rows.values_list("pk", flat=True) if str(key) not in self.gone[label]]
        self.gone[label].update(map(str, new))
        return new

    def take_with_all(self, rows: models.QuerySet) -> None:
        """These rows, and whatever points at them, and at that."""
        waiting = [(rows.model, self.take(rows))]
        while waiting:
            model, keys = waiting.pop()
            for other, name in _pointing_at(model) if keys else ():
                for some in _in_parts(keys):
                    waiting.append((other, self.take(models.QuerySet(other).filter(**{f"{name}__in": some}))))

    @property
    def keys(self) -> dict[str, set[str]]:
        """All rows that are touched."""
        labels = {*self.gone, *self.changed}
        return {label: {*self.gone.get(label, ()), *self.changed.get(label, ())} for label in labels}

    def count(self) -> dict[str, int]:
        return {label: len(keys) for label, keys in sorted(self.gone.items()) if keys}


def _pointing_at(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    for other in apps.get_models():
        for column in other._meta.concrete_fields:
            if column.is_relation and column.related_model is model and other not in STAYS:
                yield other, column.name


def _in_parts(keys: list, size: int = 500) -> Iterator[list]:
    for begin in range(0, len(keys), size):
        yield keys[begin : begin + size]


def cases_of(patient_id: int) -> models.QuerySet[Case]:
    return Case.objects.filter(patient_id=patient_id).order_by("pk")


def reach_of(patient_id: int, parts: Iterable[str], *, order: int) -> Reach:
    """What an order with these parts reaches now."""
    parts = set(parts)
    cases = list(cases_of(patient_id))
    reach = Reach([case.reference for case in cases])
    items = AgendaItem.objects.filter(case__in=cases)
    if Part.DRAFTS in parts or Part.RECORD in parts:
        reach.take_with_all(FindingDraft.objects.filter(case__in=cases))
        reach.take_with_all(DeskDraft.objects.filter(item__in=items))
    if Part.COPIES in parts or Part.RECORD in parts:
        _reach_copies(reach, cases, items, order, is_all=Part.RECORD in parts)
    if Part.RECORD in parts:
        reach.take_with_all(Patient.objects.filter(pk=patient_id))
        reach.take(AuditRow.objects.filter(case_id__in=[case.pk for case in cases]))
        for key in Sitting.objects.filter(item__in=items).values_list("pk", flat=True):
            reach.changed["meetings.Sitting"][str(key)] = {"what": Sitting.What.NOTHING, "item_id": None}
        openings = RestrictedOpening.objects.filter(case_reference__in=reach.references)
        for key in openings.values_list("pk", flat=True):
            reach.changed["people.RestrictedOpening"][str(key)] = {"reason": _placeholder(order)}
        accesses = EmergencyAccess.objects.filter(case_reference__in=reach.references)
        for key in accesses.values_list("pk", flat=True):
            reach.changed["people.EmergencyAccess"][str(key)] = {"reason": _placeholder(order)}
        for reference in reach.references:
            reach.take(SentForm.objects.filter(answer__contains=f"/{reference}/"))
    subjects = [f"{label}:{key}" for label, keys in reach.gone.items() for key in keys]
    for some in _in_parts(subjects):
        reach.take(Duty.objects.filter(subject__in=some))
    return reach


def _reach_copies(reach: Reach, cases: list[Case], items: models.QuerySet, order: int, *, is_all: bool) -> None:
    """Papers and messages of the cases, and of their meetings what holds them together with others."""
    meetings = list(items.values_list("meeting_id", flat=True).distinct())
    reach.take(Document.objects.filter(Q(decision__case__in=cases) | Q(meeting__in=meetings)))
    own = Message.objects.filter(case_reference__in=reach.references)
    if is_all:
        reach.take_with_all(own)
    else:  # that somebody was told is record: only what was written to them goes
        reach.take(Enclosure.objects.filter(message__in=own))
        for key in own.values_list("pk", flat=True):
            reach.changed["mail.Message"][str(key)] = {"subject": _placeholder(order), "body": _placeholder(order)}
    for meeting in meetings:  # minutes that were sent hold the cases of a whole meeting
        reach.take(Enclosure.objects.filter(message__key__startswith=f"minutes:{meeting}:"))
    for reference in reach.references:
        others = Message.objects.exclude(case_reference__in=reach.references)
        for message in others.filter(Q(body__contains=reference) | Q(subject__contains=reference)).order_by("pk"):
            before = reach.changed["mail.Message"].get(str(message.pk), {})
            body, subject = before.get("body", message.body), before.get("subject", message.subject)
            reach.changed["mail.Message"][str(message.pk)] = {
                "body": _without_lines(body, reference, order),
                "subject": _without_lines(subject, reference, order)[: Message.SUBJECT_LENGTH],
            }
    _reach_packs(reach, items)


def _reach_packs(reach: Reach, items: models.QuerySet) -> None:
    for team, starts_at in items.values_list("meeting__team_id", "meeting__starts_at").distinct():
        # By a day more on each side: whose clock the period was meant by makes no difference then.
        held = AuditPack.objects.filter(team=team, item=None, first_on__lte=starts_at.date() + _A_DAY)
        for pack in held.filter(last_on__gte=starts_at.date() - _A_DAY):
            reach.take(PackFile.objects.filter(pack=pack))
            state = AuditPack.State.CANCELLED if pack.is_open else AuditPack.State.DELETED
            if pack.is_open or pack.state == AuditPack.State.DONE:
                reach.changed["audit.AuditPack"][str(pack.pk)] = {"state": state}
    for some in _in_parts(list(items.values_list("pk", flat=True))):
        reach.take_with_all(AuditPack.objects.filter(item__in=some))


def _placeholder(order: int) -> str:
    return f"[erased by order {order} · 已按第{order}号令抹除]"


def _without_lines(text: str, reference: str, order: int) -> str:
    return "\n".join(_placeholder(order) if reference in line else line for line in text.splitlines())


def named_elsewhere(patient: Patient, reach: Reach, *, most: int = 50) -> list[str]:
    """Where other rows name this patient by number or name: "cases.Case:12 summary". For a person to look at.

    Only columns of text are searched, of rows that the order does not touch.
    """
    words = {patient.hospital_number, patient.national_number, patient.name}
    words = {word for word in words if len(word) >= 2 and not (word.isdecimal() and len(word) < 4)}
    found: list[str] = []
    for model in apps.get_models():
        if model._meta.app_label not in {"cases", "meetings", "audit", "mail", "rulebook"}:
            continue
        for column in model._meta.concrete_fields:
            if not isinstance(column, models.CharField | models.TextField) or column.choices:
                continue
            asked = Q()
            for word in words:
                asked |= Q(**{f"{column.name}__contains": word})
            keys = models.QuerySet(model).filter(asked).order_by("pk").values_list("pk", flat=True)
            touched = reach.keys.get(model._meta.label, ())
            found += [f"{model._meta.label}:{key} {column.name}" for key in keys[:most] if str(key) not in touched]
            if len(found) >= most:
                return found[:most]
    return found
