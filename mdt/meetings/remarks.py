"""What was unusual about a recording or a signature: said beside it for ever, and in the event log."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mdt.meetings.models import Decision, Meeting
from mdt.people.models import User

BEFORE_START = "before_start"
BY_ABSENT = "by_absent"


def remarks_on(meeting: Meeting, by: User, present: Iterable[Mapping[str, Any]]) -> list[str]:
    """Codes for an act by a person now; `present` is who was there for the case, as a decision keeps it."""
    remarks = []
    if timezone.now() < meeting.starts_at:
        remarks.append(BEFORE_START)
    if by.pk not in {entry["person"] for entry in present}:
        remarks.append(BY_ABSENT)
    return remarks


def remarks_of(decision: Decision) -> list[str]:
    """The remarks on the recording of a version and on its signature, as sentences; what both share is said once."""
    recorded = {
        BEFORE_START: _("Recorded before the meeting’s starting time."),
        BY_ABSENT: _("Recorded by somebody who was not marked as present for this case."),
    }
    signed = {
        BEFORE_START: _("Signed before the meeting’s starting time."),
        BY_ABSENT: _("Signed by somebody who was not marked as present for this case."),
    }
    both = {
        BEFORE_START: _("Recorded and signed before the meeting’s starting time."),
        BY_ABSENT: _("Recorded and signed by somebody who was not marked as present for this case."),
    }
    on_record = [code for code in decision.remarks if code in recorded]
    on_signature = [code for code in decision.sign_off.remarks if code in signed] if decision.is_signed else []
    remarks = [both[code] if code in on_signature else recorded[code] for code in on_record]
    return remarks + [signed[code] for code in on_signature if code not in on_record]
