"""Patients' names beside the references that a text says: messages are written without names, and read by people who
may see them."""

import re
from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeData
from django.utils.translation import gettext as _

from cases.models import Case
from mdt.mail.models import Entry
from mdt.people.models import User
from mdt.people.permissions import Permission, teams_with

register = template.Library()

# Not within an address or a longer word.
REFERENCE = re.compile(r"(?<![\w/-])[A-Za-z0-9_]{1,8}-\d{4}-\d{4,9}(?![\w/-])", re.ASCII)


def names_for(user: User, references: Iterable[str]) -> dict[str, str]:
    """Reference → the patient's name, for cases that this person may see; none of one that may only be stored."""
    wanted = set(references)
    if not wanted or not getattr(user, "is_authenticated", False):
        return {}
    cases = Case.objects.filter(reference__in=wanted, team__in=teams_with(user, Permission.CASE_VIEW))
    return dict(cases.filter(is_restricted=False).values_list("reference", "patient__name"))


@register.filter
def named_for(text: object, user: User) -> str:
    """The text with the patient's name behind each reference of a case that this person may see."""
    said = str(text)
    if isinstance(said, SafeData):
        return said
    names = names_for(user, REFERENCE.findall(said))

    def name(found: re.Match) -> str:
        reference = found[0]
        patient = names.get(reference)
        return _("%(reference)s (%(patient)s)") % {"reference": reference, "patient": patient} if patient else reference

    return REFERENCE.sub(name, said)


@register.simple_tag
def patients_of(entries: Iterable[Entry], user: User) -> list[tuple[Entry, str]]:
    """Each entry of a mailbox with the name of the patient whom its message is about; "" where none is to be shown."""
    entries = list(entries)
    names = names_for(user, (entry.message.case_reference for entry in entries if entry.message.case_reference))
    return [(entry, names.get(entry.message.case_reference, "")) for entry in entries]
