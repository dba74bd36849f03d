"""From a pack that was asked for to its files. Reads, and makes papers; mdt.audit.packs.actions keeps the files."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db.models import QuerySet
from django.utils import timezone

from cases.models import Case
from mdt.audit.packs.contents import FORMAT, case_log, decision_file, head, meeting_log, people_file
from mdt.audit.packs.cover import cover_data
from mdt.audit.packs.models import AuditPack, PackFile
from mdt.audit.packs.rows import as_json, people_in
from mdt.meetings import documents
from mdt.meetings.documents.typesetting import typeset
from mdt.meetings.models import AgendaItem

INSIDE = Path(__file__).parent / "inside"
SUMS = "SHA256SUMS"
Files = dict[str, bytes]


def items_of(pack: AuditPack) -> QuerySet[AgendaItem]:
    """The decided agenda items that a pack holds, in a fixed order."""
    items = AgendaItem.objects.filter(meeting__team=pack.team_id, decisions__version=1).order_by("pk")
    items = items.exclude(case__in=Case.objects.restricted())
    if pack.item_id:
        return items.filter(pk=pack.item_id)
    zone = pack.team.zone
    begin = datetime.combine(pack.first_on, time.min, zone)
    end = datetime.combine(pack.last_on + timedelta(days=1), time.min, zone)
    return items.filter(meeting__starts_at__gte=begin, meeting__starts_at__lt=end)


def files_of(pack: AuditPack, item: AgendaItem) -> Files:
    """The decision as JSON and as the chart record, the log of its case, and that of its meeting if it is not there.

    The paper comes first: that it was made is in the log.
    """
    decision = item.decisions.order_by("-version").first()
    name = f"{item.case.reference}_{item.meeting.reference}"
    files = {f"decisions/{name}.pdf": bytes(documents.chart_record(decision, pack.language, by=pack.asked_by).content)}
    files[f"decisions/{name}.json"] = as_json(decision_file(item))
    files[f"log/{item.case.reference}.json"] = as_json(case_log(item.case))
    meeting = f"log/{item.meeting.reference}.json"
    if not pack.files.filter(name=meeting).exists():
        files[meeting] = as_json(meeting_log(item.meeting))
    return files


def closing_files(pack: AuditPack) -> Files:
    """What is said about the whole pack: who is who, the summary on paper, how to check it, and the script for that."""
    ends = head()
    people: set[int] = {pack.asked_by_id}
    for content in _json_files(pack):
        people |= people_in(content)
    summary = {
        "format": FORMAT,
        "hospital": pack.team.hospital,
        "team": {"id": pack.team_id, "code": pack.team.code, "name": pack.team.name},
        "first_on": pack.first_on.isoformat(),
        "last_on": pack.last_on.isoformat(),
        "decisions": pack.done,
        "asked_by": pack.asked_by_id,
        "asked_at": pack.asked_at.isoformat(),
        "made_at": timezone.now().isoformat(),
        "log_ends": ends,
    }
    return {
        "pack.json": as_json(summary),
        "people.json": as_json(people_file(people)),
        "pack.pdf": typeset("pack.typ", cover_data(pack, _decisions(pack), ends)),
        "README.txt": (INSIDE / "README.txt").read_bytes(),
        "verify.py": (INSIDE / "verify.py").read_bytes(),
    }


def _json_files(pack: AuditPack) -> Iterable[dict]:
    for content in pack.files.filter(name__endswith=".json").values_list("content", flat=True).iterator(chunk_size=20):
        yield json.loads(bytes(content))


def _decisions(pack: AuditPack) -> Iterable[dict]:
    """The newest version of every decision in the pack, as its JSON has it."""
    names = pack.files.filter(name__startswith="decisions/", name__endswith=".json").order_by("name")
    for content in names.values_list("content", flat=True).iterator(chunk_size=20):
        yield json.loads(bytes(content))


def sums_of(pack: AuditPack) -> bytes:
    """The list of files as `sha256sum --check` reads it."""
    rows = PackFile.objects.filter(pack=pack).exclude(name=SUMS).order_by("name").values_list("digest", "name")
    return "".join(f"{digest}  {name}\n" for digest, name in rows).encode()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
