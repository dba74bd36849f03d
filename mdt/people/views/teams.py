"""Pages of teams and their people."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mdt.conflicts import settled
from mdt.people import actions, roster
from mdt.people.forms import (
    FirstPassword,
    NewMemberForm,
    NewPersonForm,
    PersonForm,
    RolesForm,
    TeamForm,
)
from mdt.people.models import ProviderIdentity, SecondFactor, Team, User
from mdt.people.permissions import (
    Permission,
    can,
    can_create_team,
    can_manage_account,
    get_team_or_404,
    manageable_teams,
    require_account,
    require_team_creation,
)
from mdt.people.views.pages import done, form_page, status_of, with_conflict
from mdt.sent import sent_in


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """The teams whose people one may manage; where the work in an empty installation begins."""
    rows = roster.with_counts(manageable_teams(request.user))
    if not rows and not can_create_team(request.user):
        raise PermissionDenied
    return render(request, "people/teams.html", {"teams": rows, "can_create": can_create_team(request.user)})


@require_http_methods(["GET", "POST"])
def create_team(request: HttpRequest) -> HttpResponse:
    require_team_creation(request.user)
    form = TeamForm(sent_in(request))
    if form.is_valid() and done(form, actions.create_team, by=request.user, **form.cleaned_data):
        messages.success(request, _("The team is there. Now add its people."))
        return redirect("team", form.cleaned_data["code"])
    return form_page(request, "people/team_form.html", form)


@require_safe
def team(request: HttpRequest, code: str) -> HttpResponse:
    """The people of a team with their roles, and which steps are still to be done in a new one."""
    team = get_team_or_404(request.user, code, Permission.TEAM_MANAGE)
    members = roster.members_of(team)
    return render(
        request,
        "people/team.html",
        {
            "team": team,
            "members": members,
            "steps": roster.steps(team, members, request.user),
        },
    )


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest, code: str) -> HttpResponse:
    team = get_team_or_404(request.user, code, Permission.TEAM_MANAGE)
    form = NewPersonForm(sent_in(request))
    if form.is_valid() and done(form, actions.add_person, team=team, by=request.user, **form.cleaned_data):
        messages.success(
            request,
            _(
                "%(name)s is added. Hand over the user name %(username)s and the first password; "
                "it must be replaced at the first sign-in."
            )
            % form.cleaned_data,
        )
        return redirect(_after_adding(request.user, team))
    return form_page(request, "people/person_form.html", form, team=team)


@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, code: str) -> HttpResponse:
    team = get_team_or_404(request.user, code, Permission.TEAM_MANAGE)
    form = NewMemberForm(sent_in(request), team=team)
    if form.is_valid() and done(
        form,
        actions.add_member,
        team=team,
        by=request.user,
        person=form.cleaned_data["username"],
        roles=form.cleaned_data["roles"],
    ):
        messages.success(request, _("%(person)s is in the team.") % {"person": form.cleaned_data["username"]})
        return redirect(_after_adding(request.user, team))
    return form_page(request, "people/member_form.html", form, team=team)


def _after_adding(user: User, team: Team) -> Team | str:
    """The team; where offices are apart, who added its first administrator manages it no more."""
    return team if can(user, Permission.TEAM_MANAGE, team) else "teams"


@require_safe
def person(request: HttpRequest, code: str, username: str) -> HttpResponse:
    team, person = _team_and_member(request, code, username)
    return _person_page(request, team, person)


@require_POST
def change_person(request: HttpRequest, code: str, username: str) -> HttpResponse:
    team, person = _team_and_member(request, code, username)
    require_account(request.user, person)
    now = actions.version_of(person)
    form = settled(
        lambda data: PersonForm(data, instance=User.objects.get(pk=person.pk)), sent_in(request), version=now
    )
    if form.is_valid() and done(form, actions.change_person, person=person, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("person", team.code, person.username)
    with_conflict(form, version=now)
    return _person_page(request, team, person, details=form)


@require_POST
def change_roles(request: HttpRequest, code: str, username: str) -> HttpResponse:
    team, person = _team_and_member(request, code, username)
    held = list(person.memberships.filter(team=team).values_list("role", flat=True))
    now = actions.version_of_roles(held)
    form = settled(lambda data: RolesForm(data, held=held), sent_in(request), version=now)
    if form.is_valid() and done(
        form, actions.change_roles, team=team, by=request.user, person=person, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return _after_roles(request, team, person, has_left=not form.cleaned_data["roles"])
    with_conflict(form, version=now)
    return _person_page(request, team, person, roles=form)


def _after_roles(request: HttpRequest, team: Team, person: User, *, has_left: bool) -> HttpResponse:
    """Back to the person, or to where one still may go: to the team once they left, to one's teams once one left."""
    if person == request.user and not can(person, Permission.TEAM_MANAGE, team):
        return redirect("account")
    return redirect(team) if has_left else redirect("person", team.code, person.username)


@sensitive_post_parameters("password")
@require_POST
def set_password(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """A new first password for somebody who has forgotten theirs."""
    team, person = _team_and_member(request, code, username)
    require_account(request.user, person)
    form = FirstPassword(request.POST, person=person)
    if form.is_valid() and done(form, actions.set_password, person=person, by=request.user, **form.cleaned_data):
        messages.success(request, _("The password is set. Hand it over; it must be replaced at the next sign-in."))
        return redirect("person", team.code, person.username)
    return _person_page(request, team, person, password=form)


@require_POST
def deactivate_person(request: HttpRequest, code: str, username: str) -> HttpResponse:
    return _switch_account(request, code, username, actions.deactivate_person)


@require_POST
def reactivate_person(request: HttpRequest, code: str, username: str) -> HttpResponse:
    return _switch_account(request, code, username, actions.reactivate_person)


@require_POST
def remove_second_factor(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """For somebody whose phone is lost: the next sign-in asks for the password alone."""
    return _switch_account(request, code, username, actions.remove_second_factor)


@require_POST
def unlink_from_provider(request: HttpRequest, code: str, username: str) -> HttpResponse:
    """For somebody whom the hospital's sign-on knows as another identity now."""
    return _switch_account(request, code, username, actions.unlink_from_provider)


@require_POST
def revoke_sessions(request: HttpRequest, code: str, username: str) -> HttpResponse:
    return _switch_account(request, code, username, actions.revoke_sessions_of)


def _switch_account(request: HttpRequest, code: str, username: str, action: Callable) -> HttpResponse:
    team, person = _team_and_member(request, code, username)
    require_account(request.user, person)
    try:
        action(person=person, by=request.user)
    except actions.PeopleError as refusal:
        messages.error(request, str(refusal))
    return redirect("person", team.code, person.username)


def _team_and_member(request: HttpRequest, code: str, username: str) -> tuple[Team, User]:
    team = get_team_or_404(request.user, code, Permission.TEAM_MANAGE)
    return team, get_object_or_404(User.objects.filter(memberships__team=team).distinct(), username=username)


def _person_page(request: HttpRequest, team: Team, person: User, **bound: BaseForm) -> HttpResponse:
    """One member with the forms that change them; a form that was refused comes back with its messages."""
    copy = User.objects.get(pk=person.pk)
    forms = {
        "details": PersonForm(instance=copy),
        "roles": RolesForm(held=list(person.memberships.filter(team=team).values_list("role", flat=True))),
        "password": FirstPassword(person=person),
        **bound,
    }
    context = {
        "team": team,
        "person": person,
        "forms": forms,
        "roles": roster.roles_of(person, team),
        "can_manage_account": can_manage_account(request.user, person),
        "is_linked": ProviderIdentity.objects.filter(person=person).exists(),
        "has_second_factor": SecondFactor.objects.confirmed().filter(person=person).exists(),
        "other_teams": roster.teams_of(person, besides=team),
    }
    status = next((status_of(form) for form in bound.values()), 200)
    return render(request, "people/person.html", context, status=status)
