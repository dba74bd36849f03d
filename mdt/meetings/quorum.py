"""May the meeting decide on this case?

The disciplines in the room against those that the pathway asks for.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Quorum(NamedTuple):
    """The answer, and the disciplines that are asked for and not here, in the pathway's order."""

    is_quorate: bool
    missing: list[str]


def check(present: Iterable[str], required: Iterable[str]) -> Quorum:
    """Quorate when every required discipline is present; one person is enough for a discipline."""
    here = set(present)
    missing = [discipline for discipline in dict.fromkeys(required) if discipline not in here]
    return Quorum(not missing, missing)
