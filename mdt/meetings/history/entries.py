"""What stands in the timeline of a case, and who adds to it.

Rooms above this one (the audit, for instance) add their rows through `adds`: this room knows of none of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from cases.models import Case


@dataclass(frozen=True)
class Entry:
    """One line: when, what, and in which words. `kind` names its icon; `decided_on` the agenda item it is about."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    decided_on: int | None = None


Source = Callable[[Case], Iterable[Entry]]
_sources: list[Source] = []


def adds(source: Source) -> Source:
    """Register a function that gives entries of a case, in the active language."""
    if source not in _sources:
        _sources.append(source)
    return source


def added(case: Case) -> list[Entry]:
    """What other rooms know of the case."""
    return [entry for source in _sources for entry in source(case)]
