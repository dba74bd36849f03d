"""Opening a case of another team of the hospital in an emergency: with a reason, for some hours, never in silence."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.errors import ActionError
from cases.actions.exceptions import tell_of_opening
from cases.models import Case
from mdt.addresses import public
from mdt.events.chain import record
from mdt.events.kinds import Kind
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
    tell_of_opening(
        key=f"emergency:{access.pk}",
        case=case,
        by=by,
        roles=[Role.AUDITOR, Role.CHAIR],
        subject=lambda: _("%(case)s was opened in an emergency") % {"case": case.reference},
        body=lambda: (
            _(
                "%(person)s, who is not in the team, opened %(case)s to read it. The reason they gave is in the "
                "event log and on the page of the case:\n%(link)s"
            )
            % {"person": by, "case": case.reference, "link": public(case.get_absolute_url())}
        ),
    )
    return access


@transaction.atomic
def refuse_emergency(*, by: User) -> None:
    """Somebody asked for a case that no other team of their hospital has. What they typed is not kept."""
    record_of(by, Kind.EMERGENCY_REFUSED, by=by)
