"""The numbers that a record can hold: one ascending scale of 64 thousand values, each named by its place.

To 99.99 in hundredths, and beyond with four digits. A number between two places (35.125 mm, 12,345 ng/ml) is never
rounded: it has no place, and the case is answered from its facts.
"""

from __future__ import annotations

import numpy as np

_FOUR_DIGITS = np.arange(1000, 10_000, dtype=np.float64)
VALUES = np.concatenate(
    [
        [-1e300],
        np.arange(10_000) / 100,
        _FOUR_DIGITS / 10,
        *(_FOUR_DIGITS * 10**power for power in range(5)),
        [1e300, np.inf],
    ]
)
"""Place → value. The outermost stand for "no limit", and the last for "beyond counting"."""


def place_of(value: float) -> int | None:
    """The place of a number; None if it lies between two."""
    place = int(np.searchsorted(VALUES, value))
    return place if place < len(VALUES) and VALUES[place] == value else None
