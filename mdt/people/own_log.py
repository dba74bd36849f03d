"""Lines of the event log about a person: one in the log of each of their teams."""

from typing import Any

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.models import Team, User


def teams_of(person: User) -> list[Team | None]:
    """Whose event log tells about this person: each of their teams, or the log of no team."""
    return list(Team.objects.filter(memberships__user=person).distinct()) or [None]


def record_of(person: User, kind: Kind, *, by: User | None, **data: Any) -> None:
    """Tell every log that tells about this person. Call it inside the transaction of what it describes."""
    for team in teams_of(person):
        record(kind, by=by, team=team, subject=person, **data)
