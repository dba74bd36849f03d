"""What a case that is not ready lacks: by name, with whom to ask, and the way to enter it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from cases.models import Case
from cases.queue_rows import WAITED_FOR
from cases.reasoning import first_field, item_facts, item_label, item_owners
from mdt.people.models import User
from mdt.people.permissions import Permission, can


@dataclass(frozen=True)
class Lack:
    """One required item. `owner`: the discipline that is asked; `url`: its form, or where the case lists it."""

    label: str
    owner: str
    is_stale: bool
    url: str


def lacking(case: Case, reader: User) -> list[Lack]:
    """By who is asked; nothing for a case that is ready. Asks the database nothing."""
    if case.is_ready:
        return []
    may_enter = case.is_open and not case.is_restricted and can(reader, Permission.FINDING_RECORD, case.team_id)
    lacks = [
        Lack(
            label=item_label(case.pathway, item["fact"], get_language()),
            owner=item["owner"],
            is_stale=item["state"] == "stale",
            url=_way(case, item, reader) if may_enter else _listed(case),
        )
        for item in case.readiness
        if item["state"] in WAITED_FOR
    ]
    order = list(dict.fromkeys(lack.owner for lack in lacks))
    return sorted(lacks, key=lambda lack: order.index(lack.owner))


def _listed(case: Case) -> str:
    return f"{case.get_absolute_url()}#readiness"


def _way(case: Case, item: dict, reader: User) -> str:
    """The form of the reader's own discipline where it knows the item, else of who is asked, at the item's field."""
    facts = item_facts(case.pathway, item["fact"])
    if not facts:  # a field of the referral
        return _listed(case)
    owners = item_owners(case.pathway, item["fact"])
    form = reader.discipline if reader.discipline in owners else item["owner"]
    field = first_field(case.pathway, facts[0])
    return f"{reverse('finding-record', args=[case.reference, form])}?field={field}#{field}"
