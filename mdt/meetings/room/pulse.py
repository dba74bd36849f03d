"""The pulse of the room: a short word for the state of each part of the page.

A browser asks about once a second and says which words it has seen. Where nothing changed the answer is empty; else it
names the parts that did, and these fetch themselves. A word is cheap: the newest id, or a version, never content.
"""

import time
from collections.abc import Callable

from django.db.models import Count, Max

from mdt.meetings.models import AgendaItem, Decision, Meeting, SignOff

Word = Callable[[Meeting, AgendaItem | None], str]


def _presence(meeting: Meeting, item: AgendaItem | None) -> str:
    return str(meeting.attendance_marks.aggregate(newest=Max("id"))["newest"] or 0)


def _table(meeting: Meeting, item: AgendaItem | None) -> str:
    newest = meeting.sittings.aggregate(newest=Max("id"))["newest"] or 0
    return f"{newest}{meeting.state[:1]}"


def _stage(meeting: Meeting, item: AgendaItem | None) -> str:
    if item is None:
        return "0"
    newest = item.case.proposals.aggregate(newest=Max("id"))["newest"] or 0
    return f"{newest}{'s' if item.is_sealed else 'o'}"


def _agenda(meeting: Meeting, item: AgendaItem | None) -> str:
    decided = Decision.objects.filter(meeting=meeting).aggregate(newest=Max("id"))["newest"] or 0
    signed = SignOff.objects.filter(decision__meeting=meeting).aggregate(newest=Max("id"))["newest"] or 0
    return f"{meeting.version}.{decided}.{signed}"


def _opinions(meeting: Meeting, item: AgendaItem | None) -> str:
    if item is None:
        return "0"
    newest = item.opinions.aggregate(newest=Max("id"))["newest"] or 0
    return f"{newest}{'s' if item.is_sealed else 'o'}"


def _decision(meeting: Meeting, item: AgendaItem | None) -> str:
    """Versions, dissents and withdrawals; who else is writing, by the minute."""
    if item is None:
        return "0"
    found = item.decisions.aggregate(
        version=Max("version"), dissent=Max("dissents__id"), withdrawal=Max("dissents__withdrawal__id")
    )
    drafts = item.desk_drafts.aggregate(count=Count("id"), newest=Max("saved_at"))
    at = f"{drafts['newest']:%H%M}" if drafts["newest"] else ""
    return ".".join(str(word or 0) for word in (*found.values(), drafts["count"], at))


# Name of a part → its word. The page has an element that listens to `<name>-changed`.
PARTS: dict[str, Word] = {
    "presence": _presence,
    "table": _table,
    "stage": _stage,
    "agenda": _agenda,
    "opinions": _opinions,
    "decision": _decision,
}


def words_of(meeting: Meeting, item: AgendaItem | None) -> dict[str, str]:
    """The word of every part now. One small query for each."""
    return {name: word(meeting, item) for name, word in PARTS.items()}


FRESH_FOR = 0.25  # seconds: fifty browsers that ask within it share one look; part of the two seconds promised
_looked: dict[tuple[int, int], tuple[float, dict[str, str]]] = {}


def recent_words_of(meeting: Meeting, item: AgendaItem) -> dict[str, str]:
    """The same, at most FRESH_FOR old: for the beat, which comes from every browser of the room."""
    key, now = (meeting.pk, item.pk), time.monotonic()
    looked = _looked.get(key)
    if looked is None or now - looked[0] > FRESH_FOR:
        if len(_looked) > 200:
            _looked.clear()
        looked = _looked[key] = (now, words_of(meeting, item))
    return looked[1]


SPREAD, LONGEST = 10, 500  # milliseconds: for each person in the room, and at most; part of the two seconds promised


def spread(meeting: Meeting) -> int:
    """Over how many milliseconds a room fetches what changed: fifty people would else ask in the same moment."""
    people = meeting.attendance_marks.aggregate(people=Count("person", distinct=True))["people"]
    return min(SPREAD * people, LONGEST)


def encoded(words: dict[str, str]) -> str:
    """How a page and an address carry them: `presence:12,table:3p`."""
    return ",".join(f"{name}:{word}" for name, word in words.items())


def changed(words: dict[str, str], seen: str) -> list[str]:
    """The parts whose word is not the one that was seen, in the order of PARTS."""
    known = dict(entry.partition(":")[::2] for entry in seen.split(","))
    return [name for name, word in words.items() if known.get(name) != word]
