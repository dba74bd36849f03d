"""Data that may only be stored: marking the cases of a patient so, and reading them by an exception of the law."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.actions.exceptions import tell_of_opening
from cases.actions.projection import project
from cases.models import Case, FactRecord
from mdt.addresses import public
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import RestrictedOpening, Role, User
from mdt.people.permissions import Permission, can


@transaction.atomic
def set_restricted(*, case: Case, is_restricted: bool) -> None:
    """Take the case out of everything that works on it, or put it back. Whoever calls it writes the line of the log."""
    case.is_restricted = is_restricted
    case.save(update_fields=["is_restricted"])
    project(case=case)
    if is_restricted:
        FactRecord.objects.filter(proposal__case=case).delete()


def may_open_restricted(user: User, case: Case) -> bool:
    """Whether this person treats patients in the team, and so may read by an exception."""
    return case.is_restricted and can(user, Permission.FINDING_RECORD, case.team_id)


@transaction.atomic
def open_restricted(*, case: Case, by: User, ground: str, reason: str) -> RestrictedOpening:
    """Let somebody who treats the patient read the case for some hours, and tell auditors and privacy officers."""
    if not may_open_restricted(by, case):
        raise PermissionDenied
    hours = settings.EMERGENCY_HOURS
    opening = RestrictedOpening.objects.create(
        person=by,
        team=case.team,
        case_reference=case.reference,
        ground=ground,
        reason=reason.strip(),
        until=timezone.now() + timedelta(hours=hours),
    )
    record(Kind.RESTRICTED_OPENED, by=by, case=case, subject=opening, ground=ground, reason=opening.reason, hours=hours)
    tell_of_opening(
        key=f"restricted:{opening.pk}",
        case=case,
        by=by,
        roles=[Role.AUDITOR, Role.PRIVACY],
        subject=lambda: _("The restricted data of %(case)s were opened") % {"case": case.reference},
        body=lambda: (
            _("%(person)s opened them to read: %(ground)s. The reason is in the event log.\n%(link)s")
            % {"person": by, "ground": opening.get_ground_display(), "link": public(case.get_absolute_url())}
        ),
    )
    return opening
