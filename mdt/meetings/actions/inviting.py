"""When people are invited to a meeting, and asked again. Sending is in mdt.meetings.calendar.actions.invitations."""

from datetime import datetime, timedelta

from django.utils import timezone

from mdt.duties.actions import owe
from mdt.duties.registry import subject_of
from mdt.meetings.models import Meeting, Reply
from mdt.people.models import User

DAYS_AHEAD = 14  # for a meeting without a series


def invites_from(meeting: Meeting) -> datetime | None:
    """When people are invited; None where the series sends no invitations."""
    days = meeting.series.invite_days_ahead if meeting.series else DAYS_AHEAD
    return meeting.starts_at - timedelta(days=days) if days else None


def owe_invitations(*, meeting: Meeting) -> None:
    """Look at the invitations of a meeting once it is time, at once where some were sent already.

    Part of the caller's transaction. Call it after whatever changes the meeting or who is asked.
    """
    now, wanted = timezone.now(), invites_from(meeting)
    is_sent = meeting.invitations.exists()
    if meeting.starts_at > now and (is_sent or wanted is not None):
        due_at = now if is_sent or wanted is None else max(now, wanted)
        owe(kind="invite-to-meeting", subject=subject_of(meeting), due_at=due_at)


def ask_again(*, meeting: Meeting, by: User) -> None:
    """A meeting has another time: what people answered was about the former one, and is taken back."""
    newest = {reply.person_id: reply for reply in meeting.replies.order_by("id")}
    for person_id, reply in newest.items():
        if reply.answer != Reply.Answer.OPEN:
            Reply.objects.create(meeting=meeting, person_id=person_id, answer=Reply.Answer.OPEN, replied_by=by)
