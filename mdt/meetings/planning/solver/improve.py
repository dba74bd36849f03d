"""Local search: one case moves, or one takes the place of another that moves on, while that makes it cheaper."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mdt.meetings.planning.solver.places import Draft

NO_MOVE = 1e12
LEAST_GAIN = 0.5  # costs are whole numbers


class Step(NamedTuple):
    """`case` goes to `to`; where `pushed` is a case and not -1, that one makes room and goes to `onward`."""

    change: float
    case: int
    to: int
    pushed: int = -1
    onward: int = -1


def improve(draft: Draft, *, rounds: int, among: int = 400, stay: np.ndarray | None = None, budget: int = -1) -> None:
    """Take the best steps that do not touch each other's meetings, for so many rounds or until none helps.

    Looks at the `among` cases that stand farthest from their best place. `stay` (n) is the cost of moving each case
    at all, and at most `budget` cases with such a cost are moved (-1: any number).
    """
    left = budget
    for _round in range(rounds):
        steps = _steps(draft, among, stay, left != 0)
        if not steps:
            return
        touched: set[int] = set()
        for step in sorted(steps):
            meetings = {int(draft.place[step.case]), step.to, step.onward}
            if step.pushed >= 0:
                meetings.add(int(draft.place[step.pushed]))
            meetings -= {draft.problem.meetings, -1}
            held = [case for case in (step.case, step.pushed) if case >= 0 and stay is not None and stay[case]]
            if meetings & touched or (budget >= 0 and len(held) > left):
                continue
            touched |= meetings
            if step.pushed >= 0:
                draft.move(step.pushed, step.onward)
            draft.move(step.case, step.to)
            for case in held:
                left -= 1
                stay[case] = 0


def _steps(draft: Draft, among: int, stay: np.ndarray | None, may_push: bool) -> list[Step]:
    problem, place, free = draft.problem, draft.place, draft.free
    table, minutes, rows = problem.table, problem.minutes, np.arange(problem.cases)
    now = table[rows, place] - (0 if stay is None else stay)  # what leaving saves
    room = free[None, :] >= minutes[:, None]
    room[rows, place] = False
    elsewhere = np.where(room, table, NO_MOVE)
    onward = elsewhere.argmin(axis=1)
    leaving = elsewhere[rows, onward] - now
    steps = [Step(float(leaving[case]), int(case), int(onward[case])) for case in np.nonzero(leaving < -LEAST_GAIN)[0]]
    pushers = _farthest(table, place, among)
    if not may_push or not len(pushers):
        return steps
    theirs = place[pushers]
    change = table[pushers[:, None], place[None, :]] - now[pushers][:, None]
    fits = minutes[pushers][:, None] <= (free[place] + minutes)[None, :]
    exchanged = table[:, theirs].T - now[None, :]
    exchanged[minutes[None, :] > (free[theirs] + minutes[pushers])[:, None]] = NO_MOVE
    swaps = exchanged < leaving[None, :]
    change += np.where(swaps, exchanged, leaving[None, :])
    change[~fits | (theirs[:, None] == place[None, :])] = NO_MOVE
    pushed = change.argmin(axis=1)
    best = change[np.arange(len(pushers)), pushed]
    for at in np.nonzero(best < -LEAST_GAIN)[0]:
        case, other = int(pushers[at]), int(pushed[at])
        to_place = int(place[case]) if swaps[at, other] else int(onward[other])
        steps.append(Step(float(best[at]), case, int(place[other]), other, to_place))
    return steps


def _farthest(table: np.ndarray, place: np.ndarray, most: int) -> np.ndarray:
    """Cases that are not in their cheapest place, those that lose most by that first; at most so many."""
    loss = table[np.arange(len(table)), place] - table.min(axis=1, initial=NO_MOVE)
    candidates = np.nonzero(loss > 0)[0]
    if len(candidates) > most:
        candidates = candidates[np.argpartition(-loss[candidates], most)[:most]]
    return candidates
