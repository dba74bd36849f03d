"""The ZIP: a paper for the person, the papers of the decisions, JSON for machines, and who looked."""

from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.models import Patient, PsychosocialNote
from mdt.audit.packs.rows import as_json
from mdt.meetings.documents.chart_record import record_data
from mdt.meetings.documents.decision_parts import with_parts
from mdt.meetings.documents.typesetting import typeset
from mdt.meetings.models import Decision
from mdt.privacy.copies.contents import ACCESS_HEAD, FORMAT, access_log, patient_cases, record_of
from mdt.privacy.copies.paper import paper_data

PAPER = Path(__file__).parent / "templates" / "copy.typ"
IN_MEMORY = 8 * 1024 * 1024
MOST_PAPERS = 60
"""Papers of decisions, the newest; the others are in the file for machines."""


def zip_of(patient: Patient, notes: dict[int, QuerySet[PsychosocialNote]]) -> IO[bytes]:
    """The file at its beginning, in the language that is active. Spills to the disk where it is large."""
    cases, language = patient_cases(patient), get_language() or "en"
    target = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed with the response that sends it
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", read_me(has_notes=bool(notes)))
        archive.writestr("record.pdf", typeset(PAPER, paper_data(patient, cases, has_notes=bool(notes))))
        decisions = with_parts(Decision.objects.current().filter(case__in=cases, sign_off__isnull=False))
        for decision in decisions.order_by("-pk")[:MOST_PAPERS]:
            name = f"decisions/{decision.case.reference}_{decision.meeting.reference}.pdf"
            archive.writestr(name, typeset("record.typ", record_data(decision, language)))
        archive.writestr("record.json", as_json(record_of(patient, cases, notes)))
        looked = ZipInfo("who-looked.csv", timezone.localtime().timetuple()[:6])
        looked.compress_type, looked.external_attr = ZIP_DEFLATED, 0o644 << 16
        with archive.open(looked, "w") as file:
            for line in access_log(cases):
                file.write(line.encode())
    target.seek(0)
    return target


def read_me(*, has_notes: bool) -> str:
    """What is in the file, and how machines read it."""
    notes = (
        _("psychosocial_notes: what was said in confidence, since who made this copy may read it.")
        if has_notes
        else _("Confidential psychosocial notes, if there are any, are not in this copy: ask supportive care.")
    )
    return "\n".join(
        [
            _("Copy of what is held of a patient"),
            "",
            _("record.pdf: for reading. decisions/: the record of each signed decision, as it goes into the chart."),
            _("who-looked.csv: every line of the event log about these cases: %(columns)s.")
            % {"columns": ", ".join(ACCESS_HEAD)},
            _("record.json: everything, for machines. UTF-8, one object, format %(format)s:") % {"format": FORMAT},
            _("  patient: who it is. people: the names behind the numbers in fields that end in _id."),
            _("  corrections: what these details said before, what they say since, by whom and why."),
            _("  cases: one entry for each, with the referral and, in the order of their recording:"),
            _("    findings (facts by the names of the pathway's vocabulary, corrected ones too: supersedes_id),"),
            _("    proposals of the rules (the newest explained), meetings with every version of each decision,"),
            _("    follow_up, restagings, emergency_accesses, restricted_openings."),
            _("  Fields that end in _at are times in UTC, in _on days, in _id numbers of people or rows."),
            notes,
            "",
        ]
    )
