"""From what was recorded to the row that is counted. Reads only; mdt.audit.rows.actions writes.

Times of the cases of one call are read together: a fixed number of queries, however many cases.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache

from django.db.models import QuerySet

from cases.models import Case, Proposal
from cases.reasoning import pathway_of
from classification import load_rulebook
from mdt.audit.followup.models import ImplementationReport
from mdt.audit.outcomes.course import Course, courses_of
from mdt.audit.outcomes.models import FollowUpEvent
from mdt.audit.rows.models import AuditRow
from mdt.audit.rows.packed import pack_standards
from mdt.meetings.concordance import concordance_with_pathway
from mdt.meetings.models import AgendaItem, Decision, Meeting, Release, Told
from mdt.meetings.outcome.working_days import WorkingDays, between, day_of, working_days_of
from mdt.meetings.shown import offered_by

READY = ("known", "disputed")  # as the queue counts it
PREFERENCE, COMORBIDITY = "patient_preference", "comorbidity_note"
FAR = 32_000  # days: what is further away is a slip of the keyboard, and fits no small column


@dataclass
class _Read:
    """The rows beside the agenda items, each by the key under which it is looked up."""

    decisions: dict[int, list[Decision]] = field(default_factory=dict)  # by agenda item, newest first
    reports: dict[int, ImplementationReport] = field(default_factory=dict)  # newest, by agenda item
    released_at: dict[int, datetime] = field(default_factory=dict)  # first, by agenda item
    told_on: dict[int, date] = field(default_factory=dict)  # first, by agenda item
    readiness: dict[int, list[tuple[datetime, bool]]] = field(default_factory=dict)  # by case, in order
    courses: dict[int, Course] = field(default_factory=dict)  # by case
    working_days: dict[int, WorkingDays] = field(default_factory=dict)  # by team


def items_of(cases: Iterable[int]) -> QuerySet[AgendaItem]:
    """Every place on an agenda that these cases ever had; of one that was referred by mistake, none."""
    return (
        AgendaItem.objects.filter(case__in=list(cases))
        .exclude(case__in=Case.objects.restricted())
        .exclude(case__closed_as=Case.Closing.MISTAKE)
        .select_related("case", "meeting__team")
        .order_by("case_id", "meeting__starts_at", "id")
    )


def rows_of(cases: Iterable[int]) -> list[AuditRow]:
    """The rows of these cases, unsaved: one for each agenda item that counts."""
    items = list(items_of(cases))
    read = _read(items)
    rows, decided = [], set()
    for item in items:
        row = _row(item, read, is_again=item.case_id in decided)
        if row is None:
            continue
        rows.append(row)
        if row.ended == AuditRow.Ended.DECIDED:
            decided.add(item.case_id)
    return rows


def _read(items: list[AgendaItem]) -> _Read:
    read = _Read()
    ids = [item.pk for item in items]
    decisions = Decision.objects.filter(agenda_item__in=ids)
    decisions = decisions.select_related("sign_off", "proposal__case", "meeting__team")
    heavy = ("statements", "contradictions", "readiness", "outcome_packed", "outcome_plain", "answers")
    decisions = decisions.prefetch_related("options", "dissents", "condition_rows").defer(
        *(f"proposal__{name}" for name in heavy)
    )
    for decision in decisions.order_by("-version"):
        read.decisions.setdefault(decision.agenda_item_id, []).append(decision)
    for report in ImplementationReport.objects.filter(decision__agenda_item__in=ids).select_related("decision"):
        newest = read.reports.get(report.decision.agenda_item_id)
        if newest is None or report.pk > newest.pk:
            read.reports[report.decision.agenda_item_id] = report
    releases = Release.objects.filter(decision__agenda_item__in=ids).order_by("-released_at")
    read.released_at = dict(releases.values_list("decision__agenda_item", "released_at"))
    told = Told.objects.filter(decision__agenda_item__in=ids, whom=Told.Whom.PATIENT).order_by("-told_on")
    read.told_on = dict(told.values_list("decision__agenda_item", "told_on"))
    proposals = Proposal.objects.filter(case__in={item.case_id for item in items}).order_by("case", "number")
    for case_id, made_at, readiness in proposals.values_list("case", "made_at", "readiness"):
        is_ready = bool(readiness) and all(entry["state"] in READY for entry in readiness)
        read.readiness.setdefault(case_id, []).append((made_at, is_ready))
    read.courses = courses_of({item.case_id for item in items})
    read.working_days = {team.pk: working_days_of(team) for team in {item.meeting.team for item in items}}
    return read


def _row(item: AgendaItem, read: _Read, *, is_again: bool) -> AuditRow | None:
    """The row; None for a case that was taken off before its meeting, or whose meeting was cancelled."""
    decisions = read.decisions.get(item.pk, [])
    ended = _ended(item, decisions)
    if ended is None:
        return None
    case, meeting = item.case, item.meeting
    row = AuditRow(
        item_id=item.pk,
        team_id=meeting.team_id,
        case_id=item.case_id,
        meeting_id=item.meeting_id,
        pathway=case.pathway,
        meeting_on=day_of(meeting.starts_at, meeting.team),
        ended=ended,
        left_because=item.left_because,
        lane=item.lane,
        is_late=bool(item.late_reason),
        is_again=is_again,
    )
    ready_on = _ready_on(case, meeting, read.readiness.get(case.pk, []))
    row.ready_after_days = _days(case.referred_on, ready_on)
    if decisions:
        row.discussed_after_days = _days(ready_on, row.meeting_on)
        _fill_decision(row, decisions[0], read, meeting)
    return row


def _ended(item: AgendaItem, decisions: list[Decision]) -> str | None:
    if decisions:
        newest = decisions[0]
        return AuditRow.Ended.DEFERRED if newest.verdict == Decision.Verdict.DEFERRED else AuditRow.Ended.DECIDED
    if item.left_because or (item.meeting.state == Meeting.State.HELD and item.state != AgendaItem.State.REMOVED):
        return AuditRow.Ended.NOT_DISCUSSED
    if item.state == AgendaItem.State.REMOVED or item.meeting.state == Meeting.State.CANCELLED:
        return None
    return AuditRow.Ended.OPEN


def _ready_on(case: Case, meeting: Meeting, readiness: list[tuple[datetime, bool]]) -> date | None:
    """The day from which the case was ready without a break until its meeting; None if it was not ready then."""
    since = None
    for made_at, is_ready in readiness:
        if made_at > meeting.starts_at:
            break
        since = (since or made_at) if is_ready else None
    return None if since is None else day_of(since, meeting.team)


def _fill_decision(row: AuditRow, decision: Decision, read: _Read, meeting: Meeting) -> None:
    options = list(decision.options.all())
    first = options[0] if options else None
    row.decision_id = decision.pk
    row.verdict, row.confirmed, row.intent = decision.verdict, decision.category, decision.intent
    row.departure, row.dissents = decision.reason, len(decision.dissents.all())
    row.is_signed, row.is_quorate = decision.is_signed, decision.is_quorate
    row.discipline = _discipline_of(decision)
    row.standards = pack_standards(decision.checklist, (seat["discipline"] for seat in decision.present))
    row.option, row.treatment = (first.option, _kind_of(row.pathway, first.option)) if first else ("", "")
    row.concordance = concordance_with_pathway(decision) or ""
    started_on = _fill_report(row, read.reports.get(decision.agenda_item_id))
    _fill_course(row, read.courses.get(row.case_id) or Course(), started_on)
    if decision.proposal is not None:
        _fill_proposal(row, decision.proposal, decision.decided_on)
    if (released_at := read.released_at.get(decision.agenda_item_id)) is not None:
        days = read.working_days[meeting.team_id]
        row.released_on = day_of(released_at, meeting.team)
        row.released_after_days = _small(between(days, row.meeting_on, row.released_on))
    told_on = read.told_on.get(decision.agenda_item_id)
    row.told_after_days = _days(row.meeting_on, told_on)
    row.treated_after_days = _days(told_on, row.treatment_began_on)


def _discipline_of(decision: Decision) -> str:
    """As the decision keeps it: whoever changes discipline later does not change what was."""
    seats = (seat for seat in decision.present if seat["person"] == decision.responsible_id)
    return next((seat["discipline"] for seat in seats), "")


def _fill_report(row: AuditRow, report: ImplementationReport | None) -> date | None:
    """What became of it: not known until somebody reports. The day on which treatment began, if it was said."""
    if row.ended == AuditRow.Ended.DECIDED:
        row.implementation = report.status if report else AuditRow.Implementation.UNKNOWN
        row.not_done_because = report.reason if report else ""
    return report.treatment_started_on if report else None


def _fill_course(row: AuditRow, course: Course, started_on: date | None) -> None:
    """What became of the patient since this meeting; what happened before it is not its outcome."""
    row.treatment_began_on = started_on or course.treated_from(row.meeting_on)
    row.response = course.best_response(row.meeting_on)
    if resection := course.first(FollowUpEvent.Kind.RESECTION, row.meeting_on):
        row.resected_on, row.r_status = resection.happened_on, resection.value
    if recurrence := course.first(FollowUpEvent.Kind.RECURRENCE, row.resected_on or row.meeting_on):
        row.recurred_on = recurrence.happened_on
    row.last_seen_on, row.died_on = course.last_seen_on, course.died_on
    row.is_contradictory = bool(course.contradictions) or (row.died_on is not None and row.died_on < row.meeting_on)


def _fill_proposal(row: AuditRow, proposal: Proposal, decided_on: date) -> None:
    _possible, row.proposed = offered_by(proposal.types_possible.split(), proposal.types_provisional.split())
    row.edition = f"{proposal.system} {proposal.edition}"
    facts = proposal.current_facts
    row.has_preference, row.has_comorbidity = PREFERENCE in facts, COMORBIDITY in facts
    if row.treatment_began_on is not None:
        row.is_prospective = row.treatment_began_on >= decided_on
    elif facts.get(pathway_of(row.pathway).baseline_fact) is True:
        row.is_prospective = True


def _kind_of(pathway: str, option: str) -> str:
    """What kind of treatment an option is, by the rulebook of today; "other" for the meeting's own."""
    return kinds_of_options(pathway).get(option, "other")


@cache
def kinds_of_options(pathway: str) -> dict[str, str]:
    """Option → its kind, of a pathway. Read once per process."""
    return {option.id: option.kind for option in load_rulebook()[pathway].options or ()}


def _days(first: date | None, last: date | None) -> int | None:
    return None if first is None or last is None else _small((last - first).days)


def _small(days: int) -> int:
    return max(-FAR, min(FAR, days))
