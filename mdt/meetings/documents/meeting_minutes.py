"""What the minutes of a meeting say, as plain data, in the language that is active."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import Case
from mdt.meetings.attendance import Stay, marks_of, stays_of
from mdt.meetings.documents import decision_parts
from mdt.meetings.documents.decision_parts import labelled
from mdt.meetings.documents.desk_parts import notes_among, spoken_lines, spoken_words
from mdt.meetings.documents.details_then import corrected_among, corrected_notice, corrected_since
from mdt.meetings.documents.typesetting import printable_data
from mdt.meetings.documents.wording import (
    clock,
    date_parts,
    deputy_words,
    described,
    headline,
    listed,
    sentence,
    short_digest,
    type_line,
    type_words,
)
from mdt.meetings.models import AgendaItem, AttendanceMark, Decision, Meeting, Spoken
from mdt.people.templatetags.looks import day, discipline_label


def minutes_data(meeting: Meeting, language: str, *, withheld: frozenset[int] | None = None) -> dict[str, Any]:
    """Everything that the minutes print. Reads agenda, attendance and the newest version of each decision.

    `withheld`: ids of the cases that are left out; None for those whose data may only be stored now.
    """
    if withheld is None:  # read once: an order may be placed meanwhile
        held_back = Case.objects.restricted().filter(agenda_items__meeting=meeting)
        withheld = frozenset(held_back.values_list("pk", flat=True))
    standing = Decision.objects.current().filter(meeting=meeting).exclude(case__in=withheld)
    decisions = {decision.agenda_item_id: decision for decision in decision_parts.with_parts(standing)}
    spoken = Spoken.objects.select_related("person", "noted_by", "taken_back_by__noted_by")
    listed_cases = meeting.agenda.exclude(case__in=withheld).select_related("meeting", "reveal", "case__patient")
    agenda = list(listed_cases.prefetch_related(Prefetch("spoken", spoken)).order_by("position", "id"))
    marks = marks_of(meeting)
    corrected = corrected_among(decisions.values())  # signed minutes keep the details that were signed
    for item in agenda:
        if (decision := decisions.get(item.pk)) in corrected:
            item.case.patient = decision.case.patient
    with override(language), timezone.override(meeting.team.zone):
        return printable_data(
            {
                **_frame(meeting, language, agenda, decisions.values(), marks, withheld, corrected),
                **_body(agenda, decisions, marks, _ended_at(meeting)),
            }
        )


def _ended_at(meeting: Meeting) -> datetime | None:
    finish = getattr(meeting, "finish", None)
    return finish.finished_at if finish else None


def _newest_time(
    meeting: Meeting, agenda: list[AgendaItem], decisions: Iterable[Decision], marks, corrected: list[Decision]
) -> datetime:
    """The PDF's date: when the newest of what it prints was written."""
    times = [meeting.starts_at, *(item.added_at for item in agenda), *(mark.marked_at for mark in marks)]
    if (ended_at := _ended_at(meeting)) is not None:
        times.append(ended_at)
    times.extend(note.noted_at for item in agenda for note in item.spoken.all())
    for decision in decisions:
        times.append(decision.recorded_at)
        if decision.is_signed:
            times.append(decision.sign_off.signed_at)
    times.extend(each.correction.corrected_at for decision in corrected for each in corrected_since(decision))
    return max(times)


def _frame(
    meeting: Meeting, language: str, agenda, decisions, marks, withheld: frozenset[int], corrected: list[Decision]
) -> dict[str, Any]:
    title = _("Minutes of the tumour board")
    is_final = meeting.state == Meeting.State.HELD and all(decision.is_signed for decision in decisions)
    notices = []
    if meeting.state == Meeting.State.CANCELLED:
        notices.append(_("This meeting was cancelled."))
    elif meeting.state == Meeting.State.PLANNED:
        notices.append(_("PROVISIONAL. The meeting is not closed."))
    elif not is_final:
        notices.append(_("PROVISIONAL. Decisions marked as not signed hold once the chair has signed them."))
    for order in meeting.erased_items.values_list("order", flat=True):
        notices.append(_("A case of this agenda was erased by order %(order)d and is left out.") % {"order": order})
    for decision in corrected:
        words = {"case": decision.case.reference, "notice": corrected_notice(decision)}
        notices.append(_("%(case)s: %(notice)s") % words)
    # One that was taken off was not discussed here: nothing of it is missing.
    left_out = meeting.agenda.kept().filter(case__in=withheld)
    for reference in left_out.values_list("case__reference", flat=True):
        notices.append(_("%(case)s is left out: its data may only be stored.") % {"case": reference})
    return {
        "lang": language.partition("-")[0],
        "title": f"{title} · {meeting.reference}",
        "author": meeting.team.hospital,
        "date": date_parts(_newest_time(meeting, agenda, decisions, marks, corrected)),
        "draft": "" if is_final or meeting.state == Meeting.State.CANCELLED else _("PROVISIONAL"),
        "notices": notices,
        "head": {
            "title": title,
            "subtitle": _("Meeting %(meeting)s of %(day)s, %(time)s")
            % {"meeting": meeting.reference, "day": day(meeting.starts_at, "long"), "time": clock(meeting.starts_at)},
            "sender": [meeting.team.hospital, meeting.team.name],
        },
        "identity": [
            [
                _("Place"),
                listed([meeting.place, _("and by video") if meeting.video_url else ""], " ") or _("not stated"),
                _("Chair"),
                meeting.chair.display_name if meeting.chair else _("not stated"),
            ]
        ],
        "running": {
            "head": f"{title} · {meeting.reference}",
            "side": day(meeting.starts_at, "long"),
            "foot": meeting.reference,
            "pages": _("page {page} of {pages}"),
        },
    }


def _body(
    agenda: list[AgendaItem],
    decisions: dict[int, Decision],
    marks: list[AttendanceMark],
    ended_at: datetime | None,
) -> dict[str, Any]:
    discussed = [item for item in agenda if item.pk in decisions]
    left = [item for item in agenda if item.pk not in decisions]
    sealed = {item.case_id for item in agenda if item.is_sealed}
    return {
        "attendance": {
            "label": _("Attendance"),
            "head": [_("Name"), _("Discipline"), _("Present"), _("How")],
            "rows": _attendance(marks, ended_at),
            "none": _("Nobody was marked as present."),
        },
        "agenda": {
            "label": _("Agenda and outcome"),
            "head": [_("No."), _("Case"), _("Patient"), _("Outcome")],
            "rows": [_agenda_row(item, decisions.get(item.pk)) for item in agenda],
            "none": _("No case was listed."),
        },
        "cases": {"label": _("Cases"), "blocks": [_block(decisions[item.pk]) for item in discussed]},
        "left": {
            "label": _("Not discussed"),
            "head": [_("Case"), _("Patient"), _("Reason")],
            "rows": [
                [item.case.reference, item.case.patient.name, _why_left(item, item.case_id in sealed)] for item in left
            ],
            "none": _("Every case on the agenda was discussed."),
        },
        "actions": {
            "label": _("Next steps of all cases"),
            "head": [_("By"), _("Case"), _("Next step"), _("Owner")],
            "rows": _actions([decisions[item.pk] for item in discussed]),
            "none": _("No next step was agreed."),
        },
        "signatures": {
            "label": _("Signatures"),
            "head": [_("Case"), _("Version"), _("Signed by the chair"), _("Record")],
            "rows": [_signature(decisions[item.pk]) for item in discussed],
            "none": _("Nothing was to be signed."),
        },
        "end": [_("A proposal by rules supports, and does not replace, the decision of the meeting.")],
    }


def _attendance(marks: list[AttendanceMark], ended_at: datetime | None) -> list[list[str]]:
    """Each person once, with every time they came and left; whoever stayed, until the meeting ended."""
    rows = []
    for theirs in stays_of(marks).values():
        present = [stay for stay in theirs if stay.mark.is_present]
        if not present:
            continue
        ways = {_("by video") if stay.mark.is_remote else _("in the room") for stay in present}
        spoken_for = dict.fromkeys(
            described([discipline_label(stay.mark.discipline), deputy_words(stay.mark)]) for stay in present
        )
        rows.append(
            [
                present[0].mark.person.display_name,
                listed(spoken_for),
                listed((_stay(since, until or ended_at) for since, until in _joined(present)), _("; ")),
                listed(sorted(ways)),
            ]
        )
    return rows


def _joined(stays: list[Stay]) -> list[tuple[datetime, datetime | None]]:
    """Stays that follow each other without a gap (somebody moved to video) as one."""
    joined: list[tuple[datetime, datetime | None]] = []
    for stay in stays:
        if joined and joined[-1][1] == stay.since:
            joined[-1] = (joined[-1][0], stay.until)
        else:
            joined.append((stay.since, stay.until))
    return joined


def _stay(since: datetime, until: datetime | None) -> str:
    if until is None:
        return _("from %(from)s") % {"from": clock(since)}
    return _("%(from)s to %(to)s") % {"from": clock(since), "to": clock(until)}


def _agenda_row(item: AgendaItem, decision: Decision | None) -> list[str]:
    if decision is None:
        outcome = _("Not discussed.")
    elif decision.verdict == Decision.Verdict.DEFERRED:
        outcome = sentence(_("Deferred: %(reason)s") % {"reason": decision.get_reason_display()})
    else:
        intent = decision.get_intent_display() if decision.intent else ""
        outcome = sentence(listed([type_words(decision.category, item.case.pathway), intent], _("; ")))
    if item.lane == AgendaItem.Lane.STANDARD_OF_CARE:
        outcome = _("%(outcome)s Standard of care, not discussed.") % {"outcome": outcome if decision else ""}
        outcome = outcome.strip()
    if decision is not None and not decision.is_signed:
        outcome = _("%(outcome)s Not signed.") % {"outcome": outcome}
    return [str(item.position), item.case.reference, item.case.patient.name, outcome]


def _block(decision: Decision) -> dict[str, Any]:
    case = decision.case
    version = _("version %(version)d") % {"version": decision.version}
    lines = [labelled(_("Question:"), decision_parts.case_as_presented(decision)["question"])]
    if left_open := decision_parts.left_open(decision):
        lines.append(labelled(_("Open by the rules, neither chosen nor rejected:"), left_open))
    if decision.amendment_reason:
        lines.append(labelled(_("Amended:"), sentence(decision.amendment_reason)))
    return {
        "heading": f"{decision.agenda_item.position}. {case.reference} · {decision_parts.patient_words(case.patient)}",
        "note": described([version, "" if decision.is_signed else _("not signed")]),
        "question": lines[0],
        "headline": _("Decision: %(answer)s") % {"answer": headline(decision)},
        "lines": [line for line in [_deferral(decision), type_line(decision)] if line],
        "options": decision_parts.options(decision),
        "details": [
            *lines[1:],
            *decision_parts.wishes(decision),
            *(labelled(_("Said in the room:"), line) for line in spoken_lines(decision)),
            *decision_parts.agreement(decision),
        ],
        "steps": {"head": [_("Next step"), _("Owner"), _("By")], "rows": decision_parts.steps(decision)},
    }


def _deferral(decision: Decision) -> str:
    return sentence(decision.reason_text) if decision.verdict == Decision.Verdict.DEFERRED else ""


def _why_left(item: AgendaItem, is_sealed: bool) -> str:
    """Why there is no decision, and what was said all the same; nothing of that while opinions on it are sealed."""
    why = _("No decision was recorded.")
    if item.state == AgendaItem.State.REMOVED:
        why = sentence(item.removed_reason) or _("Taken off the agenda.")
    said = [] if is_sealed else [spoken_words(note) for note in notes_among(item.spoken.all())]
    return "\n".join([why, _("Said in the room:"), *said]) if said else why


def _actions(decisions: list[Decision]) -> list[list[str]]:
    steps = [(step.due_on, decision, step) for decision in decisions for step in decision.next_steps.all()]
    steps.sort(key=lambda entry: (entry[0], entry[1].agenda_item.position, entry[2].pk))
    rows = []
    for _due, decision, step in steps:
        what, owner, due = decision_parts.step_row(step)
        rows.append([due, decision.case.reference, what, owner])
    return rows


def _signature(decision: Decision) -> list[str]:
    version = str(decision.version)
    if not decision.is_signed:
        return [decision.case.reference, version, _("not signed"), ""]
    sign_off = decision.sign_off
    signed = _("%(person)s, %(time)s") % {
        "person": sign_off.signed_by.display_name,
        "time": day(sign_off.signed_at, "time"),
    }
    return [decision.case.reference, version, signed, short_digest(sign_off.digest)]
