"""Answers of groups, numbered, and how the answers of two groups join: into one that a single group might have given.

Groups are independent and the worst one decides, so what two reach together is whatever either reaches, from the
greater of their least scores on; and a fact can change the category where it can change its own group's beyond the
least score of all others. Joining is therefore done once for each pair of answers that occurs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Answer(NamedTuple):
    """What of an ``Entry`` decides the category, as bits."""

    reach: int
    assumed: int
    missing: tuple[int, ...]
    """By the least score of all other groups."""


def join(one: Answer, other: Answer) -> Answer:
    low, other_low = one.reach & -one.reach, other.reach & -other.reach
    missing = tuple(
        one.missing[max(least, other_low.bit_length() - 1)] | other.missing[max(least, low.bit_length() - 1)]
        for least in range(len(one.missing))
    )
    return Answer(_worst(one.reach, other.reach), _worst(one.assumed, other.assumed), missing)


def _worst(one: int, other: int) -> int:
    return (one | other) & -max(one & -one, other & -other)


class Numbered:
    """Answers by number, in the order in which they were met."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self._numbers: dict[Answer, int] = {}

    def number(self, answer: Answer) -> int:
        number = self._numbers.setdefault(answer, len(self.answers))
        if number == len(self.answers):
            self.answers.append(answer)
        return number


class Joined:
    """The answers of two groups (or of several, and one more) together."""

    def __init__(self, left: Numbered, right: Numbered) -> None:
        self.left, self.right, self.out = left, right, Numbered()
        self._table = np.full((64, 64), -1, np.int32)

    def numbers(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """For pairs of numbers the number of what they are together."""
        self._grow(len(self.left.answers), len(self.right.answers))
        width = self._table.shape[1]
        return look_up(self._table.reshape(-1), left * width + right, lambda pair: self._join(*divmod(pair, width)))

    def _join(self, left: int, right: int) -> int:
        return self.out.number(join(self.left.answers[left], self.right.answers[right]))

    def _grow(self, rows: int, columns: int) -> None:
        old = self._table
        if rows > old.shape[0] or columns > old.shape[1]:
            shape = [size if most <= size else 2 * most for size, most in zip(old.shape, (rows, columns), strict=True)]
            self._table = np.full(shape, -1, np.int32)
            self._table[: old.shape[0], : old.shape[1]] = old


def look_up(table: np.ndarray, places: np.ndarray, answer: Callable[[int], int]) -> np.ndarray:
    """What a table holds at some places; where it holds nothing yet (-1) it is filled first."""
    found = table[places]
    if found.min(initial=0) < 0:
        for place in np.unique(places[found < 0]).tolist():
            table[place] = answer(place)
        found = table[places]
    return found
