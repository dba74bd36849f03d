"""The page of the standard-of-care lane of one meeting, and the page of a team's protocols."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from cases.models import Case
from cases.reasoning import pathways_in_use
from mdt.meetings.lane.protocols import Standing, misfits, protocols_of
from mdt.meetings.lane.steps import NEEDED, LaneCounts, counts_of, marks_now, pulled_back, steps_of
from mdt.meetings.models import AgendaItem, Decision, LaneStep, Meeting
from mdt.people.disciplines import Discipline
from mdt.people.models import Membership, Role, Team, User
from mdt.people.permissions import Permission, can


@dataclass(frozen=True)
class LaneRow:
    """One case on the agenda as the lane sees it.

    `marks` are the triages that count; `fitting` the signed protocols that this case may go by; `why_not` why it may
    not by any; `back` the pulling back that holds.
    """

    item: AgendaItem
    marks: list[LaneStep]
    decision: Decision | None
    fitting: list[Standing] = field(default_factory=list)
    why_not: list[str] = field(default_factory=list)
    back: LaneStep | None = None
    protocol: Standing | None = None
    has_mark_of_reader: bool = False

    @property
    def case(self):
        return self.item.case

    @property
    def is_in_lane(self) -> bool:
        return self.item.lane == AgendaItem.Lane.STANDARD_OF_CARE

    @property
    def still_needed(self) -> int:
        return max(0, NEEDED - len(self.marks))


def items_with_steps(meeting: Meeting) -> list[AgendaItem]:
    """The agenda with each item's steps and newest decision, in three queries."""
    steps = Prefetch("lane_steps", LaneStep.objects.select_related("person").order_by("id"))
    standing = Prefetch("decisions", Decision.objects.current().select_related("sign_off", "case"), to_attr="standing")
    items = meeting.agenda.exclude(state=AgendaItem.State.REMOVED).exclude(case__in=Case.objects.restricted())
    items = items.select_related("case__patient", "case__team", "moved_from")
    return list(items.prefetch_related(steps, standing).order_by("position", "id"))


def figures_of(meeting: Meeting) -> LaneCounts:
    """Cases in each lane, and how many were pulled back."""
    items = meeting.agenda.exclude(state=AgendaItem.State.REMOVED)
    return counts_of(items.prefetch_related("lane_steps"))


def may_triage(user: User, team: Team) -> bool:
    """Triage is a clinician's: the right, and a discipline that treats or diagnoses."""
    return can(user, Permission.CASE_TRIAGE, team) and user.discipline not in ("", Discipline.COORDINATION)


def lane_context(meeting: Meeting, user: User) -> dict:
    """Everything of the page of the lane of one meeting."""
    items = items_with_steps(meeting)
    pathways = tuple(dict.fromkeys(item.case.pathway for item in items))
    standings = protocols_of(meeting.team, pathways)
    rows = [_row(item, standings, user) for item in items]
    is_planned = meeting.state == Meeting.State.PLANNED
    in_lane = [row for row in rows if row.is_in_lane]
    return {
        "meeting": meeting,
        "in_lane": in_lane,
        "others": [row for row in rows if not row.is_in_lane and row.decision is None],
        "counts": counts_of(items),
        "protocols": standings,
        "has_usable": any(standing.is_usable for standing in standings),
        "unrecorded": [row for row in in_lane if row.decision is None],
        "unsigned": [row for row in in_lane if row.decision is not None and not row.decision.is_signed],
        "people": _people(meeting.team),
        "may": {
            "triage": is_planned and may_triage(user, meeting.team),
            "pull": is_planned and can(user, Permission.FINDING_RECORD, meeting.team),
            "record": is_planned and can(user, Permission.DECISION_RECORD, meeting.team),
            "sign": can(user, Permission.DECISION_SIGN, meeting.team),
        },
    }


def _row(item: AgendaItem, standings: list[Standing], user: User) -> LaneRow:
    steps = steps_of(item)
    marks = marks_now(steps)
    own = [each for each in standings if each.pathway == item.case.pathway and each.is_usable]
    if marks:  # a second triager agrees with the first, or does not
        own = [each for each in own if each.protocol.id == marks[0].protocol]
    reasons = {each: misfits(item.case, each.protocol) for each in own}
    fitting = [each for each in own if not reasons[each]]
    shared = list(dict.fromkeys(reason for each in own for reason in reasons[each])) if not fitting else []
    named = next((each for each in standings if marks and each.protocol.id == marks[0].protocol), None)
    return LaneRow(
        item=item,
        marks=marks,
        decision=item.standing[0] if item.standing else None,
        fitting=fitting,
        why_not=shared,
        back=pulled_back(steps) if item.lane == AgendaItem.Lane.DISCUSS else None,
        protocol=named,
        has_mark_of_reader=any(mark.person_id == user.pk for mark in marks),
    )


def _people(team: Team) -> list[User]:
    """Who may be named as responsible: members and chairs with a discipline."""
    roles = (Role.MEMBER, Role.CHAIR)
    rows = Membership.objects.filter(team=team, role__in=roles, user__is_active=True).select_related("user")
    people = {row.user_id: row.user for row in rows.order_by("user__name", "user_id")}
    return [person for person in people.values() if person.discipline]


def protocols_context(team: Team, user: User) -> dict:
    """The protocols of the pathways in use, signed or drafts."""
    return {
        "team": team,
        "protocols": protocols_of(team, pathways_in_use()),
        "may_sign": can(user, Permission.DECISION_SIGN, team),
    }
