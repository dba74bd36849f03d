"""Opening a case of another team of the hospital in an emergency: with a reason, for some hours, never in silence."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.actions.errors import ActionError
from cases.models import Case
from mdt.addresses import public
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.mail.actions import post
from mdt.mail.kinds import Kind as MessageKind
from mdt.mail.language import of as language_of
from mdt.people.models import EmergencyAccess, Role, User
from mdt.people.own_log import record_of
from mdt.people.permissions import may_open_in_emergency


@transaction.atomic
def open_in_emergency(*, case: Case, by: User, reason: str) -> EmergencyAccess:
    """Let a clinician of another team of the same hospital read the case, and tell the case's auditors and chairs."""
    if not may_open_in_emergency(by, case):
        raise ActionError(_("No other team of your hospital has this case."))
    hours = settings.EMERGENCY_HOURS
    access = EmergencyAccess.objects.create(
        person=by,
        team=case.team,
        case_reference=case.reference,
        reason=reason,
        until=timezone.now() + timedelta(hours=hours),
    )
    record(Kind.CASE_OPENED_IN_EMERGENCY, by=by, case=case, subject=access, reason=reason, hours=hours)
    record_of(by, Kind.CASE_OPENED_IN_EMERGENCY, by=by, reason=reason, hours=hours)
    _tell_auditors(case, access)
    return access


@transaction.atomic
def refuse_emergency(*, by: User) -> None:
    """Somebody asked for a case that no other team of their hospital has. What they typed is not kept."""
    record_of(by, Kind.EMERGENCY_REFUSED, by=by)


def _tell_auditors(case: Case, access: EmergencyAccess) -> None:
    """One message to each auditor and chair of the case's team, without a word of the patient's."""
    told = User.objects.filter(
        memberships__team=case.team, memberships__role__in=[Role.AUDITOR, Role.CHAIR], is_active=True
    ).distinct()
    for person in told:
        with override(language_of(person)):
            post(
                key=f"emergency:{access.pk}:{person.pk}",
                kind=MessageKind.EMERGENCY,
                to=person,
                subject=_("%(case)s was opened in an emergency") % {"case": case.reference},
                body=_(
                    "%(person)s, who is not in the team, opened %(case)s to read it. The reason they gave is in the "
                    "event log and on the page of the case:\n%(link)s"
                )
                % {"person": access.person, "case": case.reference, "link": public(case.get_absolute_url())},
                case_reference=case.reference,
                team=case.team,
            )
