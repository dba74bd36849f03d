"""The calendar of one person: when, where and a link, for every meeting of their teams. Nothing of a patient."""

import hashlib
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.mail import language
from mdt.meetings.attendance import EXPECTED as ROLES
from mdt.meetings.calendar import ics
from mdt.meetings.calendar.expected import COMING, asked_to
from mdt.meetings.models import Meeting
from mdt.people.models import Membership, User

PAST, AHEAD, MOST = timedelta(days=30), timedelta(days=400), 300


def calendar_of(person: User) -> tuple[bytes, str]:
    """The file and its ETag, which changes with the file alone. Eight queries, at most 300 meetings."""
    teams = set(Membership.objects.filter(user=person, role__in=ROLES).values_list("team_id", flat=True))
    now = timezone.now()
    rows = Meeting.objects.filter(team__in=teams, starts_at__gte=now - PAST, starts_at__lte=now + AHEAD)
    meetings = list(rows.select_related("team").order_by("starts_at", "id")[:MOST])
    asked = asked_to(meetings)
    own = {pk: [one for one in everybody if one.person.pk == person.pk] for pk, everybody in asked.items()}
    entries = [_entry(meeting, own[meeting.pk]) for meeting in meetings]
    with override(language.of(person)):
        content = ics.feed(entries, name=_("MDT meetings"))
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _entry(meeting: Meeting, own: list) -> ics.Entry:
    # Stamped with what does not change by looking, so that a program that has the file is told so.
    return ics.Entry(
        meeting,
        meeting.version,
        meeting.created_at,
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
        is_theirs=any(one.counts or one.answer in COMING for one in own),
    )
