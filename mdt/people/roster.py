"""Reads for the pages of teams and people: who is in a team, with which roles, and what a new team still lacks."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mdt.people.models import Membership, Role, Team, User
from mdt.people.permissions import Permission, can

ROLE_ORDER = {role: place for place, role in enumerate(Role.values)}


@dataclass(frozen=True)
class Member:
    """A person of a team with all the roles they hold in it."""

    person: User
    roles: tuple[str, ...]

    @property
    def role_names(self) -> list[str]:
        return [str(Role(role).label) for role in self.roles]


@dataclass(frozen=True)
class Step:
    """One thing to do before a new team can work."""

    label: Promise
    is_done: bool
    url: str = ""
    button: Promise | str = ""


def with_counts(teams: QuerySet[Team]) -> QuerySet[Team]:
    """Teams with `people_count`, the people whose account is active, by hospital and name."""
    active = Q(memberships__user__is_active=True)
    counted = teams.annotate(people_count=Count("memberships__user", distinct=True, filter=active))
    return counted.order_by("hospital", "name", "pk")


def roles_of(person: User, team: Team) -> list[str]:
    """Roles in this team, in the order of Role."""
    held = Membership.objects.filter(team=team, user=person).values_list("role", flat=True)
    return sorted(held, key=ROLE_ORDER.get)


def members_of(team: Team) -> list[Member]:
    """Everybody in the team, active people first, by name."""
    rows = team.memberships.select_related("user").order_by(
        "-user__is_active", "user__name", "user__username", "user_id"
    )
    members = []
    for _pk, memberships in groupby(rows, key=lambda row: row.user_id):
        held = list(memberships)
        roles = sorted((row.role for row in held), key=ROLE_ORDER.get)
        members.append(Member(held[0].user, tuple(roles)))
    return members


def teams_of(person: User, besides: Team | None = None) -> list[tuple[Team, list[str]]]:
    """The person's teams, each with the names of the roles held there."""
    rows = person.memberships.select_related("team").order_by("team__hospital", "team__name", "team_id")
    if besides is not None:
        rows = rows.exclude(team=besides)
    return [
        (held[0].team, [row.get_role_display() for row in sorted(held, key=lambda row: ROLE_ORDER[row.role])])
        for held in (list(group) for _pk, group in groupby(rows, key=lambda row: row.team_id))
    ]


def steps(team: Team, members: list[Member], user: User) -> list[Step]:
    """What a new team needs until its first case can be referred. Empty once everything is done."""
    active = [member for member in members if member.person.is_active]
    held = {role for member in active for role in member.roles}
    add = reverse("person-add", args=[team.code])
    todo = [
        Step(
            _("A coordinator, who refers cases and plans meetings"),
            Role.COORDINATOR in held,
            add,
            _("Add person"),
        ),
        Step(_("A chair, who signs the decisions"), Role.CHAIR in held, add, _("Add person")),
        Step(
            _("Members of at least two disciplines, who record findings"),
            len({member.person.discipline for member in active} - {"", "coordination"}) > 1,
            add,
            _("Add person"),
        ),
        Step(_("An auditor, who can read the event log"), Role.AUDITOR in held, add, _("Add person")),
    ]
    if all(step.is_done for step in todo):
        return []
    if Role.COORDINATOR in held:
        own = can(user, Permission.CASE_REFER, team)
        todo.append(
            Step(
                _("The first case, which the coordinator refers from the queue"),
                False,
                reverse("queue") if own else "",
                _("To the queue") if own else "",
            )
        )
    return todo


def offices() -> dict[User, list[str]]:
    """Who can sign in and holds an office that is kept apart: system, administrator, auditor, privacy."""
    apart = (Role.ADMINISTRATOR, Role.AUDITOR, Role.PRIVACY)
    people = User.objects.filter(is_active=True).prefetch_related("memberships").order_by("username")
    found = {}
    for person in people:
        roles = sorted({held.role for held in person.memberships.all() if held.role in apart})
        if names := (["system"] if person.is_superuser else []) + roles:
            found[person] = names
    return found
