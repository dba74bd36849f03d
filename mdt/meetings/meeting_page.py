"""What the pages of a meeting show, in a fixed number of queries."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import chain

from django.db.models import Prefetch
from django.utils import timezone

from cases.models import Case, Proposal
from mdt.meetings.actions.agenda import is_slip, needs_late_reason
from mdt.meetings.attendance import EXPECTED as ROLES
from mdt.meetings.attendance import Seat, marked_at_once, office_holders, seats_of
from mdt.meetings.calendar.coming import Coming, gaps, open_proposals
from mdt.meetings.calendar.expected import Expected, announced, asked_to, people_of_team
from mdt.meetings.calendar.list_page import counted, meter_of
from mdt.meetings.calendar.own import own_answers
from mdt.meetings.forms.meeting import ListCaseForm
from mdt.meetings.lane.page import figures_of
from mdt.meetings.models import AgendaItem, Decision, Meeting, Reply
from mdt.meetings.outcome.release_page import outcomes_context
from mdt.meetings.planning.needs import Needs, complexities, needs_of
from mdt.meetings.planning.order import break_of
from mdt.meetings.quorum import Quorum, quorum_for
from mdt.people.models import User
from mdt.people.permissions import Permission, can, roles_by_team, teams_with

CANDIDATES = 12


@dataclass(frozen=True)
class Row:
    """One case on the agenda, with its newest decision and the quorum of those present, or before that expected."""

    item: AgendaItem
    decision: Decision | None
    quorum: Quorum

    @property
    def case(self) -> Case:
        return self.item.case


@dataclass(frozen=True)
class Candidate:
    """A case that may be put on the agenda, and what was typed if it was refused just now."""

    case: Case
    needs_reason: bool
    is_again: bool
    needs: Needs
    refused: ListCaseForm | None = None


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """Items in order, each with case, patient and the newest version of its decision (`standing`). Two queries."""
    standing = Prefetch("decisions", Decision.objects.current().select_related("sign_off", "case"), to_attr="standing")
    items = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).exclude(case__in=Case.objects.restricted())
    return list(
        items.select_related("case__patient", "case__team", "reveal", "meeting")
        .prefetch_related(standing)
        .order_by("position", "id")
    )


def rights_in(meeting: Meeting, user: User) -> dict[str, bool]:
    """What the reader may do here; once the meeting is over nothing about its agenda changes."""
    is_planned = meeting.state == Meeting.State.PLANNED
    return {
        "plan": is_planned and can(user, Permission.MEETING_PLAN, meeting.team_id),
        "mark": is_planned and can(user, Permission.ATTENDANCE_MARK, meeting.team_id),
        "mark_own": is_planned and can(user, Permission.ATTENDANCE_OWN, meeting.team_id),
        "move": is_planned and can(user, Permission.TABLE_MOVE, meeting.team_id),
        "reply": is_planned and bool(roles_by_team(user).get(meeting.team_id, set()) & set(ROLES)),
        "decide": can(user, Permission.DECISION_RECORD, meeting.team_id),
        "sign": can(user, Permission.DECISION_SIGN, meeting.team_id),
        "record": can(user, Permission.FINDING_RECORD, meeting.team_id),
    }


def _rows(meeting: Meeting, disciplines: Collection[str]) -> tuple[list[Row], dict[int, Proposal]]:
    """The agenda with the quorum of these disciplines, and of undecided cases the proposals that the room may see."""
    items = agenda_of(meeting)
    proposals = open_proposals(item for item in items if not item.standing)
    rows = [
        Row(
            item,
            item.standing[0] if item.standing else None,
            quorum_for(item.case, proposals.get(item.case_id), disciplines),
        )
        for item in items
    ]
    return rows, proposals


def candidates_for(meeting: Meeting, search: str, refused: ListCaseForm | None = None) -> list[Candidate]:
    """Cases for the agenda: ready ones first, then those in preparation; signed ones that come back only by search."""
    found = Case.objects.open().of_teams([meeting.team_id]).select_related("patient")
    words = search.replace("\x00", "").split()[:8]
    for word in words:
        found = found.filter(search_text__icontains=word)
    waiting = found.filter(state=Case.State.REFERRED).order_by("target_on", "id")
    groups = [waiting.filter(is_ready=True), waiting.filter(is_ready=False)]
    if words:
        groups.append(found.filter(state=Case.State.SIGNED).order_by("-id"))
    if refused is not None:
        groups.insert(0, found.filter(reference=refused.data.get("case", ""), state__in=("referred", "signed")))
    cases = {case.pk: case for case in chain.from_iterable(group[:CANDIDATES] for group in groups)}
    cases = dict(list(cases.items())[:CANDIDATES])
    counted = complexities(cases.values())
    return [
        Candidate(
            case=case,
            needs_reason=needs_late_reason(meeting, case),
            is_again=case.state == Case.State.SIGNED,
            needs=needs_of(case, counted[case.pk], ()),
            refused=refused if refused is not None and refused.data.get("case") == case.reference else None,
        )
        for case in cases.values()
    ]


def _guests(meeting: Meeting, seats: list[Seat]) -> list[User]:
    """People of the team's offices, who have no seat until somebody marks them."""
    there = {seat.person.pk for seat in seats}
    return list(User.objects.filter(pk__in=office_holders(meeting) - there).order_by("name", "pk"))


def meeting_context(meeting: Meeting, user: User, *, search: str = "", refused: ListCaseForm | None = None) -> dict:
    """Everything of the page of one meeting."""
    asked = asked_to([meeting])
    seats = with_answers(seats_of(meeting), asked[meeting.pk])
    present = [seat for seat in seats if seat.is_present]
    is_held = is_held_now(meeting, present)
    is_forecast = meeting.state == Meeting.State.PLANNED and not present  # until then nobody is marked
    expected = asked[meeting.pk]
    counted_on = [one for one in expected if one.counts] if is_forecast else present
    rows, proposals = _rows(meeting, {one.discipline for one in counted_on})
    may = rights_in(meeting, user)
    minutes = sum(row.item.planned_minutes for row in rows if row.item.lane == AgendaItem.Lane.DISCUSS)
    search = search.strip()[:80]
    return {
        "meeting": meeting,
        "may": may,
        "rows": rows,
        "counts": figures_of(meeting),
        "pause": break_of(meeting, [row.item for row in rows]),
        "minutes": minutes,
        "minutes_over": max(minutes - meeting.minutes_available, 0),
        "meter": meter_of(minutes, meeting.minutes_available),
        "is_cut_off": timezone.now() > meeting.cut_off_at,
        "now": timezone.now(),
        "is_running": meeting.state == Meeting.State.PLANNED and meeting.sittings.exists(),
        "seats": seats,
        "present": present,
        "is_held_now": is_held,
        "may_ask": [] if is_forecast else may_ask(rows),
        "announced": announced(seats, asked[meeting.pk]) if may["mark"] and is_held else [],
        "at_once": marked_at_once(seats, user) if may["mark"] else [],
        "is_forecast": is_forecast,
        "slips": {row.item.pk for row in rows if is_slip(row.item, user)} if may["plan"] else set(),
        "answered": {one.discipline for one in expected if one.has_said_so},
        "has_declined": any(one.has_declined for one in expected),
        "guests": _guests(meeting, seats) if may["mark"] else [],
        "removed": meeting.agenda.filter(state=AgendaItem.State.REMOVED)
        .exclude(case__in=Case.objects.restricted())
        .select_related("case__patient", "moved_to__meeting__team"),
        "restricted": meeting.agenda.filter(case__in=Case.objects.restricted()).values_list(
            "case__reference", flat=True
        ),
        "erased": meeting.erased_items.values_list("order", flat=True),
        **outcomes_context(meeting),
        **_coming(meeting, user, asked, rows, proposals),
        "search": search,
        "candidates": candidates_for(meeting, search, refused) if may["plan"] else [],
    }


def with_answers(seats: list[Seat], asked: list[Expected]) -> list[Seat]:
    """The seats with what each person answered to the invitation."""
    said = {one.person.pk: one.answer for one in asked if one.is_called or one.answer != Reply.Answer.OPEN}
    return [replace(seat, said=said.get(seat.person.pk, "")) for seat in seats]


def may_ask(rows: list[Row]) -> list[tuple[str, int]]:
    """Disciplines not marked as present that sealed cases may ask for once their table is open, with how many may."""
    open_rows = [row for row in rows if row.decision is None and row.item.lane == AgendaItem.Lane.DISCUSS]
    asked = Counter(
        code for row in open_rows for code in {code for rule in row.quorum.perhaps for code in rule.missing}
    )
    return sorted(asked.items())


def is_held_now(meeting: Meeting, present: list[Seat]) -> bool:
    """Whether attendance is the business of the hour: on the day of the meeting and after it, by the team's clock, or
    as soon as somebody is there."""
    return meeting.state == Meeting.State.PLANNED and (meeting.has_day_come or bool(present))


def _coming(
    meeting: Meeting, user: User, asked: dict[int, list[Expected]], rows: list[Row], proposals: dict[int, Proposal]
) -> dict:
    """Who is asked and what they answered, what the listed cases will lack, and one's own answer."""
    waiting = [row.item for row in rows if row.decision is None and row.item.lane == AgendaItem.Lane.DISCUSS]
    return {
        "coming": Coming(asked[meeting.pk], gaps(asked[meeting.pk], waiting, proposals)),
        "own": own_answers(user, [meeting], asked)[0],
        "team_people": people_of_team(meeting.team_id),
    }


def next_context(user: User) -> dict:
    """The next planned meeting of the person's teams with its quorum; `meeting` is None where none is planned."""
    mine = counted(Meeting.objects.filter(team_id__in=teams_with(user, Permission.MEETING_VIEW)))
    meeting = mine.filter(state=Meeting.State.PLANNED).order_by("starts_at", "id").first()
    can_plan = bool(teams_with(user, Permission.MEETING_PLAN))
    if meeting is None:
        return {"meeting": None, "can_plan": can_plan}
    return {
        "meeting": meeting,
        "can_plan": can_plan,
        "meter": meter_of(meeting.minutes, meeting.minutes_available),
        "is_cut_off": timezone.now() > meeting.cut_off_at,
    }


def listing_context(case: Case | None) -> dict:
    """For the list of meetings, where one button of each row puts the case on that agenda; None: no case is chosen."""
    if case is None:
        return {"to_list": None}
    minutes = needs_of(case, complexities([case])[case.pk], ()).minutes
    return {"to_list": case, "to_list_minutes": minutes}
