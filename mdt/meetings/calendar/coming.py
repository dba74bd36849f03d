"""Which disciplines a meeting will lack for the cases on its agenda, and who said what about coming."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cases.models import Case, Proposal
from mdt.meetings.calendar.expected import Expected, asked_to
from mdt.meetings.models import AgendaItem, Meeting
from mdt.meetings.quorum import needed_for, newest_proposals, perhaps_needed
from mdt.people.models import User


@dataclass
class Gap:
    """A discipline that listed cases need and nobody is sure to bring; `hopes` were called and have not declined.

    `perhaps`: sealed cases whose pathway may ask for it. Whether they do is not hinted at before their table is open.
    """

    discipline: str
    cases: list[Case] = field(default_factory=list)
    perhaps: list[Case] = field(default_factory=list)
    hopes: list[Expected] = field(default_factory=list)

    @property
    def is_missing(self) -> bool:
        return not self.hopes


@dataclass(frozen=True)
class Asked:
    """One person with their places: an answer holds for all of them."""

    places: list[Expected]

    @property
    def main(self) -> Expected:
        """The place by which the answer is told: a called one first, and one's own before that of another."""
        return min(self.places, key=lambda one: (not one.is_called, one.covers is not None))

    @property
    def person(self) -> User:
        return self.main.person

    @property
    def is_elsewhere_from(self) -> list[Expected]:
        """Places in which the person stands in for a discipline that is not their own."""
        return [one for one in self.places if one.covers and one.is_called and one.discipline != one.person.discipline]


def may_stand_in(people: Iterable[User], one: Expected) -> dict[str, list[User]]:
    """Who may come instead of this person, `same` discipline first; `other` are warned about."""
    found: dict[str, list[User]] = {"same": [], "other": []}
    for person in people:
        if person.pk != one.person.pk:
            found["same" if person.discipline == one.discipline else "other"].append(person)
    return found


@dataclass(frozen=True)
class Coming:
    """What a list shows of one meeting: who is asked, and the gaps."""

    asked: list[Expected]
    gaps: list[Gap]

    @property
    def people(self) -> list[Asked]:
        """Everybody once, with all that they are asked for."""
        places: dict[int, list[Expected]] = {}
        for one in self.asked:
            places.setdefault(one.person.pk, []).append(one)
        return [Asked(theirs) for theirs in places.values()]

    @property
    def called(self) -> list[Expected]:
        """Those whose answer matters now, each once: core members, and deputies who were called."""
        return [person.main for person in self.people if person.main.is_called]

    @property
    def answered(self) -> int:
        return sum(one.answer != "open" for one in self.called)

    @property
    def missing(self) -> list[Gap]:
        return [gap for gap in self.gaps if gap.is_missing]

    @property
    def unsure(self) -> list[Gap]:
        return [gap for gap in self.gaps if not gap.is_missing]


def open_proposals(items: Iterable[AgendaItem]) -> dict[int, Proposal]:
    """Case id → newest proposal, of the items that the room may see. Nothing of a sealed one is looked at."""
    return newest_proposals(item.case_id for item in items if not item.is_sealed)


def gaps(asked: Iterable[Expected], items: Iterable[AgendaItem], proposals: Mapping[int, Proposal]) -> list[Gap]:
    """Disciplines that are missing or unsure, in the order in which the cases ask for them.

    `proposals`: those of `open_proposals`.
    """
    by_discipline: dict[str, list[Expected]] = {}
    for one in asked:
        if one.counts:
            by_discipline.setdefault(one.discipline, []).append(one)
    found: dict[str, Gap] = {}

    def gap_in(discipline: str) -> Gap | None:
        expected = by_discipline.get(discipline, [])
        is_sure = any(one.is_sure for one in expected)
        return None if is_sure else found.setdefault(discipline, Gap(discipline, hopes=expected))

    for item in items:
        for discipline in needed_for(item.case, proposals.get(item.case_id)):
            if gap := gap_in(discipline):
                gap.cases.append(item.case)
        for discipline in perhaps_needed(item.case) if item.is_sealed else ():
            if gap := gap_in(discipline):
                gap.perhaps.append(item.case)
    return list(found.values())


def coming_to(meetings: Iterable[Meeting]) -> dict[int, Coming]:
    """For each meeting by its key, in seven queries for any number of them."""
    meetings = list(meetings)
    listed: dict[int, list[AgendaItem]] = {}
    # What is listed without discussion needs nobody in the room.
    items = AgendaItem.objects.filter(meeting__in=meetings, state=AgendaItem.State.LISTED, lane=AgendaItem.Lane.DISCUSS)
    items = list(items.select_related("case__team", "case__patient", "meeting", "reveal").order_by("position", "id"))
    for item in items:
        listed.setdefault(item.meeting_id, []).append(item)
    proposals = open_proposals(items)
    return {pk: Coming(asked, gaps(asked, listed.get(pk, []), proposals)) for pk, asked in asked_to(meetings).items()}
