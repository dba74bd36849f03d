"""Problems as a busy network of tumour boards has them: 97 % of all minutes are needed, not every discipline is there
at every meeting, some cases become ready later. The same seed always gives the same problem."""

from __future__ import annotations

import random

import numpy as np

from bench.agenda_ours import Problem

WEIGHT = {"routine": 2, "urgent": 5, "emergency": 12}
LATE = 4  # a day after the target date counts so many times a day before it
LOAD = 0.97
DISCIPLINES = 6


def problem_of(cases: int, meetings: int, seed: int) -> Problem:
    chance = random.Random(f"{cases} {meetings} {seed}")
    every = 7 if meetings <= 20 else 3.5
    days = [3 + round(every * meeting) for meeting in range(meetings)]
    minutes = [chance.choice((4, 5, 6, 6, 7, 8, 8, 9, 10, 12, 15)) for _ in range(cases)]
    share = sum(minutes) / LOAD / meetings
    shape = [chance.uniform(0.8, 1.2) for _ in days]
    capacity = [round(part * meetings * share / sum(shape)) for part in shape]
    there = [{d for d in range(DISCIPLINES) if chance.random() < (0.97 if d < 4 else 0.7)} for _ in days]
    cost = np.zeros((cases, meetings), np.int64)
    allowed, waiting = np.zeros((cases, meetings), bool), np.zeros(cases, np.int64)
    urgency, targets = [], []
    for case in range(cases):
        urgency.append(chance.choices(("routine", "urgent", "emergency"), (70, 25, 5))[0])
        weight = WEIGHT[urgency[-1]]
        needs = {0, 1, 2} | ({4} if chance.random() < 0.6 else set()) | ({5} if chance.random() < 0.15 else set())
        ready = chance.choice((0, 0, 0, 0, chance.randint(1, days[-1] // 2)))
        target = ready + (chance.randint(3, 28) if urgency[-1] == "routine" else chance.randint(2, 14))
        if chance.random() < 0.7:
            target = max(target, chance.randint(0, days[-1]))
        targets.append(target)
        for meeting, day in enumerate(days):
            allowed[case, meeting] = needs <= there[meeting] and ready <= day - 2
            cost[case, meeting] = weight * (day + LATE * max(0, day - target))
        last = days[-1] + 14
        waiting[case] = weight * (last + LATE * max(0, last - target))
    order = sorted(range(cases), key=lambda case: (-WEIGHT[urgency[case]], targets[case], case))
    return Problem(np.array(minutes), np.array(capacity), cost, allowed, waiting, np.array(order))
