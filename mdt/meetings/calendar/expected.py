"""Who is expected at a coming meeting, and which disciplines that covers.

Whoever is asked and has not declined counts as expected. A core member who declined is replaced by their deputies, who
count until they decline too; `is_sure` tells a deputy who only has not answered from one who comes. A meeting without
a series, or of a series without core members, expects everybody of the team.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from mdt.meetings.attendance import EXPECTED as ROLES
from mdt.meetings.attendance import Seat
from mdt.meetings.models import CoreMember, Meeting, Reply
from mdt.people.models import Membership, User

COMING = (Reply.Answer.COMES, Reply.Answer.VIDEO)
DECLINED = (Reply.Answer.CANNOT, Reply.Answer.DEPUTY)


@dataclass(frozen=True)
class Expected:
    """One person who is asked to a meeting for one discipline, with their newest answer."""

    person: User
    discipline: str
    answer: str = Reply.Answer.OPEN
    deputy: User | None = None  # who comes instead, where they said so
    covers: User | None = None  # the core member whose place they take
    is_called: bool = True  # a deputy is called once the member they cover has declined, or by saying that they come
    is_named: bool = False  # the member said that this deputy comes

    @property
    def has_declined(self) -> bool:
        return self.answer in DECLINED

    @property
    def counts(self) -> bool:
        """Whether they are expected in the room."""
        return self.is_called and not self.has_declined

    @property
    def is_sure(self) -> bool:
        """A core member counts on silence; a deputy is sure once one of the two said so."""
        return self.counts and (self.covers is None or self.is_named or self.answer in COMING)

    @property
    def has_said_so(self) -> bool:
        """Whether somebody answered that they come: they themselves, or the member who named them."""
        return self.counts and (self.is_named or self.answer in COMING)


def asked_to(meetings: Iterable[Meeting]) -> dict[int, list[Expected]]:
    """Everybody who is asked to each meeting, by its key; deputies follow the member they cover. Four queries."""
    meetings = list(meetings)
    replies = _newest_replies(meetings)
    core: dict[int | None, list[CoreMember]] = {}
    for row in _core_members({meeting.series_id for meeting in meetings}):
        core.setdefault(row.series_id, []).append(row)
    teams = _everybody({meeting.team_id for meeting in meetings if not core.get(meeting.series_id)})
    chairs = _chairs([meeting for meeting in meetings if core.get(meeting.series_id)])
    asked = {}
    for meeting in meetings:
        said = replies.get(meeting.pk, {})
        rows = core.get(meeting.series_id)
        found = _of_series(rows, said) if rows else _of_team(teams.get(meeting.team_id, []), said)
        chair = chairs.get((meeting.team_id, meeting.chair_id)) if rows else None
        if chair is not None and chair not in {one.person for one in found if one.covers is None}:
            found.insert(0, Expected(chair, chair.discipline, **_answer(said.get(chair.pk))))
        asked[meeting.pk] = found
    return asked


def people_of(meeting: Meeting) -> list[Expected]:
    """Who is expected in the room, each for one discipline: those who are asked and have not declined."""
    return [one for one in asked_to([meeting])[meeting.pk] if one.counts]


def disciplines_of(meetings: Iterable[Meeting]) -> dict[int, frozenset[str]]:
    """The disciplines expected at each meeting, by its key, in the same four queries for any number of meetings."""
    return {pk: covered(asked) for pk, asked in asked_to(meetings).items()}


def who_said_they_come(asked: Iterable[Expected]) -> list[Expected]:
    """Those who answered by themselves that they come, each once: in the place of who named them, else in their own.

    Silence is no answer, and another's word is none.
    """
    found: dict[int, Expected] = {}
    for one in asked:
        if one.counts and one.answer in COMING:
            known = found.setdefault(one.person.pk, one)
            if one.covers and one.is_named and not (known.covers and known.is_named):
                found[one.person.pk] = one
    return list(found.values())


def announced(seats: Iterable[Seat], asked: Iterable[Expected]) -> list[Expected]:
    """Who said that they come and was not marked yet: one click marks them all."""
    unmarked = {seat.person.pk for seat in seats if seat.marked_at is None}
    return [one for one in who_said_they_come(asked) if one.person.pk in unmarked]


def covered(asked: Iterable[Expected]) -> frozenset[str]:
    """The disciplines of those who count."""
    return frozenset(one.discipline for one in asked if one.counts and one.discipline)


def _newest_replies(meetings: list[Meeting]) -> dict[int, dict[int, Reply]]:
    """The newest reply of each person, by meeting."""
    newest: dict[int, dict[int, Reply]] = {}
    for reply in Reply.objects.filter(meeting__in=meetings).select_related("deputy").order_by("id"):
        newest.setdefault(reply.meeting_id, {})[reply.person_id] = reply
    return newest


def _core_members(series: set[int | None]) -> list[CoreMember]:
    """Core members and deputies who are still in the team and whose account is active."""
    rows = CoreMember.objects.filter(
        series__in=series - {None}, person__is_active=True, person__memberships__team=F("series__team")
    )
    return list(rows.select_related("person", "covers__person").order_by("discipline", "id").distinct())


def _chairs(meetings: list[Meeting]) -> dict[tuple[int, int | None], User]:
    """Who leads one of these meetings and is in its team, by team and key: asked also without being a core member."""
    wanted = {meeting.chair_id for meeting in meetings} - {None}
    if not wanted:
        return {}
    teams = {meeting.team_id for meeting in meetings}
    rows = Membership.objects.filter(team__in=teams, user__in=wanted, user__is_active=True).select_related("user")
    return {(row.team_id, row.user_id): row.user for row in rows}


def _everybody(teams: set[int]) -> dict[int, list[User]]:
    """The active people of each team who take part in meetings."""
    people: dict[int, dict[int, User]] = {}
    rows = Membership.objects.filter(team__in=teams, role__in=ROLES, user__is_active=True).select_related("user")
    for row in rows.order_by("user__name", "user_id"):
        people.setdefault(row.team_id, {})[row.user_id] = row.user
    return {team: list(found.values()) for team, found in people.items()}


def people_of_team(team: int) -> list[User]:
    """The active people of one team who take part in meetings, by name. One query."""
    return _everybody({team}).get(team, [])


def _of_team(people: list[User], said: dict[int, Reply]) -> list[Expected]:
    found = []
    for person in people:
        theirs = said.get(person.pk)
        found.append(Expected(person, person.discipline, **_answer(theirs)))
        found += _named_otherwise(person, person.discipline, theirs, said, [])
    return found


def _named_otherwise(
    person: User, discipline: str, theirs: Reply | None, said: dict[int, Reply], linked: list[CoreMember]
) -> list[Expected]:
    """Somebody who comes instead for this once, without being linked as a deputy."""
    if theirs is None or theirs.deputy is None or theirs.deputy_id in {row.person_id for row in linked}:
        return []
    answer = _answer(said.get(theirs.deputy_id))
    return [Expected(theirs.deputy, discipline, covers=person, is_named=True, **answer)]


def _of_series(rows: list[CoreMember], said: dict[int, Reply]) -> list[Expected]:
    found = []
    members = [row for row in rows if row.covers_id is None]
    for member in members:
        theirs = said.get(member.person_id)
        deputies = [row for row in rows if row.covers_id == member.pk]
        found.append(Expected(member.person, member.discipline, **_answer(theirs)))
        found += [_deputy(row, member.person, theirs, said) for row in deputies]
        found += _named_otherwise(member.person, member.discipline, theirs, said, deputies)
    # A member who left the team leaves their deputies: each stands for the discipline.
    gone = [row for row in rows if row.covers_id and row.covers_id not in {member.pk for member in members}]
    found += [Expected(row.person, row.discipline, **_answer(said.get(row.person_id))) for row in gone]
    return found


def _deputy(row: CoreMember, covers: User, theirs: Reply | None, said: dict[int, Reply]) -> Expected:
    """A deputy, by what the member said (`theirs`) and by what they said themselves."""
    answer = _answer(said.get(row.person_id))
    is_named = theirs is not None and theirs.deputy_id == row.person_id
    # Every deputy is called where the member named none, or named one who declined.
    named = said.get(theirs.deputy_id) if theirs is not None and theirs.deputy_id else None
    is_free = theirs is not None and (
        theirs.answer == Reply.Answer.CANNOT or (named is not None and named.answer in DECLINED)
    )
    is_called = is_named or is_free or answer.get("answer") in COMING
    return Expected(row.person, row.discipline, covers=covers, is_called=is_called, is_named=is_named, **answer)


def _answer(reply: Reply | None) -> dict:
    return {} if reply is None else {"answer": reply.answer, "deputy": reply.deputy}
