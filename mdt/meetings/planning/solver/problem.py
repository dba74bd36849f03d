"""The problem, and an answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mdt.meetings.planning.solver.certificate import Certificate

NOWHERE = -1
FORBIDDEN = 1e12  # more than any sum of costs that a problem may have
MOST = {"cost": 10**6, "minutes": 10**4, "cases": 10**5, "meetings": 1000}


@dataclass(frozen=True)
class Problem:
    """n cases and m meetings.

    `minutes` (n) each case needs, `capacity` (m) minutes of each meeting that are still free, `cost` (n × m) of
    putting a case into a meeting, `allowed` (n × m) whether it may be put there at all, `waiting` (n) the cost of
    putting it into none. `order` (n): the cases as a person would go through them, the most pressing first.

    Raises ValueError for arrays that do not fit together, for numbers that are not whole, negative or too large to
    be added exactly.
    """

    minutes: np.ndarray
    capacity: np.ndarray
    cost: np.ndarray
    allowed: np.ndarray
    waiting: np.ndarray
    order: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def __post_init__(self):
        n, m = len(self.minutes), len(self.capacity)
        shapes = {"cost": (n, m), "allowed": (n, m), "waiting": (n,)}
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} has the shape {getattr(self, name).shape}, not {shape}")
        if n > MOST["cases"] or m > MOST["meetings"]:
            raise ValueError("more cases or meetings than can be planned at once")
        for name, most in (("minutes", "minutes"), ("capacity", "minutes"), ("cost", "cost"), ("waiting", "cost")):
            values = getattr(self, name)
            if not np.issubdtype(values.dtype, np.integer):
                raise ValueError(f"{name} must be whole numbers")
            if values.size and (values.min() < 0 or values.max() > MOST[most]):
                raise ValueError(f"{name} must lie between 0 and {MOST[most]}")
        if n and self.minutes.min() < 1:
            raise ValueError("every case needs a minute at least")
        if not len(self.order):
            object.__setattr__(self, "order", np.argsort(-self.waiting, kind="stable"))
        elif sorted(self.order.tolist()) != list(range(n)):
            raise ValueError("the order must name every case once")

    @property
    def cases(self) -> int:
        return len(self.minutes)

    @property
    def meetings(self) -> int:
        return len(self.capacity)

    @cached_property
    def fits(self) -> np.ndarray:
        """Where a case may be put, and the meeting is long enough for it alone."""
        return self.allowed & (self.minutes[:, None] <= self.capacity[None, :])

    @cached_property
    def table(self) -> np.ndarray:
        """n × (m + 1): the cost of each place, the last one being none; forbidden ones cost more than everything."""
        return np.column_stack([np.where(self.fits, self.cost, FORBIDDEN), self.waiting.astype(float)])

    def cost_of(self, place: np.ndarray) -> int:
        """The cost of an answer; `place` names a meeting for each case, or NOWHERE."""
        return int(self.table[np.arange(self.cases), place].sum())

    def is_kept_by(self, place: np.ndarray) -> bool:
        """Whether an answer keeps every rule: only allowed places, and no meeting over its minutes."""
        placed = np.nonzero(place != NOWHERE)[0]
        load = np.bincount(place[placed], self.minutes[placed], self.meetings)
        return bool(self.allowed[placed, place[placed]].all() and (load <= self.capacity).all())


@dataclass(frozen=True)
class Agendas:
    """An answer: a place for each case, its cost, and a bound that no answer at all can be under."""

    place: np.ndarray
    cost: int
    certificate: Certificate
    bound: int
    kept: int = 0

    @property
    def gap(self) -> float:
        """By which share of the bound the cost lies above it: the best possible is at most so much better."""
        if self.cost <= self.bound:
            return 0.0
        return (self.cost - self.bound) / self.bound if self.bound else float("inf")
