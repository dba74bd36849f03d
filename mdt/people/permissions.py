"""Every access decision of the system. What is not granted here is denied.

Rights are held within a team. Loading a row is the permission check: `get_or_404` gives 404 to somebody outside the
row's team, who must not learn that it exists, and 403 to a member without the right.
"""

from enum import StrEnum
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from mdt.events.chain import Restricted
from mdt.people.models import EmergencyAccess, Membership, RestrictedOpening, Role, Team, User

Row = TypeVar("Row", bound=Model)


class Permission(StrEnum):
    """What a person may be allowed to do with the rows of a team."""

    CASE_VIEW = "case-view"
    CASE_REFER = "case-refer"
    REFERRAL_CHANGE = "referral-change"
    FINDING_RECORD = "finding-record"
    FACTS_REMIND = "facts-remind"
    PSYCHOSOCIAL_VIEW = "psychosocial-view"
    MEETING_VIEW = "meeting-view"
    MEETING_PLAN = "meeting-plan"
    CASE_TRIAGE = "case-triage"
    ATTENDANCE_MARK = "attendance-mark"
    ATTENDANCE_OWN = "attendance-own"
    TABLE_MOVE = "table-move"
    OPINION_GIVE = "opinion-give"
    DECISION_RECORD = "decision-record"
    DECISION_SIGN = "decision-sign"
    OUTCOME_RELEASE = "outcome-release"
    IMPLEMENTATION_REPORT = "implementation-report"
    EVENT_VIEW = "event-view"
    RULES_REPLAY = "rules-replay"
    AUDIT_VIEW = "audit-view"
    PACK_MAKE = "pack-make"
    RESEARCH_EXPORT = "research-export"
    TEAM_MANAGE = "team-manage"
    MAIL_MANAGE = "mail-manage"
    PRIVACY_MANAGE = "privacy-manage"
    ERASURE_CONFIRM = "erasure-confirm"
    COPY_HAND_OUT = "copy-hand-out"
    # Of the installation's rules, which belong to no team: held in any team, it holds.
    RULES_REVIEW = "rules-review"
    RULES_APPROVE = "rules-approve"


_READ = {Permission.CASE_VIEW, Permission.MEETING_VIEW}
_CLINICAL = _READ | {
    Permission.CASE_REFER,
    Permission.FINDING_RECORD,
    Permission.ATTENDANCE_OWN,
    Permission.IMPLEMENTATION_REPORT,
}
_ORGANISE = {
    Permission.REFERRAL_CHANGE,
    Permission.FACTS_REMIND,
    Permission.MEETING_PLAN,
    Permission.ATTENDANCE_MARK,
    Permission.TABLE_MOVE,
    Permission.DECISION_RECORD,
    Permission.OUTCOME_RELEASE,
    Permission.MAIL_MANAGE,
}

GRANTS: dict[str, frozenset[Permission]] = {
    Role.MEMBER: frozenset(_CLINICAL | {Permission.CASE_TRIAGE, Permission.OPINION_GIVE, Permission.RULES_REVIEW}),
    Role.CHAIR: frozenset(
        _CLINICAL
        | _ORGANISE
        | {Permission.CASE_TRIAGE, Permission.OPINION_GIVE, Permission.DECISION_SIGN}
        | {Permission.RULES_REVIEW, Permission.RULES_APPROVE, Permission.RULES_REPLAY, Permission.AUDIT_VIEW}
        | {Permission.ERASURE_CONFIRM, Permission.COPY_HAND_OUT}
    ),
    Role.COORDINATOR: frozenset(_CLINICAL | _ORGANISE),
    Role.AUDITOR: frozenset(
        _READ
        | {
            Permission.EVENT_VIEW,
            Permission.RULES_REPLAY,
            Permission.AUDIT_VIEW,
            Permission.PACK_MAKE,
            Permission.RESEARCH_EXPORT,
        }
    ),
    # Psycho-oncology, the specialist nurse: by name, since it is need to know.
    Role.SUPPORTIVE: frozenset(_CLINICAL | {Permission.PSYCHOSOCIAL_VIEW}),
    # Manages people; sees no patient.
    Role.ADMINISTRATOR: frozenset({Permission.TEAM_MANAGE, Permission.MAIL_MANAGE}),
    # Decides what is erased and what is kept; sees whose case it is and how much there is, not what it says.
    Role.PRIVACY: frozenset({Permission.PRIVACY_MANAGE, Permission.ERASURE_CONFIRM}),
}


def roles_by_team(user: User) -> dict[int, set[str]]:
    """Team id → the roles this person holds there. Read once per request and kept on the user object."""
    if not user.is_authenticated or not user.is_active:
        return {}
    kept = getattr(user, "_roles_by_team", None)
    if kept is None:
        kept, zones = {}, set()
        held = Membership.objects.filter(user=user).values_list("team_id", "role", "team__time_zone")
        for team_id, role, time_zone in held:
            kept.setdefault(team_id, set()).add(role)
            zones.add(time_zone)
        user._roles_by_team, user._time_zones = kept, zones  # one query for both: every page needs them
    return kept


def needs_second_factor(user: User) -> bool:
    """Whether the installation wants a second factor from this person: who signs, reads the log, or manages people."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    held = set().union(*roles_by_team(user).values())
    if settings.SECOND_FACTOR_OF_ALL or user.is_superuser:
        return True
    return bool(held & {Role.CHAIR, Role.AUDITOR, Role.ADMINISTRATOR, Role.PRIVACY})


def time_zones_of(user: User) -> set[str]:
    """Names of the zones of the person's teams; empty for somebody in no team."""
    return getattr(user, "_time_zones", set()) if roles_by_team(user) else set()


def can(user: User, permission: Permission, team: Team | int) -> bool:
    """Whether one of the person's roles in this team grants the permission."""
    team_id = team if isinstance(team, int) else team.pk
    if permission is Permission.TEAM_MANAGE and user.is_active and user.is_superuser:
        # Somebody must be able to fill an empty installation; a superuser still sees no patient.
        return not settings.SEPARATE_OFFICES or not _administered().filter(pk=team_id).exists()
    return any(permission in GRANTS.get(role, frozenset()) for role in roles_by_team(user).get(team_id, ()))


def _administered() -> QuerySet[Team]:
    """Teams that have an administrator who can sign in: where offices are apart, no superuser manages their people."""
    held = Membership.objects.filter(role=Role.ADMINISTRATOR, user__is_active=True, user__is_superuser=False)
    return Team.objects.filter(pk__in=held.values("team"))


def require(user: User, permission: Permission, team: Team | int) -> None:
    """404 if the person has nothing to do with the team, 403 if they have but lack this right."""
    if can(user, permission, team):
        return
    team_id = team if isinstance(team, int) else team.pk
    if team_id not in roles_by_team(user):
        raise Http404
    raise PermissionDenied


def teams_with(user: User, permission: Permission) -> list[int]:
    """Ids of the teams in which the person holds this permission, in a fixed order. Empty means: show nothing."""
    return sorted(team_id for team_id in roles_by_team(user) if can(user, permission, team_id))


def can_anywhere(user: User, permission: Permission) -> bool:
    """Whether the person holds a permission in any team: for what belongs to the installation, as the rules do."""
    return bool(teams_with(user, permission))


def require_anywhere(user: User, permission: Permission) -> None:
    """Raise PermissionDenied unless the person holds the permission in some team."""
    if not can_anywhere(user, permission):
        raise PermissionDenied


def require_staff(user: User) -> None:
    """Raise PermissionDenied unless the person looks after the installation or the people of a team."""
    if not (user.is_active and user.is_superuser) and not can_anywhere(user, Permission.TEAM_MANAGE):
        raise PermissionDenied


def manageable_teams(user: User) -> QuerySet[Team]:
    """The teams whose people this person may manage."""
    if user.is_active and user.is_superuser:
        all_teams = Team.objects.all()
        return all_teams.exclude(pk__in=_administered().values("pk")) if settings.SEPARATE_OFFICES else all_teams
    return Team.objects.filter(pk__in=teams_with(user, Permission.TEAM_MANAGE))


def can_create_team(user: User) -> bool:
    """Only the account made by `createsuperuser` opens new teams."""
    return user.is_active and user.is_superuser


def require_team_creation(user: User) -> None:
    """Raise PermissionDenied unless the user may open a team."""
    if not can_create_team(user):
        raise PermissionDenied


def get_or_404(
    rows: QuerySet[Row] | type[Row], user: User, permission: Permission, *, team_path: str = "team", **lookup
) -> Row:
    """The row, if the person may do this with it. Raises Http404 (no row, or outside its team) or PermissionDenied;
    Restricted, which is one, for a case whose data may only be stored.

    `team_path` leads from the row to its team: `"team"`, `"case__team"`, …
    """
    row = get_object_or_404(rows, **lookup)
    if permission is Permission.CASE_VIEW and team_path == "team" and emergency_access(user, row):
        return row
    team: Model = row
    for step in team_path.split("__"):
        team = getattr(team, step)
    require(user, permission, team)
    refuse_restricted(user, permission, _case_of(row))
    return row


_TO_THE_CASE = ("case", "decision__case", "item__case")


def _case_of(row: Model) -> Model | None:
    """The case that a row is, or belongs to; None for what belongs to none."""
    if hasattr(row, "is_restricted"):
        return row
    for path in _TO_THE_CASE:
        found: Model | None = row
        for step in path.split("__"):
            found = getattr(found, step, None)
        if found is not None and hasattr(found, "is_restricted"):
            return found
    return None


OF_THE_OFFICE = {
    *(Permission.EVENT_VIEW, Permission.PRIVACY_MANAGE, Permission.ERASURE_CONFIRM, Permission.COPY_HAND_OUT),
}
"""Who watches over the record, and the patient's own right to a copy, go on while it is restricted."""


def refuse_restricted(user: User, permission: Permission, case: Model | None) -> None:
    """Where the patient's data may only be stored: Restricted (403), but for reading by who opened it with a reason."""
    if case is None or not case.is_restricted or permission in OF_THE_OFFICE:
        return
    reads = permission in (Permission.CASE_VIEW, Permission.MEETING_VIEW)
    if not (reads and restricted_opening(user, case)):
        raise Restricted(case.reference)


def restricted_opening(user: User, case: Model) -> RestrictedOpening | None:
    """The person's running opening of a case whose data may only be stored."""
    return RestrictedOpening.objects.running().filter(person=user, case_reference=case.reference).first()


def emergency_access(user: User, case: Model) -> EmergencyAccess | None:
    """The person's running emergency access to a case of a team that they are not in."""
    if case.team_id in roles_by_team(user):
        return None
    return EmergencyAccess.objects.running().filter(person=user, case_reference=case.reference).first()


def emergency_hospitals(user: User) -> set[str]:
    """The hospitals in which this person treats patients: there they may open cases of other teams in an emergency."""
    held = Team.objects.filter(pk__in=teams_with(user, Permission.FINDING_RECORD))
    return set(held.values_list("hospital", flat=True))


def may_open_in_emergency(user: User, case: Model) -> bool:
    """Whether the case belongs to another team of a hospital in which the person treats patients."""
    return case.team_id not in roles_by_team(user) and case.team.hospital in emergency_hospitals(user)


def get_team_or_404(user: User, code: str, permission: Permission) -> Team:
    """The team with this code (in any case of letters). Raises Http404 or PermissionDenied as get_or_404 does."""
    team = get_object_or_404(Team, code__iexact=code)
    require(user, permission, team)
    return team


def can_manage_account(user: User, person: User) -> bool:
    """Whether the user may change this person's account: name, discipline, first password, deactivation.

    An account reaches into every team of its holder, so an administrator must administer all of them; otherwise a
    new password would open another team's cases. A superuser's account is a superuser's business.
    """
    if not user.is_active:
        return False
    theirs = set(person.memberships.values_list("team_id", flat=True))
    if user.is_superuser:
        apart = settings.SEPARATE_OFFICES and not person.is_superuser
        return not apart or not _administered().filter(pk__in=theirs).exists()
    return not person.is_superuser and bool(theirs) and theirs <= set(teams_with(user, Permission.TEAM_MANAGE))


def require_account(user: User, person: User) -> None:
    """Raise PermissionDenied unless the user may change this person's account."""
    if not can_manage_account(user, person):
        raise PermissionDenied


def require_discipline(user: User, disciplines: tuple[str, ...]) -> None:
    """Raise PermissionDenied unless the person is of one of these disciplines: whoever owns a fact speaks for it.

    Holding a role, that of the chair for instance, is no substitute.
    """
    if user.discipline not in disciplines:
        raise PermissionDenied


def can_mark_step(user: User, owner: User, team: Team | int) -> bool:
    """Whether the person may say that a next step is done: its owner, or who records decisions in the team."""
    return (user == owner and can(user, Permission.CASE_VIEW, team)) or can(user, Permission.DECISION_RECORD, team)


def can_release_patient_page(user: User, responsible: User | None, team: Team | int) -> bool:
    """Whether the person may hand the patient a page: the doctor responsible for the decision, or a chair."""
    return (user == responsible and can(user, Permission.CASE_VIEW, team)) or can(user, Permission.DECISION_SIGN, team)
