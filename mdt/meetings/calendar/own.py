"""One's own answers: to one meeting on its page, and to all coming ones in a list."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from mdt.meetings.attendance import EXPECTED as ROLES
from mdt.meetings.calendar.expected import Expected, asked_to
from mdt.meetings.models import Meeting, Reply
from mdt.people.models import Membership, User

MOST = 60


@dataclass(frozen=True)
class Own:
    """How a person stands towards one meeting: what they answered, what undoing it gives, and who may stand in."""

    meeting: Meeting
    person: User
    asked: list[Expected] = field(default_factory=list)  # the person's own places, one for each discipline
    deputies: list[User] = field(default_factory=list)
    newest: Reply | None = None
    before: Reply | None = None

    @property
    def answer(self) -> str:
        return self.newest.answer if self.newest else Reply.Answer.OPEN

    @property
    def undo(self) -> str:
        """The answer before the newest one, as the page sends it; empty where nothing was answered."""
        if self.newest is None:
            return ""
        if self.before is None:
            return Reply.Answer.OPEN
        return f"{self.before.answer}:{self.before.deputy_id}" if self.before.deputy_id else self.before.answer

    @property
    def is_asked(self) -> bool:
        return bool(self.asked)

    @property
    def covers(self) -> User | None:
        """Whose place the person was called to take."""
        return next((one.covers for one in self.asked if one.covers and one.is_called), None)

    @property
    def is_called(self) -> bool:
        """Whether an answer is waited for: core members, and deputies once the member has declined."""
        return any(one.is_called for one in self.asked)


def own_answers(person: User, meetings: Iterable[Meeting], asked: dict[int, list[Expected]]) -> list[Own]:
    """The person's answers to these meetings, with what undoing gives. One query."""
    meetings = list(meetings)
    replies: dict[int, list[Reply]] = {}
    for reply in Reply.objects.filter(meeting__in=meetings, person=person).select_related("deputy").order_by("id"):
        replies.setdefault(reply.meeting_id, []).append(reply)
    found = []
    for meeting in meetings:
        said = [None, None, *replies.get(meeting.pk, [])]
        theirs = asked[meeting.pk]
        found.append(
            Own(
                meeting,
                person,
                asked=[one for one in theirs if one.person.pk == person.pk],
                deputies=list(dict.fromkeys(one.person for one in theirs if one.covers == person)),
                newest=said[-1],
                before=said[-2],
            )
        )
    return found


def my_meetings(person: User) -> dict:
    """The coming meetings of the teams in which the person takes part: those that ask for them, then the others."""
    teams = set(Membership.objects.filter(user=person, role__in=ROLES).values_list("team_id", flat=True))
    rows = Meeting.objects.filter(team__in=teams, state=Meeting.State.PLANNED, starts_at__gt=timezone.now())
    meetings = list(rows.select_related("team", "chair", "series").order_by("starts_at", "id")[:MOST])
    answers = own_answers(person, meetings, asked_to(meetings))
    return {
        "asked": [own for own in answers if own.is_called],
        "others": [own for own in answers if not own.is_called],
        "waiting": sum(own.is_called and own.answer == Reply.Answer.OPEN for own in answers),
        "has_teams": len(teams) > 1,
        "zones": sorted({meeting.team.time_zone for meeting in meetings}),
    }
