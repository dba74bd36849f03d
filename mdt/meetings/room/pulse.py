"""The pulse of the room: a short word for the state of each part of the page.

A browser asks about once a second and says which words it has seen. Where nothing changed the answer is empty; else it
names the parts that did, and these fetch themselves. A word is cheap: the newest id, or a version, never content.
"""

import time
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.urls import reverse

from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.room.table import Table

# Everything that the words are made of, in one statement: put together by Django, nine of them cost ten times as much.
NEWEST = """
SELECT
  (SELECT MAX(id) FROM meetings_attendancemark WHERE meeting_id = %(meeting)s) AS mark,
  (SELECT MAX(id) FROM meetings_sitting WHERE meeting_id = %(meeting)s) AS sitting,
  (SELECT MAX(id) FROM cases_proposal WHERE case_id = %(case)s) AS proposal,
  (SELECT MAX(id) FROM meetings_decision WHERE meeting_id = %(meeting)s) AS decision,
  (SELECT MAX(s.id) FROM meetings_signoff s JOIN meetings_decision d ON d.id = s.decision_id
    WHERE d.meeting_id = %(meeting)s) AS signature,
  (SELECT MAX(s.id) FROM meetings_conditionstep s JOIN meetings_decisioncondition c ON c.id = s.condition_id
    JOIN meetings_decision d ON d.id = c.decision_id WHERE d.case_id = %(case)s) AS condition,
  (SELECT MAX(id) FROM meetings_opinion WHERE item_id = %(item)s) AS opinion,
  (SELECT MAX(s.id) FROM meetings_spoken s JOIN meetings_agendaitem a ON a.id = s.item_id
    WHERE a.meeting_id = %(meeting)s AND a.case_id = %(case)s) AS spoken,
  (SELECT MAX(version) FROM meetings_decision WHERE agenda_item_id = %(item)s) AS version,
  (SELECT MAX(s.id) FROM meetings_dissent s JOIN meetings_decision d ON d.id = s.decision_id
    WHERE d.agenda_item_id = %(item)s) AS dissent,
  (SELECT MAX(w.id) FROM meetings_dissentwithdrawal w JOIN meetings_dissent s ON s.id = w.dissent_id
    JOIN meetings_decision d ON d.id = s.decision_id WHERE d.agenda_item_id = %(item)s) AS withdrawal,
  (SELECT COUNT(*) FROM meetings_deskdraft WHERE item_id = %(item)s) AS drafts,
  (SELECT MAX(saved_at) FROM meetings_deskdraft WHERE item_id = %(item)s) AS drafted_at,
  (SELECT COUNT(*) || '-' || SUM(c.id) || '-' || SUM(c.id * c.id) FROM meetings_agendaitem a
    JOIN cases_case c ON c.id = a.case_id WHERE a.meeting_id = %(meeting)s AND c.is_restricted) AS stored_only
"""

PARTS = ("presence", "table", "stage", "agenda", "opinions", "spoken", "decision")
"""The parts of the page. Each has an element that listens to `<name>-changed`."""


def words_of(meeting: Meeting, item: AgendaItem) -> dict[str, str]:
    """The word of every part now. `decision`: versions, dissents, withdrawals; who else is writing, by the minute;
    `agenda`: also which of its cases may only be stored, so that one leaves every screen with the next request."""
    with connection.cursor() as cursor:
        cursor.execute(NEWEST, {"meeting": meeting.pk, "item": item.pk, "case": item.case_id})
        newest = dict(zip((column[0] for column in cursor.description), cursor.fetchone(), strict=True))
    sealed = "s" if item.is_sealed else "o"
    number = {name: value or 0 for name, value in newest.items()}
    minute = str(newest["drafted_at"] or "")[11:16].replace(":", "")
    return {
        "presence": f"{number['mark']}",
        "table": f"{number['sitting']}{meeting.state[:1]}",
        "stage": f"{number['proposal']}.{number['condition']}{sealed}",
        "agenda": f"{meeting.version}.{number['decision']}.{number['signature']}.{number['stored_only']}",
        "opinions": f"{number['opinion']}{sealed}",
        "spoken": f"{number['spoken']}{sealed}",
        "decision": "{version}.{dissent}.{withdrawal}.{drafts}.".format_map(number) + (minute or "0"),
    }


@dataclass(frozen=True)
class Look:
    """What the beat says of one case in one meeting, the same to everybody who may see the meeting.

    `words` is None where the case is not on the agenda; `at` is the page of the case on the table, "" where none is.
    """

    meeting: Meeting
    words: dict[str, str] | None
    at: str
    spread: int


FRESH_FOR = 0.25  # seconds: fifty browsers that ask within it share one look; part of the two seconds promised
_looked: dict[tuple[str, str], tuple[float, Look]] = {}


def recent_look(reference: str, case_reference: str) -> Look:
    """At most FRESH_FOR old: for the beat, which comes from every browser of the room.

    Nobody's right is asked here. Whoever calls it must ask for the meeting's team before anything of it is said.
    Raises Http404 where there is no such meeting.
    """
    key, now = (reference, case_reference), time.monotonic()
    kept = _looked.get(key)
    if kept is None or now - kept[0] > FRESH_FOR:
        if len(_looked) > 200:
            _looked.clear()
        kept = _looked[key] = (now, _look(reference, case_reference))
    return kept[1]


def _look(reference: str, case_reference: str) -> Look:
    meeting = get_object_or_404(Meeting.objects.select_related("team").called(reference))
    on_agenda = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).select_related("case", "reveal")
    item = on_agenda.filter(case__reference=case_reference, case__is_restricted=False).first()
    if item is None:
        return Look(meeting, None, "", 0)
    return Look(meeting, words_of(meeting, item), address_of_table(meeting), spread(meeting))


def address_of_table(meeting: Meeting) -> str:
    """The page of the case on the table, in a break of the one before it; "" where none is."""
    item = meeting.agenda.filter(pk=Table(meeting).before_break or 0, case__is_restricted=False)
    item = item.exclude(state=AgendaItem.State.REMOVED)
    reference = item.values_list("case__reference", flat=True).first()
    return reverse("room", args=[meeting.reference, reference]) if reference else ""


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
