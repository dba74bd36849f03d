"""What the outcome letter says: one version of one decision as plain data, in the language that is active."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from mdt.meetings.documents import basis, decision_parts
from mdt.meetings.documents.details_then import corrected_notice
from mdt.meetings.documents.since_part import since_part
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import date_parts, edition, headline, listed, sentence, short_digest, type_line
from mdt.meetings.models import Decision
from mdt.meetings.outcome import report_link
from mdt.people.templatetags.looks import day


def letter_data(decision: Decision, language: str) -> dict[str, Any]:
    """Everything that the letter prints, as plain values. `decision` comes from `decision_parts.with_parts`."""
    with override(language), timezone.override(decision.meeting.team.zone):
        return printable_data({**frame(decision, language, _("Outcome of the tumour board")), **_body(decision)})


def _signature(decision: Decision):
    return decision.sign_off if decision.is_signed else None


def _notices(decision: Decision) -> list[str]:
    """What a reader must know before the rest: not signed, replaced, amended, about a patient corrected since."""
    notices = [said] if (said := corrected_notice(decision)) else []
    if not decision.is_signed:
        notices.append(_("DRAFT, not signed. The decision holds once the chair has signed it."))
    newer = getattr(decision, "superseded_by", None)
    if newer is not None:
        words = {"version": newer.version, "day": day(newer.recorded_at)}
        notices.append(
            _("Replaced by version %(version)d of %(day)s. Use the newer letter.") % words
            if newer.is_signed
            else _("Version %(version)d of %(day)s will replace this one once it is signed.") % words
        )
    if decision.amendment_reason:
        older = decision.supersedes
        notices.append(
            sentence(
                _("Version %(version)d. It replaces version %(older)d of %(day)s. Reason: %(reason)s")
                % {
                    "version": decision.version,
                    "older": older.version,
                    "day": day(older.recorded_at),
                    "reason": decision.amendment_reason,
                }
            )
        )
    return notices


def frame(decision: Decision, language: str, title: str) -> dict[str, Any]:
    """Title, date, head, foot and marks."""
    case, signature = decision.case, _signature(decision)
    version = _("version %(version)d") % {"version": decision.version}
    record = (
        _("record %(digest)s") % {"digest": short_digest(signature.digest)} if signature else _("DRAFT, not signed")
    )
    return {
        "lang": language.partition("-")[0],
        "title": f"{title} · {case.reference} · {version}",
        "author": case.team.hospital,
        "date": date_parts(signature.signed_at if signature else decision.recorded_at),
        "draft": "" if signature else _("DRAFT, not signed"),
        "notices": _notices(decision),
        "head": {
            "title": title,
            "subtitle": _("Meeting %(meeting)s of %(day)s, case %(position)d")
            % {
                "meeting": decision.meeting.reference,
                "day": day(decision.meeting.starts_at, "long"),
                "position": decision.agenda_item.position,
            },
            "sender": [case.team.hospital, case.team.name],
        },
        "running": {
            "head": f"{title} · {case.reference} · {case.patient.name}",
            "side": version,
            "foot": f"{case.reference} · {version} · {record}",
            "pages": _("page {page} of {pages}"),
        },
    }


def _body(decision: Decision) -> dict[str, Any]:
    case, presented = decision.case, decision_parts.case_as_presented(decision)
    return {
        "identity": [
            [
                _("Patient"),
                decision_parts.patient_words(case.patient),
                _("Numbers"),
                _("%(case)s · hospital number %(hospital)s")
                % {"case": case.reference, "hospital": case.patient.hospital_number},
            ],
            [_("Referred by"), presented["referrer"], _("To"), _("Referrer; patient's record")],
        ],
        "since": since_part(decision),
        "question": {"label": _("Question"), "text": presented["question"]},
        "decision": {
            "headline": _("Decision: %(answer)s") % {"answer": headline(decision)},
            "lines": [line for line in [_reason_line(decision), type_line(decision)] if line],
        },
        "basis": _basis(decision),
        "plan": {
            "label": _("Plan"),
            "options": decision_parts.options(decision),
            "none": _("No treatment option was chosen."),
            "lines": decision_parts.wishes(decision),
        },
        "steps": {
            "head": [_("Next step"), _("Owner"), _("By")],
            "rows": decision_parts.steps(decision),
            "none": _("No next step was agreed."),
        },
        "agreement": {"label": _("Agreement"), "lines": decision_parts.agreement(decision)},
        "signatures": _signatures(decision),
        "end": _end(decision),
    }


def _reason_line(decision: Decision) -> str:
    """A deferral has no type: its reason takes that place."""
    return sentence(decision.reason_text) if decision.verdict == Decision.Verdict.DEFERRED else ""


def _basis(decision: Decision) -> dict[str, Any]:
    if decision.proposal is None:
        nothing = {"text": _("No findings were put before the meeting."), "source": ""}
        return {"label": _("What it rests on"), "rows": [{"label": _("Findings"), "parts": [nothing]}], "notes": []}
    return {
        "label": _("What it rests on"),
        "rows": basis.rows(decision.proposal),
        "notes": basis.notes(decision.proposal),
    }


def _signatures(decision: Decision) -> list[dict[str, str]]:
    signature = _signature(decision)
    entries = [
        {"role": _("Chair"), "name": signature.signed_by.display_name, "when": day(signature.signed_at, "time")}
        if signature
        else {"role": _("Chair"), "name": _("not signed"), "when": ""},
        {
            "role": _("Recorded by"),
            "name": decision.recorded_by.display_name,
            "when": day(decision.recorded_at, "time"),
        },
    ]
    if decision.responsible is not None:
        entries.append({"role": _("Responsible"), "name": decision.responsible.display_name, "when": ""})
    return entries


def _end(decision: Decision) -> list[str]:
    lines = []
    if decision.proposal is not None:
        sources = listed(basis.citations(decision.proposal), _("; "))
        named = _("Classification: %(edition)s") % {"edition": edition(decision)}
        lines.append(sentence(listed([named, sources], _("; "))))
    lines.append(_("A proposal by rules supports, and does not replace, the decision of the meeting."))
    if decision.is_signed:
        lines.append(
            _("Something else done than decided? Say so at %(link)s, until %(day)s, without signing in.")
            % {"link": report_link.address_of(decision), "day": day(report_link.last_day_of(decision))}
        )
        lines.append(_("Record digest (SHA-256): %(digest)s") % {"digest": decision.sign_off.digest})
    return lines
