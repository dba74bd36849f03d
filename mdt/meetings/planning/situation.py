"""The coming meetings and waiting cases of a team as the solver takes them: minutes, places that are allowed, costs."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from django.db.models import Max, Q
from django.utils import timezone

from cases.models import Case
from mdt.meetings.calendar.expected import disciplines_of
from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.planning.needs import Needs, complexities, needs_of
from mdt.meetings.planning.rules import house_rules
from mdt.meetings.planning.solver import NOWHERE, Problem
from mdt.people.models import Membership, Team

FARTHEST_MEETINGS = 60
NO_PLACE = ""


@dataclass(frozen=True)
class Candidate:
    """A case to be placed, with what it needs and the agenda that it is on now."""

    case: Case
    needs: Needs
    minutes: int
    item: AgendaItem | None = None

    @property
    def stands_in(self) -> int | None:
        return self.item.meeting_id if self.item else None


@dataclass(frozen=True)
class Choices:
    """What a person has said on the page: places that are fixed and minutes, by case reference.

    A place is a meeting's reference, or NO_PLACE for "not now". `freed`: cases whose mark "fixed" was taken off.
    """

    fixed: Mapping[str, str] = field(default_factory=dict)
    freed: frozenset[str] = frozenset()
    minutes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Slot:
    """A coming meeting: the disciplines that are expected, and minutes that no other item of its agenda has taken."""

    meeting: Meeting
    expected: frozenset[str]
    free: int
    break_minutes: int = 0

    @property
    def day(self) -> date:
        return self.meeting.local_start.date()


def slots_of(team: Team, now: datetime) -> list[Slot]:
    """The team's planned meetings to come, the next first; decided and undiscussed items are counted by the caller."""
    meetings = list(
        Meeting.objects.filter(team=team, state=Meeting.State.PLANNED, starts_at__gt=now)
        .select_related("team", "chair")
        .order_by("starts_at", "id")[:FARTHEST_MEETINGS]
    )
    expected, rules = disciplines_of(meetings), house_rules()
    slots = []
    for meeting in meetings:
        pause = rules.break_minutes if meeting.minutes_available - rules.break_minutes >= rules.break_from else 0
        slots.append(Slot(meeting, expected[meeting.pk], meeting.minutes_available - pause, pause))
    return slots


class Situation:
    """Everything that a plan for a team rests on, read in a fixed number of queries."""

    def __init__(self, team: Team, choices: Choices | None = None, now: datetime | None = None):
        self.team, self.choices, self.now = team, choices or Choices(), now or timezone.now()
        self.today = self.now.astimezone(team.zone).date()
        self.slots = slots_of(team, self.now)
        self.in_team = frozenset(
            Membership.objects.filter(team=team, user__is_active=True).values_list("user__discipline", flat=True)
        ).union(*(slot.expected for slot in self.slots))
        self.place_of = {slot.meeting.reference: at for at, slot in enumerate(self.slots)}
        self.column_of = {slot.meeting.pk: at for at, slot in enumerate(self.slots)}
        items = self._items()
        movable = [item for item in items if self._is_movable(item)]
        self.settled = [item for item in items if not self._is_movable(item)]
        waiting = self._waiting()
        cases = [item.case for item in movable] + waiting
        counted = complexities(cases)
        by_case = {item.case_id: item for item in movable}
        self.candidates = [self._candidate(case, counted[case.pk], by_case.get(case.pk)) for case in cases]

    def _items(self) -> list[AgendaItem]:
        listed = AgendaItem.objects.filter(meeting__in=[slot.meeting.pk for slot in self.slots])
        listed = listed.exclude(case__in=Case.objects.restricted())
        listed = listed.exclude(state=AgendaItem.State.REMOVED).select_related(
            "case__patient", "case__team", "meeting__team", "reveal"
        )
        return list(listed.annotate(newest=Max("decisions__version")).order_by("position", "id"))

    @staticmethod
    def _is_movable(item: AgendaItem) -> bool:
        """Listed for discussion, and nothing decided yet."""
        return item.state == AgendaItem.State.LISTED and item.newest is None and item.lane == AgendaItem.Lane.DISCUSS

    def _waiting(self) -> list[Case]:
        """Cases in preparation, those first that press most; no more than are planned at once."""
        waiting = (
            Case.objects.of_teams([self.team.pk]).filter(state=Case.State.REFERRED).select_related("patient", "team")
        )
        self.waiting_count = waiting.count()
        if self.waiting_count <= house_rules().most_cases:
            return list(waiting.order_by("target_on", "id"))
        pressing = waiting.filter(~Q(urgency="routine")).order_by("target_on", "id")
        others = waiting.filter(urgency="routine").order_by("target_on", "id")
        return [*pressing, *others][: house_rules().most_cases]

    @property
    def left_out(self) -> int:
        """Waiting cases beyond what is planned at once."""
        return max(0, self.waiting_count - house_rules().most_cases)

    def _candidate(self, case: Case, counted, item: AgendaItem | None) -> Candidate:
        needs = needs_of(case, counted, self.in_team, is_sealed=item is not None and item.is_sealed)
        minutes = self.choices.minutes.get(case.reference) or (item.planned_minutes if item else needs.minutes)
        return Candidate(case, needs, minutes, item)

    def fixed_place(self, candidate: Candidate) -> int | None:
        """Where a person has put it: a column, NOWHERE for "not now", None where nobody said so."""
        said = self.choices.fixed.get(candidate.case.reference)
        if said is not None:
            return self.place_of.get(said, NOWHERE)
        if (
            candidate.item is not None
            and candidate.item.is_fixed
            and candidate.case.reference not in self.choices.freed
        ):
            return self.column_of[candidate.stands_in]
        return None

    def obstacles(self, candidate: Candidate, slot: Slot) -> list[str]:
        """Why a case cannot come to a meeting, as codes; empty: it can.

        `away:DISCIPLINE`, `perhaps-away:DISCIPLINE`, `cut-off`, `facts`.
        """
        found = [f"away:{one}" for one in candidate.needs.disciplines if one not in slot.expected]
        if candidate.stands_in == slot.meeting.pk:
            return found  # it was listed in time
        found += [f"perhaps-away:{one}" for one in candidate.needs.perhaps if one not in slot.expected]
        cut_off = slot.meeting.cut_off_at
        if cut_off < self.now:
            found.append("cut-off")
        elif not candidate.case.is_ready and cut_off < self.now + timedelta(days=house_rules().facts_days):
            found.append("facts")
        return found

    @cached_property
    def obstacle_table(self) -> list[list[list[str]]]:
        return [[self.obstacles(candidate, slot) for slot in self.slots] for candidate in self.candidates]

    @cached_property
    def free_minutes(self) -> list[int]:
        """Minutes of each meeting that neither settled items nor fixed cases take; below 0 where it is overfull."""
        free = [slot.free for slot in self.slots]
        for item in self.settled:
            if item.lane == AgendaItem.Lane.DISCUSS:
                free[self.column_of[item.meeting_id]] -= item.planned_minutes
        for candidate in self.candidates:
            place = self.fixed_place(candidate)
            if place is not None and place != NOWHERE:
                free[place] -= candidate.minutes
        return free

    @cached_property
    def open_rows(self) -> list[int]:
        """The candidates that the solver may place: those that nobody fixed."""
        return [at for at, candidate in enumerate(self.candidates) if self.fixed_place(candidate) is None]

    def problem(self) -> Problem:
        """What is left to the solver."""
        rules, columns = house_rules(), range(len(self.slots))
        rows = self.open_rows
        shape = (len(rows), len(self.slots))
        cost, waiting = np.zeros(shape, np.int64), np.zeros(len(rows), np.int64)
        allowed = np.zeros(shape, bool)
        last = (self.slots[-1].day - self.today).days if self.slots else 0
        days = [(slot.day - self.today).days for slot in self.slots]
        for row, at in enumerate(rows):
            candidate = self.candidates[at]
            weight, due = rules.weight[candidate.case.urgency], (candidate.case.target_on - self.today).days
            waiting[row] = self._weighed(weight, last + rules.beyond_days, due)
            for column in columns:
                cost[row, column] = self._weighed(weight, days[column], due)
                allowed[row, column] = not self.obstacle_table[at][column]
        minutes = np.array([self.candidates[at].minutes for at in rows], np.int64)
        capacity = np.array([max(0, free) for free in self.free_minutes], np.int64)
        return Problem(minutes, capacity, cost, allowed, waiting)

    @staticmethod
    def _weighed(weight: int, day: int, due: int) -> int:
        """Days of waiting, those after the target date counted `late` times more; 365 days at most count."""
        late = min(max(0, day - due), 365)
        return weight * (min(max(day, 0), 365) + house_rules().late * late)

    def standing(self) -> np.ndarray:
        """The places until now of the open rows."""
        places = [self.candidates[at].stands_in for at in self.open_rows]
        return np.array([NOWHERE if pk is None else self.column_of[pk] for pk in places], np.int64)

    def digest(self) -> str:
        """Of all that a plan rests on: another one means that somebody changed something in the meantime."""
        said = [
            [[slot.meeting.pk, slot.meeting.version, sorted(slot.expected)] for slot in self.slots],
            [[item.pk, item.newest or 0] for item in self.settled],
            [
                [
                    one.case.pk,
                    one.case.version,
                    one.case.is_ready,
                    one.item.pk if one.item else 0,
                    *one.needs.disciplines,
                    *one.needs.perhaps,
                ]
                for one in self.candidates
            ],
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()
