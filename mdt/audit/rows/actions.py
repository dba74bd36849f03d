"""Writing the rows that are counted: after the event log, or all of them anew."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.db.models import Max, QuerySet

from cases.models import Case
from mdt.audit.models import AuditCursor, AuditRow
from mdt.audit.rows.projecting import rows_of
from mdt.events.models import Event

LINES = 5_000
"""Lines of the log that one call takes in: a page that catches up is not held up by a long night."""
A_FEW_LINES = 300
"""What a page takes in by itself; the rest is the worker's."""
CASES = 200


def keep_up() -> int:
    """Take in a few new lines before a page counts. Returns how many are left. Without news: two reads, no lock."""
    if behind():
        catch_up(lines=A_FEW_LINES)
    return behind()


def behind() -> int:
    """How many lines of the log the rows do not know yet."""
    cursor = AuditCursor.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    newest = Event.objects.aggregate(newest=Max("number"))["newest"] or 0
    return newest - cursor


@transaction.atomic
def catch_up(*, lines: int = LINES) -> int:
    """Take in what the log says since the last call; the cases that it names are counted anew. Returns the lines.

    Two at once take turns. Fewer than `lines` means: nothing is left.
    """
    cursor, _created = AuditCursor.objects.select_for_update().get_or_create(pk=1)
    newer = Event.objects.filter(number__gt=cursor.number).order_by("number")
    seen = list(newer.values_list("number", flat=True)[:lines])
    if not seen:
        return 0
    newer = newer.writes().filter(number__lte=seen[-1])  # who only looked has changed nothing
    references = set(newer.exclude(case_reference="").values_list("case_reference", flat=True))
    meetings = _meetings_in(newer)
    touched = Case.objects.filter(reference__in=references).values_list("pk", flat=True)
    project(cases={*touched, *_cases_of(meetings)})
    cursor.number = seen[-1]
    cursor.save(update_fields=["number"])
    return len(seen)


def _meetings_in(newer: QuerySet[Event]) -> set[int]:
    """Ids of meetings that were themselves written to: closing, moving or cancelling one changes all its cases."""
    subjects = newer.filter(subject__startswith="meetings.Meeting:").values_list("subject", flat=True)
    return {int(subject.rpartition(":")[2]) for subject in subjects}


def _cases_of(meetings: set[int]) -> set[int]:
    return set(Case.objects.filter(agenda_items__meeting__in=meetings).values_list("pk", flat=True))


@transaction.atomic
def project(*, cases: Iterable[int]) -> int:
    """Count these cases anew: their rows are replaced. Returns how many there are now."""
    count = 0
    for some in _in_parts(sorted(set(cases))):
        AuditRow.objects.filter(case_id__in=some).delete()
        count += len(AuditRow.objects.bulk_create(rows_of(some)))
    return count


@transaction.atomic
def rebuild() -> int:
    """Throw all rows away and derive them again; the same rows come out. Returns how many."""
    cursor, _created = AuditCursor.objects.select_for_update().get_or_create(pk=1)
    newest = Event.objects.aggregate(newest=Max("number"))["newest"] or 0
    AuditRow.objects.all().delete()
    count = project(cases=Case.objects.filter(agenda_items__isnull=False).values_list("pk", flat=True))
    cursor.number = newest
    cursor.save(update_fields=["number"])
    return count


def _in_parts(cases: list[int]) -> Iterator[list[int]]:
    left = iter(cases)
    while part := list(islice(left, CASES)):
        yield part
