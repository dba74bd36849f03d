"""What an identity number says of its holder. Nothing is stored here, and nothing is looked up.

The resident identity number of China (居民身份证号码): GB 11643-1999, eighteen places, the last a check digit by
ISO/IEC 7064 MOD 11-2. The NHS number of the United Kingdom: ten digits, the last a check digit modulo 11 (NHS Data
Dictionary, *NHS Number*); Scotland's CHI number and Northern Ireland's are checked the same way.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
NHS = re.compile(r"[0-9]{10}")
BRITISH = frozenset({"Europe/London", "Europe/Belfast"})
_RESIDENT_WEIGHTS = tuple(2 ** (17 - place) % 11 for place in range(17))
_RESIDENT_CHECK = "10X98765432"


class WrongNumber(ValueError):
    """A number that nobody can hold. `part`: "check" or "born_on", what is wrong with it."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


@dataclass(frozen=True)
class Holder:
    """What a number says: the day of birth, and "male" or "female"."""

    born_on: date
    sex: str


def plain(number: str) -> str:
    """A number as it is stored and compared: signs and blanks in one way; no blank in the two that are known here."""
    text = " ".join(unicodedata.normalize("NFKC", number).split())
    compact = re.sub(r"[ \-]", "", text).upper()
    return compact if RESIDENT.fullmatch(compact) or NHS.fullmatch(compact) else text


def holder_of(number: str) -> Holder | None:
    """What a plain number says; None for one that is no resident identity number. Raises WrongNumber.

    No other number for patients that we know of has eighteen digits; the old ones of fifteen have no check digit.
    """
    if not RESIDENT.fullmatch(number):
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number, _RESIDENT_WEIGHTS, strict=False))
    if _RESIDENT_CHECK[total % 11] != number[17]:
        raise WrongNumber("check")
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise WrongNumber("born_on") from error
    if born_on > timezone.localdate():
        raise WrongNumber("born_on")
    return Holder(born_on, "male" if int(number[16]) % 2 else "female")


def refuse_wrong_nhs_number(number: str, time_zone: str) -> None:
    """Raise WrongNumber for ten digits that are no NHS number, where the team's clock is British."""
    if time_zone not in BRITISH or not NHS.fullmatch(number):
        return
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9])) % 11
    if check % 11 != int(number[9]):  # 11 stands for 0; a number whose check would be 10 is never given
        raise WrongNumber("check")
