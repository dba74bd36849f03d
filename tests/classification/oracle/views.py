"""What a system tells apart of a fact: functions from a value to a label."""

from __future__ import annotations

from bisect import bisect_left, bisect_right


def at_most(*limits):
    """Numbers parted by limits that belong to the lower part: up to three, more than three."""
    return lambda value: bisect_left(limits, value)


def below(*limits):
    """Numbers parted by limits that belong to the upper part: below 75, 75 or more."""
    return lambda value: bisect_right(limits, value)


def ranged(low, high):
    """Below a range, in it with both of its ends, above it."""
    return lambda value: 0 if value < low else 1 if value <= high else 2


def same(value):
    return value


def any_of_it(value):
    """Whether a set has any element."""
    return bool(value)


def groups(*parts):
    """Values by the part that they belong to; all that is in no part goes together."""
    return lambda value: next((at for at, part in enumerate(parts) if value in part), None)


def is_peritoneal(value):
    return value != "P0"


def further_than_16a2_16b1(nodes):
    """No node beyond D2, only 16a2 or 16b1, or others."""
    return "none" if not nodes else "near" if nodes <= {"16a2", "16b1"} else "far"


PARA_AORTIC = {"16a1", "16a2", "16b1", "16b2"}


def by_region(nodes):
    """None, para-aortic ones only, outside the abdomen, or another station."""
    if nodes & {"mediastinal", "supraclavicular"}:
        return "outside"
    if "other" in nodes:
        return "other"
    return "para_aortic" if nodes else "none"


def is_up_to_t4a(t):
    return t != "T4b"
