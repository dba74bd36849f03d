"""What was said in the room: the list that everybody reads, and the form of who keeps the record."""

from typing import Any

from mdt.meetings.forms.spoken import SpokenForm
from mdt.meetings.models import AgendaItem, Meeting, Spoken
from mdt.meetings.room.attendance_bar import presence_of
from mdt.meetings.room.shared import Shared
from mdt.people.models import User
from mdt.people.permissions import Permission, can


def notes_of(item: AgendaItem) -> list[Spoken]:
    """Every note about the case in this meeting, in the order of noting, with what took it back. One query."""
    rows = Spoken.objects.at(item).filter(takes_back__isnull=True)
    return list(rows.select_related("person", "noted_by", "taken_back_by__noted_by").order_by("id"))


def spoken_context(shared: Shared, user: User, form: SpokenForm | None = None) -> dict[str, Any]:
    """The notes, and the form where this reader may note.

    While opinions are sealed, words that others noted are counted and not shown: whoever has not committed yet might
    not have been in the room to hear them.
    """
    item = shared.item
    notes = shared.once("spoken", lambda: notes_of(item))
    shown = [note for note in notes if not item.is_sealed or user.pk in (note.noted_by_id, note.person_id)]
    may_note = can(user, Permission.DECISION_RECORD, item.meeting.team_id)
    may_record = can(user, Permission.FINDING_RECORD, item.case.team_id)
    may_note = may_note and item.meeting.state != Meeting.State.CANCELLED
    return {
        "notes": shown,
        "notes_count": sum(not note.is_taken_back for note in notes),
        "notes_sealed": len(notes) - len(shown),
        "spoken_form": (form or spoken_form(shared)) if may_note else None,
        "may_note": may_note,
        "may_make_finding": may_record and item.case.is_open and not item.case.is_restricted,
    }


def spoken_form(shared: Shared, data: Any = None) -> SpokenForm:
    """The form as it was sent, or empty. Who is present for the case stands first."""
    seats, there = shared.seats, {chip["discipline"] for chip in presence_of(shared)["chips"] if chip["is_here"]}
    return SpokenForm(data, meeting=shared.meeting, seats=seats, disciplines=there)
