"""The plan of a team: a place for every waiting case, proposed and not stored, with its reasons and its certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from mdt.meetings.planning.situation import Candidate, Choices, Situation, Slot
from mdt.meetings.planning.solver import NOWHERE, Agendas, replan, solve
from mdt.people.models import Team


@dataclass(frozen=True)
class Placed:
    """One case with its place: `slot` is None where it has none. `conflicts` only where a person put it there."""

    candidate: Candidate
    slot: Slot | None
    is_fixed: bool
    conflicts: tuple[str, ...] = ()

    @property
    def case(self):
        return self.candidate.case

    @property
    def place(self) -> str:
        """The meeting's reference, "" for none."""
        return self.slot.meeting.reference if self.slot else ""

    @property
    def is_new(self) -> bool:
        return self.candidate.item is None and self.slot is not None

    @property
    def is_moved(self) -> bool:
        """It was on another agenda until now, or on one and is on none now."""
        return self.candidate.item is not None and (
            self.slot is None or self.slot.meeting.pk != self.candidate.stands_in
        )

    @property
    def is_late(self) -> bool:
        """The target date lies before the meeting."""
        return self.slot is not None and self.slot.day > self.case.target_on

    @property
    def needs_reason(self) -> bool:
        """The house rule of listing: not ready, or past the cut-off; a case that stays where it is was let in."""
        if self.slot is None or (self.candidate.item is not None and not self.is_moved):
            return False
        return not self.case.is_ready or "cut-off" in self.conflicts


@dataclass
class Filled:
    """One meeting with the cases that the plan gives it, and those of its agenda that the plan leaves alone."""

    slot: Slot
    settled: list = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(item.planned_minutes for item in self.settled if item.lane == "discuss") + sum(
            placed.candidate.minutes for placed in self.placed
        )

    @property
    def over(self) -> int:
        """Minutes too many: only where people have fixed more than there is time for."""
        return max(0, self.minutes - self.slot.free)


@dataclass(frozen=True)
class Plan:
    """The whole proposal. `is_again`: made from agendas that stood already, moving as little as possible."""

    situation: Situation
    meetings: list[Filled]
    not_placed: list[Placed]
    agendas: Agendas
    is_again: bool

    @property
    def placed(self) -> list[Placed]:
        return [placed for filled in self.meetings for placed in filled.placed]

    @property
    def changes(self) -> list[Placed]:
        """Cases that applying the plan would list or move."""
        return [one for one in [*self.placed, *self.not_placed] if one.is_new or one.is_moved]

    @property
    def waits_for_facts(self) -> list[Placed]:
        """Cases that have a place and are listed only with a reason: it is kept for them until their facts are in."""
        return [one for one in self.placed if one.needs_reason and not one.is_moved and not one.is_fixed]


def make_plan(team: Team, choices: Choices | None = None, *, anew: bool = False) -> Plan:
    """Work out a plan. Nothing is stored. `anew`: from the start, whatever is on which agenda now."""
    situation = Situation(team, choices)
    problem, standing = situation.problem(), situation.standing()
    is_again = not anew and bool((standing != NOWHERE).any())
    agendas = replan(problem, standing) if is_again else solve(problem)
    return arranged(situation, agendas, is_again=is_again)


def arranged(situation: Situation, agendas: Agendas, *, is_again: bool) -> Plan:
    """The solver's places and the fixed ones together, by meeting."""
    meetings = [Filled(slot) for slot in situation.slots]
    for item in situation.settled:
        meetings[situation.column_of[item.meeting_id]].settled.append(item)
    answer = dict(zip(situation.open_rows, np.asarray(agendas.place).tolist(), strict=True))
    not_placed = []
    for row, candidate in enumerate(situation.candidates):
        fixed = situation.fixed_place(candidate)
        at = answer[row] if fixed is None else fixed
        if at == NOWHERE:
            not_placed.append(Placed(candidate, None, fixed is not None))
            continue
        conflicts = tuple(situation.obstacle_table[row][at])
        meetings[at].placed.append(Placed(candidate, situation.slots[at], fixed is not None, conflicts))
    for filled in meetings:
        filled.placed.sort(key=_in_order)
    not_placed.sort(key=lambda one: (one.is_fixed, one.case.target_on, one.case.pk))
    return Plan(situation, meetings, not_placed, agendas, is_again)


def _in_order(placed: Placed) -> tuple:
    """Those that stand on the agenda already in their order, then those that come by their target."""
    item = placed.candidate.item
    stays = item is not None and not placed.is_moved
    return (not stays, item.position if stays else 0, placed.case.target_on, placed.case.pk)


def plan_as_shown(team: Team, choices: Choices, places: Mapping[str, str]) -> Plan:
    """The plan that a person saw, from the places on the page: to be applied as it is, not to be worked out anew.

    `places`: case reference → meeting reference, "" for none; a case that the page did not show has no place.
    """
    situation = Situation(team, choices)
    problem, standing = situation.problem(), situation.standing()
    is_again = bool((standing != NOWHERE).any())
    best = replan(problem, standing) if is_again else solve(problem)
    shown = [
        situation.place_of.get(places.get(situation.candidates[row].case.reference, ""), NOWHERE)
        for row in situation.open_rows
    ]
    cost = sum(int(problem.waiting[row] if at == NOWHERE else problem.cost[row, at]) for row, at in enumerate(shown))
    return arranged(situation, replace(best, place=np.array(shown, np.int64), cost=cost), is_again=is_again)


def unfitting(situation: Situation) -> list[Placed]:
    """Cases on agendas to come where they no longer fit: a discipline that they need is not expected any more.

    What people have fixed stays theirs; it is named all the same.
    """
    found = []
    for row, candidate in enumerate(situation.candidates):
        if candidate.item is not None:
            at = situation.column_of[candidate.stands_in]
            conflicts = tuple(situation.obstacle_table[row][at])
            if conflicts:
                found.append(Placed(candidate, situation.slots[at], candidate.item.is_fixed, conflicts))
    return found


def overfull(situation: Situation) -> list[Filled]:
    """Meetings whose agenda, as it stands, takes more minutes than there are."""
    meetings = [Filled(slot) for slot in situation.slots]
    for item in situation.settled:
        meetings[situation.column_of[item.meeting_id]].settled.append(item)
    for candidate in situation.candidates:
        if candidate.item is not None:
            at = situation.column_of[candidate.stands_in]
            meetings[at].placed.append(Placed(candidate, situation.slots[at], candidate.item.is_fixed))
    return [filled for filled in meetings if filled.over]
