"""What somebody may jump to: cases by the queue's own search, meetings, pages, words; only what they may open."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from cases.queue import Filters, Queue
from mdt.help.doors import Door, doors_of
from mdt.help.words import Word, words
from mdt.meetings.models import Meeting
from mdt.people.models import User
from mdt.people.permissions import Permission, teams_with
from mdt.people.pinyin import with_keys
from mdt.people.templatetags.looks import day

MOST_CASES, MOST_MEETINGS, MOST_DOORS, MOST_WORDS = 8, 4, 8, 4
FIRST_CASES, FIRST_MEETINGS = 5, 2  # before anything is typed
BEFORE, AFTER = timedelta(days=120), timedelta(days=120)
MOST_MEETINGS_READ = 120


@dataclass(frozen=True)
class Found:
    """What one search found; with nothing asked for, what is next for the person."""

    asked: str
    cases: list[Case] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    doors: list[Door] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    restricted: list[str] = field(default_factory=list)
    """References of cases whose data may only be stored, typed in full: no name, no other word of them."""

    @property
    def count(self) -> int:
        return len(self.cases) + len(self.restricted) + len(self.meetings) + len(self.doors) + len(self.words)

    @property
    def glossary(self) -> str:
        return reverse("glossary")


def search(user: User, text: str) -> Found:
    """Everything that fits; a case or a meeting of another team is not found."""
    filters = Filters.from_query({"q": text})
    asked = filters.search
    parts = asked.lower().split()
    if asked and not _is_enough(asked):
        return Found(asked, doors=doors_of(user, parts)[:MOST_DOORS])
    return Found(
        asked,
        cases=_cases(user, asked),
        meetings=_meetings(user, parts),
        doors=doors_of(user, parts)[:MOST_DOORS],
        words=_words(parts),
        restricted=_restricted(user, asked),
    )


def _restricted(user: User, asked: str) -> list[str]:
    teams = teams_with(user, Permission.CASE_VIEW)
    held = Case.objects.filter(team__in=teams, is_restricted=True, reference__iexact=asked or "-")
    return list(held.order_by("reference").values_list("reference", flat=True))


def _is_enough(asked: str) -> bool:
    """One Latin letter fits half of an archive; one Chinese character is a name already."""
    return len(asked) > 1 or not asked.isascii()


def _cases(user: User, asked: str) -> list[Case]:
    """Open cases before closed ones; without words, those that wait for this person."""
    shows = ("open", "closed") if asked else ("mine",)
    found: list[Case] = []
    for show in shows:
        page = Queue(user, Filters(show=show, search=asked)).page()
        found += [case for _name, cases in page.groups for case in cases]
        if len(found) >= MOST_CASES:
            break
    return found[: MOST_CASES if asked else FIRST_CASES]


def _meetings(user: User, parts: list[str]) -> list[Meeting]:
    """Meetings around today whose reference, team or day holds every word; one named by its reference, at any time."""
    of_teams = Meeting.objects.filter(team__in=teams_with(user, Permission.MEETING_VIEW)).select_related("team")
    now = timezone.now()
    if not parts:
        coming = of_teams.filter(state=Meeting.State.PLANNED, starts_at__gte=now - timedelta(hours=12))
        return list(coming.order_by("starts_at")[:FIRST_MEETINGS])
    named = re.fullmatch(r"([a-z]{1,8})-m(\d{1,9})", parts[0]) if len(parts) == 1 else None
    if named:
        return list(of_teams.filter(team__code__iexact=named[1], number=int(named[2])))
    near = of_teams.filter(starts_at__range=(now - BEFORE, now + AFTER)).order_by("starts_at")[:MOST_MEETINGS_READ]
    fitting = [meeting for meeting in near if _holds(meeting, parts)]
    return sorted(fitting, key=lambda meeting: abs(meeting.starts_at - now))[:MOST_MEETINGS]


def _holds(meeting: Meeting, parts: list[str]) -> bool:
    local = meeting.local_start
    text = f"{meeting.reference} {meeting.team.name} {local:%Y-%m-%d} {day(local, 'long')}".lower()
    return all(part in text for part in parts)


def _words(parts: list[str]) -> list[Word]:
    """Words of the glossary, by their own name in either language, a Chinese one also by its sound."""
    if not parts:
        return []
    fitting = [
        word
        for word in words().values()
        if all(
            any(part in with_keys(text.lower()) for texts in word.written.values() for text in texts) for part in parts
        )
    ]
    return fitting[:MOST_WORDS]
