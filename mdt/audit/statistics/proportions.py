"""A share of cases, with how sure one can be of it."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

SMALL_NUMBER = 20
"""House rule: below this denominator a share is shown with a warning. Not from a guideline."""


@dataclass(frozen=True)
class Proportion:
    """`count` of `total` cases. Nothing is known of a share of none: its value and interval are None.

    Raises ValueError where the count is negative or larger than the total.
    """

    count: int
    total: int

    def __post_init__(self) -> None:
        if not 0 <= self.count <= self.total:
            raise ValueError(f"{self.count} of {self.total} is no share")

    @property
    def value(self) -> float | None:
        return self.count / self.total if self.total else None

    @property
    def is_small(self) -> bool:
        """Whether the denominator is too small for more than a hint."""
        return self.total < SMALL_NUMBER

    def interval(self, confidence: float = 0.95) -> tuple[float, float] | None:
        """Wilson's score interval without continuity correction (J Am Stat Assoc 1927;22:209), as shares.

        It stays inside 0 and 1 and holds for small numbers, which the usual interval does not
        (Newcombe, Stat Med 1998;17:857).
        """
        if not self.total:
            return None
        z = NormalDist().inv_cdf(0.5 + confidence / 2)
        share, n = self.count / self.total, self.total
        centre = share + z * z / (2 * n)
        half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
        scale = 1 + z * z / n
        low = 0.0 if self.count == 0 else (centre - half) / scale
        high = 1.0 if self.count == self.total else (centre + half) / scale
        return low, high
