"""Every write to teams and people: one keyword-only function per event, one transaction, one line in the event log."""

import hashlib
from collections.abc import Iterable

from axes.utils import reset as lift_lock_out
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.people.actions.errors import PeopleError, StalePeopleError
from mdt.people.actions.sessions import revoke_other_sessions, revoke_sessions_of
from mdt.people.models import Membership, Role, Team, User
from mdt.people.own_log import record_of

OFFICES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR, Role.PRIVACY})
CHANGEABLE = ("name", "title", "discipline", "email", "language")


def version_of(person: User) -> str:
    """Changes with everything that the form of a person shows; a form made from an older one is stale."""
    shown = "\n".join([*(getattr(person, name) for name in CHANGEABLE), str(person.is_active)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def version_of_roles(roles: Iterable[str]) -> str:
    """The same for the form of a member's roles."""
    return ",".join(sorted(roles)) or "none"


@transaction.atomic
def create_team(*, name: str, hospital: str, code: str, by: User, roles: Iterable[str] = ()) -> Team:
    """Open a team. Who opens it is its first administrator, and holds `roles` in it as well; where offices are kept
    apart, they only open it, and then add its first administrator.

    Raises PeopleError where the code is taken, in upper or lower case.
    """
    taken = _("The code %(code)s belongs to another team.") % {"code": code}
    if Team.objects.filter(code__iexact=code).exists():
        raise PeopleError(taken)
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name, hospital=hospital, code=code)
    except IntegrityError:
        raise PeopleError(taken) from None
    record(Kind.TEAM_CREATED, by=by, team=team, subject=team, code=team.code)
    if not settings.SEPARATE_OFFICES:
        _add_roles(team=team, by=by, person=by, roles={Role.ADMINISTRATOR, *roles})
    return team


@transaction.atomic
def add_person(
    *,
    team: Team,
    by: User,
    username: str,
    name: str,
    password: str,
    roles: Iterable[str],
    title: str = "",
    discipline: str = "",
    email: str = "",
    language: str = "",
) -> User:
    """Make an account and take the person into the team. The password is to be replaced at the first sign-in.

    Raises PeopleError where the user name is taken, or without a role.
    """
    person = User(
        username=username,
        name=name,
        title=title,
        discipline=discipline,
        email=email,
        language=language,
        password_is_initial=True,
    )
    person.set_password(password)
    taken = _("The user name %(username)s is taken.") % {"username": username}
    if User.objects.filter(username__iexact=username).exists():
        raise PeopleError(taken)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise PeopleError(taken) from None
    record(Kind.PERSON_ADDED, by=by, team=team, subject=person, username=username, discipline=discipline)
    add_member(team=team, by=by, person=person, roles=roles)
    return person


@transaction.atomic
def add_member(*, team: Team, by: User, person: User, roles: Iterable[str]) -> None:
    """Take a person who has an account into the team. Raises PeopleError without a role, or if they are in it."""
    roles = set(roles)
    if not roles:
        raise PeopleError(_("Choose at least one role."))
    if not person.is_active:
        raise PeopleError(_("This account is deactivated."))
    if Membership.objects.filter(team=team, user=person).exists():
        raise PeopleError(_("This person is in the team already."))
    _add_roles(team=team, by=by, person=person, roles=roles)


def _add_roles(*, team: Team, by: User, person: User, roles: set[str]) -> None:
    _refuse_mixed_offices(team, person, roles)
    for role in sorted(roles):
        Membership.objects.get_or_create(team=team, user=person, role=role)
    _forget_rights(person)
    record(Kind.MEMBER_ADDED, by=by, team=team, subject=person, username=person.username, roles=sorted(roles))


def _refuse_mixed_offices(team: Team, person: User, roles: set[str]) -> None:
    """Who manages people or the machine does not audit what is done with that, nor erase patients: each office has
    people of its own."""
    held = set(Membership.objects.filter(user=person).values_list("role", flat=True)) | roles
    if Role.AUDITOR in held and (Role.ADMINISTRATOR in held or person.is_superuser):
        raise PeopleError(
            _("%(person)s cannot audit and administer: the auditor reads what administrators do.") % {"person": person}
        )
    if settings.SEPARATE_OFFICES and person.is_superuser:
        raise PeopleError(_("%(person)s runs the system, and holds no role in a team.") % {"person": person})
    if len(held & OFFICES) > 1:
        raise PeopleError(
            _("%(person)s would hold two offices. Administrator, auditor and privacy officer are different people.")
            % {"person": person}
        )


@transaction.atomic
def change_roles(*, team: Team, by: User, person: User, roles: Iterable[str], version: str = "") -> None:
    """Let a member hold exactly these roles; none takes the person out of the team. Accounts are never deleted.

    Raises PeopleError if the team would be left without an administrator, StalePeopleError if somebody changed them
    since `version` (version_of_roles; "": whatever they are) was shown.
    """
    team = Team.objects.select_for_update().get(pk=team.pk)
    held = set(Membership.objects.filter(team=team, user=person).values_list("role", flat=True))
    if version and version != version_of_roles(held):
        raise StalePeopleError(
            _(
                "Somebody else changed the roles of this person in the meantime. Nothing was stored; "
                "look at what is new, then save again."
            )
        )
    granted, revoked = set(roles) - held, held - set(roles)
    if Role.ADMINISTRATOR in revoked:
        _refuse_last_administrator(team, person)
    if granted:
        _add_roles(team=team, by=by, person=person, roles=granted)
    if revoked:
        Membership.objects.filter(team=team, user=person, role__in=revoked).delete()
        _forget_rights(person)
        record(
            Kind.MEMBER_REMOVED,
            by=by,
            team=team,
            subject=person,
            username=person.username,
            roles=sorted(revoked),
            has_left=not roles,
        )


def _refuse_last_administrator(team: Team, person: User) -> None:
    others = Membership.objects.filter(team=team, role=Role.ADMINISTRATOR, user__is_active=True).exclude(user=person)
    if not others.exists():
        raise PeopleError(
            _("%(person)s is the last administrator of %(team)s. Make somebody else administrator first.")
            % {"person": person, "team": team}
        )


def _forget_rights(person: User) -> None:
    """The rights kept on the user object for this request are no longer true."""
    person.__dict__.pop("_roles_by_team", None)


@transaction.atomic
def change_person(*, person: User, by: User, version: str, **changes: str) -> User:
    """Change what CHANGEABLE names. Raises StalePeopleError if somebody changed it since `version` was shown."""
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise ValueError(f"change_person does not write {sorted(unknown)}")
    person = User.objects.select_for_update().get(pk=person.pk)
    if version_of(person) != version:
        raise StalePeopleError(
            _(
                "Somebody else changed this person in the meantime. Nothing was stored; "
                "look at what is new, then save again."
            )
        )
    changed = sorted(name for name, value in changes.items() if getattr(person, name) != value)
    if changed:
        for name in changed:
            setattr(person, name, changes[name])
        person.save(update_fields=changed)
        _record_change(person, by, changed)
    return person


@transaction.atomic
def set_password(*, person: User, by: User, password: str) -> None:
    """Give somebody else a first password, to be replaced when they sign in. Ends open sessions, lifts a lock-out."""
    person.set_password(password)
    person.password_is_initial = True
    person.save(update_fields=["password", "password_is_initial"])
    lift_lock_out(username=person.username)
    revoke_sessions_of(person=person, by=by)
    _record_change(person, by, ["password"])


@transaction.atomic
def change_own_password(*, person: User, password: str, key: str = "") -> None:
    """Replace one's own password. Every session ends but the one with this key."""
    person.set_password(password)
    person.password_is_initial = False
    person.save(update_fields=["password", "password_is_initial"])
    revoke_other_sessions(person=person, key=key)
    _record_change(person, person, ["password"])


@transaction.atomic
def deactivate_person(*, person: User, by: User) -> None:
    """Close an account: no more sign-in, open sessions end, everything they recorded stays.

    Raises PeopleError for one's own account, and if a team would be left without an administrator.
    """
    if person == by:
        raise PeopleError(_("You cannot deactivate your own account."))
    teams = Team.objects.select_for_update().filter(memberships__user=person, memberships__role=Role.ADMINISTRATOR)
    for team in teams:
        _refuse_last_administrator(team, person)
    _set_active(person, by, False)


@transaction.atomic
def reactivate_person(*, person: User, by: User) -> None:
    """Open a closed account again, with the roles it had."""
    _set_active(person, by, True)


def _set_active(person: User, by: User, is_active: bool) -> None:
    if person.is_active != is_active:
        person.is_active = is_active
        person.save(update_fields=["is_active"])
        if not is_active:
            revoke_sessions_of(person=person, by=by)
        _record_change(person, by, ["reactivated" if is_active else "deactivated"])


def _record_change(person: User, by: User, changed: list[str]) -> None:
    record_of(person, Kind.PERSON_CHANGED, by=by, username=person.username, changed=changed)
