"""Which coming meeting a case that was not reached goes to."""

from collections.abc import Iterable
from dataclasses import dataclass

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


@dataclass(frozen=True)
class PassedOver:
    """A meeting to which a case does not go: it lacks the minutes (`minutes` are free), or these disciplines."""

    meeting: Meeting
    minutes: int
    is_full: bool
    missing: list[str]


@dataclass(frozen=True)
class Place:
    """Where a case that was not reached goes: None is the queue; and the earlier meetings that do not suit it."""

    meeting: Meeting | None
    passed_over: list[PassedOver]


def next_suitable(meetings: Iterable[Meeting], items: Iterable[AgendaItem]) -> dict[int, Place]:
    """Item id → the first of these meetings with minutes to spare and the disciplines that its pathway requires.

    Each case takes its minutes from those that follow. Without such a meeting the queue is its place.
    """
    meetings = list(meetings)
    room = {meeting.pk: meeting.minutes_available - meeting.minutes for meeting in meetings}
    expected = disciplines_of(meetings)
    chosen: dict[int, Place] = {}
    for item in items:
        is_discussed = item.lane == AgendaItem.Lane.DISCUSS
        wanted = quorum_of(item.case.pathway) if is_discussed else ()
        passed_over = []
        for meeting in meetings:
            missing = [code for code in wanted if code not in expected[meeting.pk]]
            is_full = room[meeting.pk] < item.planned_minutes
            if not missing and not is_full:
                room[meeting.pk] -= item.planned_minutes
                chosen[item.pk] = Place(meeting, passed_over)
                break
            passed_over.append(PassedOver(meeting, max(room[meeting.pk], 0), is_full, missing))
        else:
            chosen[item.pk] = Place(None, passed_over)
    return chosen
