"""What was worked out before, up to a limit: those not asked for lately are forgotten first.

A hit costs no more than a look-up in a dictionary, and keeps no order. Answers live in two halves: when the younger one
is full, it becomes the older one, and what the older one held is forgotten, but for answers that were asked for since.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any


class Memory(dict):
    """``memory[key]`` works the answer out if it is not there; ``KeyError`` if there is nobody to work it out."""

    __slots__ = ("half", "older", "work_out")

    def __init__(self, limit: int, work_out: Callable[[Any], Any] | None = None) -> None:
        super().__init__()
        self.half, self.work_out = max(1, limit // 2), work_out
        self.older: dict = {}

    def __missing__(self, key: Hashable) -> Any:
        try:
            answer = self.older[key]
        except KeyError:
            if self.work_out is None:
                raise
            answer = self.work_out(key)
        self[key] = answer
        return answer

    def __setitem__(self, key: Hashable, answer: Any) -> None:
        if len(self) >= self.half:
            self.older = dict(self)
            self.clear()
        super().__setitem__(key, answer)
