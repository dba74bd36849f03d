"""What the files of a pack hold: one decision with all that it rests on, and lines of the event log."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases.models import Case, Finding, Proposal
from mdt.audit.packs.rows import columns, with_rows, written
from mdt.events.chain import subject_of
from mdt.events.erasing import content_digest
from mdt.events.models import ChainHead, Event
from mdt.meetings.actions.signed_shapes import signed_content
from mdt.meetings.documents.decision_parts import case_as_presented
from mdt.meetings.models import AgendaItem, Decision, Meeting
from mdt.people.models import User
from mdt.rulebook.models import EditionStep

FORMAT = "mdt-audit-pack/1"
QUEUE_COLUMNS = (
    "is_ready",
    "is_disputed",
    "readiness",
    "types_possible",
    "types_provisional",
    "liver",
    "to_confirm",
    "meets_at",
    "is_sealed",
    "came_back_for",
    "search_text",
)


def decision_file(item: AgendaItem) -> dict[str, Any]:
    """A case at one meeting: facts as they were seen, proposal, every version of the decision, what followed."""
    versions = list(item.decisions.select_related("proposal", "sign_off", "case__team", "meeting").order_by("version"))
    proposals = {version.proposal_id: version.proposal for version in versions if version.proposal_id}
    meeting = Meeting.objects.select_related("team").get(pk=item.meeting_id)
    return {
        "format": FORMAT,
        "case": columns(item.case, *QUEUE_COLUMNS),
        "as_presented": case_as_presented(versions[-1]),
        "patient": columns(item.case.patient),
        "corrections": [written(each) for each in item.case.patient.corrections.order_by("pk")],
        "meeting": {
            **columns(meeting, "video_url"),
            "reference": meeting.reference,
            "attendance_marks": [written(mark) for mark in meeting.attendance_marks.order_by("pk")],
        },
        "agenda_item": with_rows(item),
        "proposals": [_proposal(each, meeting) for each in proposals.values()],
        "findings": [written(each) for each in _findings(item.case, proposals.values())],
        "signatures_under_rules": [written(step) for step in _edition_steps(proposals.values())],
        "versions": [_version(version) for version in versions],
        "signatures": [
            {
                "case": item.case.reference,
                "version": version.version,
                "digest": version.sign_off.digest,
                "signed": signed_content(version, version.sign_off.shape),
            }
            for version in versions
            if version.is_signed
        ],
        "follow_up": [written(event) for event in item.case.follow_up_events.order_by("pk")],
    }


def _version(decision: Decision) -> dict[str, Any]:
    papers = decision.documents.defer("content").order_by("pk")
    return {
        **with_rows(decision),
        "papers": [
            {
                "kind": paper.kind,
                "language": paper.language,
                "digest": paper.digest,
                "made_at": paper.made_at.astimezone(UTC).isoformat(),
            }
            for paper in papers
        ],
    }


def _proposal(proposal: Proposal, meeting: Meeting) -> dict[str, Any]:
    """The snapshot, with the age of each statement on the day of the meeting."""
    held_on = meeting.local_start.date()
    ages = {
        fact: [_age(statement.get("on"), held_on) for statement in statements]
        for fact, statements in proposal.current_statements.items()
    }
    return {
        **written(proposal),
        "outcome": proposal.outcome,
        "current_facts": proposal.current_facts,
        "days_old_at_meeting": ages,
    }


def _age(on: str | None, held_on) -> int | None:
    return (held_on - datetime.fromisoformat(on).date()).days if on else None


def _findings(case: Case, proposals) -> QuerySet[Finding]:
    """What had been recorded when the last of these proposals was made, corrected findings too."""
    last = max((proposal.made_at for proposal in proposals), default=None)
    rows = case.findings.order_by("pk")
    return rows if last is None else rows.filter(recorded_at__lte=last)


def _edition_steps(proposals) -> QuerySet[EditionStep]:
    asked = Q(pk__in=[])
    for proposal in proposals:
        asked |= Q(scheme=proposal.system, edition=proposal.edition, signed_at__lte=proposal.made_at)
    return EditionStep.objects.filter(asked).order_by("pk")


def line(event: Event) -> dict[str, Any]:
    """A line of the log exactly as its digest covers it; of one from which an erasure took something, what is left."""
    if content_digest(event) != event.digest:
        # Without "previous" the script of the pack does not recompute it: the order's own line names what is left.
        return {"number": event.number, "stripped_by_an_erasure": True, "kind": event.kind, "digest": event.digest}
    return {
        "previous": event.previous_digest,
        "number": event.number,
        "at": event.at.astimezone(UTC).isoformat(),
        "by": event.by_id,
        "team": event.team_id,
        "case": event.case_reference,
        "kind": event.kind,
        "subject": event.subject,
        "data": event.data,
        **({"rows": event.rows} if event.rows else {}),
        "digest": event.digest,
    }


def case_log(case: Case) -> dict[str, Any]:
    """Every line of a case, reading too."""
    return {"format": FORMAT, "case": case.reference, "lines": [line(e) for e in Event.objects.of_case(case.reference)]}


def meeting_log(meeting: Meeting) -> dict[str, Any]:
    """Every line of a meeting that belongs to no case: planned, attendance, finished."""
    own = Q(subject=subject_of(meeting)) | Q(data__meeting=meeting.reference)
    events = Event.objects.filter(own, team=meeting.team_id, case_reference="").order_by("number")
    return {"format": FORMAT, "meeting": meeting.reference, "lines": [line(event) for event in events]}


def people_file(ids: set[int]) -> dict[str, Any]:
    """Who the numbers of people in the other files are."""
    rows = User.objects.filter(pk__in=ids).order_by("pk")
    return {
        "format": FORMAT,
        "people": [
            {"id": person.pk, **{n: getattr(person, n) for n in ("username", "name", "title", "discipline")}}
            for person in rows
        ],
    }


def head() -> dict[str, Any]:
    """Where the whole log of the installation ended when the pack was made."""
    found = ChainHead.objects.get(pk=1)
    return {"number": found.number, "digest": found.digest}
