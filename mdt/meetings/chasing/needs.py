"""What a case still needs, and who is asked for it first."""

from cases.models import Case
from cases.queue_rows import WAITED_FOR
from cases.reasoning import item_label
from mdt.meetings.calendar.expected import people_of
from mdt.meetings.chasing.deadline import Deadline
from mdt.people.disciplines import Discipline
from mdt.people.models import Role, User

CHASED = (Case.State.REFERRED, Case.State.LISTED)
RECORDING = (Role.MEMBER, Role.CHAIR, Role.COORDINATOR)


def needed(case: Case) -> dict[str, list[str]]:
    """Discipline that is asked first → required items that are missing or too old; nothing once nobody waits."""
    found: dict[str, list[str]] = {}
    if case.state in CHASED:
        for item in case.readiness:
            if item["state"] in WAITED_FOR:
                found.setdefault(item["owner"], []).append(item["fact"])
    return found


def labels(case: Case, items: list[str], language: str) -> list[str]:
    return [item_label(case.pathway, item, language) for item in items]


def people_asked(deadline: Deadline, discipline: str) -> list[User]:
    """Who is reminded: whoever is expected at the meeting for the discipline, else everybody of it in the team, else
    the coordinators, so that no reminder goes to nobody."""
    if deadline.meeting is not None:
        expected = [one.person for one in people_of(deadline.meeting) if one.discipline == discipline]
        if expected:
            return list(dict.fromkeys(expected))
    team = User.objects.filter(is_active=True, memberships__team=deadline.case.team)
    of_discipline = team.filter(memberships__role__in=RECORDING, discipline=discipline).distinct()
    return list(of_discipline) or coordinators_of(deadline.case.team_id)


def coordinators_of(team_id: int) -> list[User]:
    """The coordinators of a team, else its chairs."""
    for role in (Role.COORDINATOR, Role.CHAIR):
        people = list(User.objects.filter(is_active=True, memberships__team=team_id, memberships__role=role))
        if people:
            return people
    return []


def discipline_name(code: str) -> str:
    return str(Discipline(code).label)
