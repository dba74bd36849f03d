"""Quantiles of counted values."""

from collections.abc import Mapping


def quantile(counts: Mapping[float, int], part: float) -> float | None:
    """The value below which this part of all lies, between neighbours in proportion; None of nothing.

    Hyndman and Fan's seventh definition (Am Stat 1996;50:361), as `statistics.quantiles(…, method="inclusive")` has it.
    """
    total = sum(counts.values())
    if not total:
        return None
    place = part * (total - 1)
    below = int(place)
    low = high = None
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if low is None and seen > below:
            low = value
        if seen > min(below + 1, total - 1):
            high = value
            break
    return low + (high - low) * (place - below)


def quartiles(counts: Mapping[float, int]) -> tuple[float, float, float] | None:
    """First quartile, median, third quartile; None of nothing."""
    first, middle, third = (quantile(counts, part) for part in (0.25, 0.5, 0.75))
    return None if first is None else (first, middle, third)
