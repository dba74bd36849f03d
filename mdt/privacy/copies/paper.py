"""What the copy says on paper, for a person: as plain data, in the language that is active."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cases.case_page import described_facts
from cases.models import Case, Patient
from cases.patient_history import corrections_of
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.meetings.documents.decision_parts import labelled, options, with_parts
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import date_parts, described, headline, person, type_line
from mdt.meetings.models import Decision
from mdt.people.templatetags.looks import day, discipline_label
from mdt.privacy.copies.contents import LOOKED, events_of

MOST_FINDINGS = 400
"""On paper; all of them are in the file for machines."""


def paper_data(patient: Patient, cases: list[Case], *, has_notes: bool) -> dict[str, Any]:
    """Everything that the paper prints."""
    now, title = timezone.localtime(), _("Copy of what is held of a patient")
    sender = [patient.team.hospital, patient.team.name]
    return printable_data(
        {
            "lang": (get_language() or "en").partition("-")[0],
            "title": title,
            "author": patient.team.hospital,
            "date": date_parts(now),
            "draft": "",
            "notices": [
                _("Confidential. For the patient, and for whom the patient gives it to."),
                *_corrected(patient),
            ],
            "head": {
                "title": title,
                "subtitle": _("As it stood on %(day)s") % {"day": day(now, "time")},
                "sender": sender,
            },
            "identity": _identity(patient),
            "running": {
                "head": title,
                "side": day(now),
                "foot": patient.team.hospital,
                "pages": _("page {page} of {pages}"),
            },
            "cases": [_case(case) for case in cases],
            "seen": _seen(cases),
            "not_here": {"label": _("What is not in this copy"), "lines": list(_not_here(has_notes))},
            "end": [_("A proposal by rules supports, and does not replace, the decision of the meeting.")],
        }
    )


def _identity(patient: Patient) -> list[list[str]]:
    birth = described([patient.get_sex_display(), day(patient.born_on)])
    numbers = [patient.hospital_number, patient.national_number or _("not stated")]
    return [
        [_("Patient"), patient.name, _("Sex, birth"), birth],
        [_("Hospital number"), numbers[0], _("National identifier"), numbers[1]],
    ]


def _corrected(patient: Patient) -> Iterable[str]:
    """What the details said before, the newest correction first."""
    for each in corrections_of(patient):
        words = {"day": day(each.correction.corrected_at), "changes": each.text, "reason": each.reason}
        yield _("Details corrected on %(day)s: %(changes)s. Reason: %(reason)s") % words


def _case(case: Case) -> dict[str, Any]:
    decisions = with_parts(Decision.objects.current().filter(case=case)).order_by("meeting__starts_at", "pk")
    findings = list(_findings(case))
    follow_up = FollowUpEvent.objects.standing().filter(case=case).order_by("happened_on", "pk")
    return {
        "heading": _("Case %(case)s") % {"case": case.reference},
        "lines": [
            labelled(_("Question:"), case.question),
            labelled(_("Referred:"), described([day(case.referred_on), case.referrer])),
            labelled(_("State:"), case.get_state_display()),
            *([labelled(_("Summary:"), case.summary)] if case.summary else []),
        ],
        "findings": {
            "label": _("What was found"),
            "rows": findings,
            "none": _("Nothing was recorded."),
            "note": _shortened(case, len(findings)),
        },
        "decisions": {
            "label": _("What meetings decided"),
            "blocks": [_decision(decision) for decision in decisions],
            "none": _("No decision was recorded."),
        },
        "follow_up": {
            "label": _("Follow-up"),
            "head": [_("Day"), _("What"), _("In words")],
            "rows": [
                [day(row.happened_on), row.get_kind_display(), described(filter(None, [row.value_label, row.text]))]
                for row in follow_up
            ],
            "none": _("Nothing was recorded."),
        },
    }


def _findings(case: Case) -> Iterable[dict[str, Any]]:
    """Each finding that stands, the oldest first, with who recorded it."""
    rows = case.findings.current().select_related("recorded_by", "restaging").prefetch_related("quotations")
    for finding in rows.order_by("examined_on", "pk")[:MOST_FINDINGS]:
        facts = described_facts(case.pathway, finding, get_language() or "en")
        parts = [_part(f"{fact['label']}: {fact['text']}") for fact in facts]
        parts += [_part(finding.impression)] if finding.impression else []
        source = described([person(finding.recorded_by), day(finding.recorded_at)])
        parts = parts or [_part("–")]
        parts[-1]["source"] = source
        yield {"label": f"{discipline_label(finding.discipline)}, {day(finding.examined_on)}", "parts": parts}


def _shortened(case: Case, printed: int) -> str:
    """That the paper does not print all, where it does not: nothing is left out in silence."""
    total = case.findings.current().count()
    if printed == total:
        return ""
    words = _("%(printed)d of %(total)d findings are printed; all of them are in record.json.")
    return words % {"printed": printed, "total": total}


def _part(text: str, source: str = "") -> dict[str, str]:
    return {"text": text, "source": source}


def _decision(decision: Decision) -> dict[str, Any]:
    held = _("Meeting %(meeting)s, %(day)s") % {
        "meeting": decision.meeting.reference,
        "day": day(decision.meeting.starts_at, "long"),
    }
    signed = decision.sign_off if decision.is_signed else None
    signature = (
        _("Signed by %(who)s, %(when)s") % {"who": person(signed.signed_by), "when": day(signed.signed_at, "time")}
        if signed
        else _("not signed")
    )
    return {
        "heading": held,
        "headline": headline(decision),
        "lines": [line for line in [type_line(decision), signature] if line],
        "options": options(decision),
    }


def _seen(cases: list[Case]) -> dict[str, Any]:
    """Who opened the record, how often, first and last: from the event log, which nobody can change unseen."""
    people: dict[int | None, list] = {}
    for event in events_of(cases).filter(kind__in=LOOKED).iterator(chunk_size=1000):
        row = people.setdefault(event.by_id, [event.by, 0, event.at, event.at])
        row[1], row[3] = row[1] + 1, event.at
    rows = [_seen_row(*row) for row in sorted(people.values(), key=lambda row: -row[1])]
    return {
        "label": _("Who opened the record"),
        "head": [_("Who"), _("Discipline"), _("How often"), _("First"), _("Last")],
        "rows": rows,
        "none": _("Nobody."),
    }


def _seen_row(by, count: int, first: datetime, last: datetime) -> list[str]:
    who = by.display_name if by else _("the system")
    discipline = str(discipline_label(by.discipline)) if by and by.discipline else ""
    return [who, discipline, str(count), day(first, "time"), day(last, "time")]


def _not_here(has_notes: bool) -> Iterable[dict[str, str]]:
    yield labelled(_("Other patients:"), _("minutes of meetings, in which other patients stand as well"))
    if not has_notes:
        words = _("what was said in confidence to supportive care, if there is anything; ask them")
        yield labelled(_("Notes of few eyes:"), words)
    yield labelled(_("Others:"), _("what other teams and hospitals hold, and images"))
    yield labelled(_("Not recorded:"), _("drafts that were never recorded"))
