"""Who has committed an opinion, what the table thinks by discipline, and who had seen the proposal before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cases.reasoning import quorum_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings.attendance import standing
from mdt.meetings.models import AgendaItem, Meeting, Opinion
from mdt.people.models import User

# Lines of the log that say that somebody looked at a case.
LOOKING = (Kind.CASE_OPENED, Kind.DOCUMENT_OPENED, Kind.EVENTS_VIEWED, Kind.EVENTS_EXPORTED)
# Pages of a case that show findings only; every other page of a case shows what the rules say to them. One that is
# sealed by its view is named so in the log; psychosocial notes stand on a page of their own.
PAGES_WITHOUT_PROPOSAL = (
    *("findings", "finding", "psychosocial notes"),
    *("sealed meeting", "sealed overview", "sealed history", "sealed decisions", "sealed follow-up"),
    *("sealed findings form", "sealed correction of finding"),
)


def proposal_seen_at(item: AgendaItem, person: User) -> datetime | None:
    """When this person last opened a page or a paper that shows what the rules propose for the case, by the log."""
    opened = Event.objects.filter(case_reference=item.case.reference, by=person, kind__in=LOOKING).order_by("-number")
    for event in opened.iterator(chunk_size=50):
        if event.kind != Kind.CASE_OPENED or shows_proposal(str(event.data.get("page", ""))):
            return event.at
    return None


def shows_proposal(page: str) -> bool:
    """Whether a page, as the log names it, shows the proposal. A page that nobody thought of here does."""
    if page.startswith("findings form"):
        return True
    return not any(f"{page},".startswith((f"{name} ", f"{name},")) for name in PAGES_WITHOUT_PROPOSAL)


def discipline_of(person: User, meeting: Meeting) -> str:
    """The discipline that somebody speaks for: the one of their attendance mark, else their own."""
    own = standing(meeting.attendance_marks.filter(person=person).order_by("id"))
    mark = own[-1] if own else None
    return mark.discipline if mark is not None and mark.is_present and mark.discipline else person.discipline


def waiting_disciplines(item: AgendaItem) -> list[str]:
    """Disciplines of the quorum that have not committed yet, in the pathway's order."""
    committed = set(item.opinions.values_list("discipline", flat=True))
    return [code for code in quorum_of(item.case.pathway) if code not in committed]


@dataclass
class Stand:
    """What the members of one discipline think: their newest opinions before the opening, and later ones."""

    discipline: str
    before: list[Opinion] = field(default_factory=list)
    after: list[Opinion] = field(default_factory=list)

    @property
    def categories(self) -> list[str]:
        """Each once, "" for one who cannot say; before the opening if anybody spoke then."""
        return list(dict.fromkeys(opinion.category for opinion in self.before or self.after))

    @property
    def is_late(self) -> bool:
        return not self.before


@dataclass(frozen=True)
class Agreement:
    """The table by discipline, those of the quorum first."""

    stands: list[Stand]
    waiting: list[str]

    @property
    def most(self) -> str:
        """The category that more disciplines gave before the opening than any other; "" where there is none."""
        given = [stand.categories[0] for stand in self.stands if not stand.is_late and len(stand.categories) == 1]
        counted = sorted({name: given.count(name) for name in given if name}.items(), key=lambda entry: -entry[1])
        is_single = len(counted) == 1 or (len(counted) > 1 and counted[0][1] > counted[1][1])
        return counted[0][0] if is_single else ""

    @property
    def agreeing(self) -> int:
        return sum(not stand.is_late and stand.categories == [self.most] for stand in self.stands) if self.most else 0

    @property
    def spoken(self) -> int:
        """Disciplines that committed before the opening."""
        return sum(not stand.is_late for stand in self.stands)

    @property
    def opinions(self) -> list[Opinion]:
        return [opinion for stand in self.stands for opinion in (*stand.before, *stand.after)]


def agreement_on(item: AgendaItem, opinions: Iterable[Opinion] | None = None) -> Agreement:
    """What stands on the table once it is opened. `opinions`: those that count; all of the item if not given."""
    rows = item.opinions.select_related("person").order_by("id") if opinions is None else opinions
    newest: dict[tuple[int, bool], Opinion] = {}
    for opinion in rows:
        newest[opinion.person_id, opinion.is_after_reveal] = opinion
    required = quorum_of(item.case.pathway)
    stands: dict[str, Stand] = {}
    for opinion in newest.values():
        stand = stands.setdefault(opinion.discipline, Stand(opinion.discipline))
        (stand.after if opinion.is_after_reveal else stand.before).append(opinion)
    order = {code: place for place, code in enumerate(required)}
    return Agreement(
        stands=sorted(stands.values(), key=lambda stand: (order.get(stand.discipline, len(order)), stand.discipline)),
        waiting=[code for code in required if code not in stands],
    )
