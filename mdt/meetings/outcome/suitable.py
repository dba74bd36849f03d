"""Which coming meeting a case that was not reached goes to."""

from collections.abc import Iterable

from django.db.models import Q, Sum
from django.utils import timezone

from cases.reasoning import quorum_of
from mdt.meetings.calendar.expected import disciplines_of
from mdt.meetings.models import AgendaItem, Meeting


def coming_meetings(meeting: Meeting) -> list[Meeting]:
    """Planned meetings of the team that begin after this one and are not past, the next first."""
    after = max(meeting.starts_at, timezone.now())
    planned = ~Q(agenda__state=AgendaItem.State.REMOVED)
    return list(
        Meeting.objects.filter(team_id=meeting.team_id, state=Meeting.State.PLANNED, starts_at__gt=after)
        .exclude(pk=meeting.pk)
        .select_related("team")
        .annotate(minutes=Sum("agenda__planned_minutes", filter=planned, default=0))
        .order_by("starts_at", "id")
    )


def next_suitable(meetings: Iterable[Meeting], items: Iterable[AgendaItem]) -> dict[int, Meeting | None]:
    """Item id → the first of these meetings with minutes to spare and the disciplines that its pathway requires.

    Each case takes its minutes from those that follow. None: no meeting will do, and the queue is its place.
    """
    meetings = list(meetings)
    room = {meeting.pk: meeting.minutes_available - meeting.minutes for meeting in meetings}
    expected = disciplines_of(meetings)
    chosen: dict[int, Meeting | None] = {}
    for item in items:
        is_discussed = item.lane == AgendaItem.Lane.DISCUSS
        wanted = set(quorum_of(item.case.pathway)) if is_discussed else set()
        fitting = (
            meeting
            for meeting in meetings
            if room[meeting.pk] >= item.planned_minutes and wanted <= expected[meeting.pk]
        )
        chosen[item.pk] = next(fitting, None)
        if (meeting := chosen[item.pk]) is not None:
            room[meeting.pk] -= item.planned_minutes
    return chosen
