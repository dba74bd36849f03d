"""What a copy holds for machines: the patient, their cases with all that was recorded, and who looked at them.

Written table by table, by name: what is added to the system later is in no copy until somebody says so here.
"""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cases.models import Case, Patient, PsychosocialNote
from mdt.audit.packs.contents import QUEUE_COLUMNS
from mdt.audit.packs.rows import columns, people_in, with_rows, written
from mdt.audit.queries import Echo, harmless
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings.models import AgendaItem
from mdt.people.models import EmergencyAccess, RestrictedOpening, User
from mdt.privacy.reach import cases_of

FORMAT = "mdt-patient-copy/1"
LOOKED = (
    *(Kind.CASE_OPENED, Kind.DOCUMENT_OPENED, Kind.CASE_OPENED_IN_EMERGENCY, Kind.RESTRICTED_OPENED),
    *(Kind.ATTACHMENT_OPENED, Kind.PACK_OPENED, Kind.PATIENT_LOOKED_UP, Kind.COPY_HANDED_OUT),
)
"""Kinds of the log that say that somebody saw the record, and nothing else."""
ACCESS_HEAD = ("at", "case", "person", "discipline", "what_happened", "is_only_looking")


def record_of(patient: Patient, cases: list[Case], notes: dict[int, QuerySet[PsychosocialNote]]) -> dict[str, Any]:
    """Everything as JSON. `notes`: confidential notes by case, only where whoever asks may read them."""
    found = {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "hospital": patient.team.hospital,
        "team": patient.team.name,
        "patient": columns(patient, "team_id"),
        "corrections": [written(row)["columns"] for row in patient.corrections.order_by("pk")],
        "cases": [_case(case, notes.get(case.pk)) for case in cases],
    }
    return found | {"people": _people(found)}


def _case(case: Case, notes: QuerySet[PsychosocialNote] | None) -> dict[str, Any]:
    items = AgendaItem.objects.filter(case=case).select_related("meeting__team").order_by("pk")
    findings = case.findings.prefetch_related("quotations").order_by("pk")
    found = {
        **columns(case, *QUEUE_COLUMNS, "team_id", "patient_id"),
        "state": case.state,
        "restagings": [columns(row) for row in case.restagings.order_by("pk")],
        "findings": [_finding(row) for row in findings.iterator(chunk_size=200)],
        "proposals": _proposals(case),
        "meetings": [_at_meeting(item) for item in items],
        "follow_up": [written(row)["columns"] for row in case.follow_up_events.order_by("pk")],
        "emergency_accesses": _accesses(EmergencyAccess, case),
        "restricted_openings": _accesses(RestrictedOpening, case),
    }
    if notes is not None:
        found["psychosocial_notes"] = [written(row)["columns"] for row in notes.order_by("pk")]
    return found


def _finding(finding) -> dict[str, Any]:
    quotations = [columns(row) for row in finding.quotations.all()]
    return {**written(finding)["columns"], "quotations": quotations}


def _proposals(case: Case) -> list[dict[str, Any]]:
    """What was known and answered each time; of the newest the whole explanation, which is some hundred pages."""
    derived = ("outcome_plain", "outcome_packed")
    newest = case.latest_proposal
    found = [
        columns(row, *derived) for row in case.proposals.defer(*derived).order_by("number").iterator(chunk_size=50)
    ]
    if newest is not None:
        found[-1]["outcome"] = newest.outcome
    return found


def _accesses(model, case: Case) -> list[dict[str, Any]]:
    return [written(row)["columns"] for row in model.objects.filter(case_reference=case.reference).order_by("pk")]


def _at_meeting(item: AgendaItem) -> dict[str, Any]:
    """When and where, and every version of what was decided; of other cases of the meeting nothing."""
    decisions = item.decisions.select_related("sign_off").order_by("version")
    return {
        "meeting": item.meeting.reference,
        "starts_at": item.meeting.starts_at.isoformat(),
        "place": item.meeting.place,
        "state": item.state,
        "decisions": [with_rows(decision) for decision in decisions],
    }


def _people(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Who the numbers of people are: name and discipline."""
    rows = User.objects.filter(pk__in=people_in(found)).order_by("pk")
    return [{"id": each.pk, "name": each.display_name, "discipline": each.discipline} for each in rows]


def events_of(cases: list[Case]) -> QuerySet[Event]:
    """Every line of the log of these cases, oldest first."""
    references = [case.reference for case in cases]
    return Event.objects.filter(case_reference__in=references).select_related("by").order_by("number")


def access_log(cases: list[Case]) -> Iterator[str]:
    """Who did or saw what and when, as CSV, a line at a time. Without details: those stand in the record itself."""
    writer = csv.writer(Echo())
    yield "\ufeff" + writer.writerow(ACCESS_HEAD)
    for event in events_of(cases).iterator(chunk_size=1000):
        person, discipline = ("", "") if event.by is None else (event.by.display_name, event.by.discipline)
        looked = "yes" if event.kind in LOOKED else "no"
        what = str(event.get_kind_display())
        cells = (event.at.isoformat(), event.case_reference, person, discipline, what, looked)
        yield writer.writerow([harmless(cell) for cell in cells])


def patient_cases(patient: Patient) -> list[Case]:
    """The cases of this patient, all of one team: other teams and hospitals hold rows of their own."""
    return list(cases_of(patient.pk).select_related("team", "patient"))
