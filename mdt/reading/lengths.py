"""The units in which reports and people write lengths, and what each is in millimetres: the one list of them.

Forms (cases.forms.wording), their script and the reader of reports all go by it.
"""

from typing import Final

MM_PER_UNIT: Final[dict[str, int]] = {
    "millimetres": 1,
    "millimeters": 1,
    "millimetre": 1,
    "millimeter": 1,
    "centimetres": 10,
    "centimeters": 10,
    "centimetre": 10,
    "centimeter": 10,
    "mm": 1,
    "cm": 10,
    "毫米": 1,
    "厘米": 10,
}
"""In lower case; the longest first, so that a pattern made of them takes the whole word."""

UNIT: Final = f"(?:{'|'.join(MM_PER_UNIT)})"
"""A pattern for one unit, to be matched against lower case."""


def mm_per(unit: str) -> int:
    """Millimetres in one of the unit. Raises KeyError for what is no unit of the list."""
    return MM_PER_UNIT[unit.strip().lower()]
