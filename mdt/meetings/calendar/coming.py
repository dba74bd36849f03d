"""Which disciplines a meeting will lack for the cases on its agenda, and who said what about coming."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cases.models import Case
from cases.reasoning import quorum_of
from mdt.meetings.calendar.expected import Expected, asked_to
from mdt.meetings.models import AgendaItem, Meeting


@dataclass
class Gap:
    """A discipline that listed cases need and nobody is sure to bring; `hopes` were called and have not declined."""

    discipline: str
    cases: list[Case] = field(default_factory=list)
    hopes: list[Expected] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        return not self.hopes


@dataclass(frozen=True)
class Coming:
    """What a list shows of one meeting: who is asked, and the gaps."""

    asked: list[Expected]
    gaps: list[Gap]

    @property
    def called(self) -> list[Expected]:
        """Those whose answer matters now: core members, and deputies who were called."""
        return [one for one in self.asked if one.is_called]

    @property
    def answered(self) -> int:
        return sum(one.answer != "open" for one in self.called)

    @property
    def missing(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.is_missing]

    @property
    def unsure(self) -> list[Gap]:
        return [gap for gap in self.gaps if not gap.is_missing]


def needed_by(case: Case) -> tuple[str, ...]:
    """The disciplines without which a case cannot be decided."""
    return quorum_of(case.pathway)


def gaps(asked: Iterable[Expected], cases: Iterable[Case]) -> list[Gap]:
    """Disciplines that are missing or unsure, in the order in which the cases ask for them."""
    by_discipline: dict[str, list[Expected]] = {}
    for one in asked:
        if one.counts:
            by_discipline.setdefault(one.discipline, []).append(one)
    found: dict[str, Gap] = {}
    for case in cases:
        for discipline in needed_by(case):
            expected = by_discipline.get(discipline, [])
            if not any(one.is_sure for one in expected):
                found.setdefault(discipline, Gap(discipline, hopes=expected)).cases.append(case)
    return list(found.values())


def coming_to(meetings: Iterable[Meeting]) -> dict[int, Coming]:
    """For each meeting by its key, in five queries for any number of them."""
    meetings = list(meetings)
    listed: dict[int, list[Case]] = {}
    # What is listed without discussion needs nobody in the room.
    items = AgendaItem.objects.filter(meeting__in=meetings, state=AgendaItem.State.LISTED, lane=AgendaItem.Lane.DISCUSS)
    for item in items.select_related("case__team").order_by("position", "id"):
        listed.setdefault(item.meeting_id, []).append(item.case)
    return {pk: Coming(asked, gaps(asked, listed.get(pk, []))) for pk, asked in asked_to(meetings).items()}
