"""The tours: a few steps over the real pages for each kind of work. The help page says the same as text."""

from typing import Final

from mdt.help.tours.clinical import CLINICAL
from mdt.help.tours.offices import OFFICES
from mdt.help.tours.steps import Tour
from mdt.people.models import Role, User
from mdt.people.permissions import roles_by_team

TOURS: Final[dict[str, Tour]] = {tour.name: tour for tour in (*CLINICAL, *OFFICES)}
_BY_ROLE: Final = {  # of somebody with several roles, the first: what fills the day
    Role.CHAIR: "chair",
    Role.COORDINATOR: "coordinator",
    Role.SUPPORTIVE: "supportive",
    Role.AUDITOR: "auditor",
    Role.MEMBER: "clinician",
    Role.PRIVACY: "privacy",
    Role.ADMINISTRATOR: "administrator",
}


def tours_of(user: User) -> list[Tour]:
    """A tour for each role of this person, the one for what they do most first; none for somebody without a team."""
    held = set().union(*roles_by_team(user).values())
    return [TOURS[name] for role, name in _BY_ROLE.items() if role in held]


def tour_of(user: User) -> Tour | None:
    """The tour for what this person does most; None for somebody without a team."""
    return next(iter(tours_of(user)), None)
