"""Disagreeing in the room: whose voice this reader may record, and the form for it."""

from typing import TYPE_CHECKING, Any

from mdt.meetings.forms.voice import DissentForm
from mdt.meetings.shown import shown_by
from mdt.people.permissions import Permission, can

if TYPE_CHECKING:
    from mdt.meetings.room.desk import Desk


def may_disagree(desk: "Desk") -> bool:
    """From the first record of a decision on, by oneself; for another member, whoever records decisions."""
    may_speak = can(desk.room.user, Permission.OPINION_GIVE, desk.room.meeting.team_id)
    return desk.decision is not None and (may_speak or desk.room.may["decide"])


def dissent_form(desk: "Desk", data: Any = None) -> DissentForm:
    """The form, as it was sent, or empty."""
    proposal = desk.decision.proposal
    return DissentForm(
        data,
        shown=shown_by(proposal) if proposal else None,
        people=[seat.person for seat in desk.room.seats] if desk.room.may["decide"] else [],
        user=desk.room.user,
        may_speak=can(desk.room.user, Permission.OPINION_GIVE, desk.room.meeting.team_id),
        version=desk.version,
    )


def dissent_context(desk: "Desk", form: DissentForm | None) -> dict[str, Any]:
    if not may_disagree(desk):
        return {"dissent_form": None}
    return {"dissent_form": form or dissent_form(desk), "is_dissent_open": form is not None}
