"""Who may do what: the whole table, and that everything outside it is denied."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404

from mdt.people.models import Membership, Role, User
from mdt.people.permissions import (
    Permission,
    can,
    can_anywhere,
    can_create_team,
    can_manage_account,
    get_team_or_404,
    manageable_teams,
    require,
    require_anywhere,
    teams_with,
)
from tests.builders import make_user

pytestmark = pytest.mark.django_db

MATRIX = """
                  member  chair  coordinator  auditor  administrator  privacy  supportive
case-view         yes     yes    yes          yes      no            no      yes
case-refer        yes     yes    yes          no       no            no      yes
referral-change   no      yes    yes          no       no            no      no
finding-record    yes     yes    yes          no       no            no      yes
facts-remind      no      yes    yes          no       no            no      no
psychosocial-view no      no     no           no       no             no      yes
meeting-view      yes     yes    yes          yes      no            no      yes
meeting-plan      no      yes    yes          no       no            no      no
case-triage       yes     yes    no           no       no            no      no
attendance-mark   no      yes    yes          no       no            no      no
attendance-own    yes     yes    yes          no       no            no      yes
table-move        no      yes    yes          no       no            no      no
opinion-give      yes     yes    no           no       no            no      no
decision-record   no      yes    yes          no       no            no      no
decision-sign     no      yes    no           no       no            no      no
outcome-release   no      yes    yes          no       no            no      no
implementation-report  yes  yes  yes          no       no            no      yes
event-view        no      no     no           yes      no            no      no
rules-replay      no      yes    no           yes      no            no      no
audit-view        no      yes    no           yes      no            no      no
pack-make         no      no     no           yes      no            no      no
research-export   no      no     no           yes      no            no      no
team-manage       no      no     no           no       yes            no      no
mail-manage       no      yes    yes          no       yes            no      no
privacy-manage    no      no     no           no       no             yes      no
erasure-confirm   no      yes    no           no       no             yes      no
copy-hand-out     no      yes    no           no       no             no      no
rules-review      yes     yes    no           no       no            no      no
rules-approve     no      yes    no           no       no            no      no
"""
HEAD, *ROWS = [line.split() for line in MATRIX.strip().splitlines()]
CELLS = [
    (role, permission, word == "yes") for permission, *words in ROWS for role, word in zip(HEAD, words, strict=True)
]


def test_the_table_names_every_role_and_every_permission():
    assert set(HEAD) == set(Role.values)
    assert [row[0] for row in ROWS] == [permission.value for permission in Permission]


@pytest.mark.parametrize(("role", "permission", "allowed"), CELLS)
def test_a_role_grants_what_the_table_says(role, permission, allowed, team, other_team):
    person = make_user("somebody", team=team, roles=(role,))
    assert can(person, Permission(permission), team) is allowed
    assert can(person, Permission(permission), other_team) is False
    assert teams_with(person, Permission(permission)) == ([team.pk] if allowed else [])


def test_the_rules_belong_to_no_team_a_right_held_in_any_team_is_enough(team, surgeon, chair, admin, outsider):
    assert can_anywhere(surgeon, Permission.RULES_REVIEW)
    assert not can_anywhere(surgeon, Permission.RULES_APPROVE)
    assert can_anywhere(outsider, Permission.RULES_APPROVE), "the chair of another team"
    require_anywhere(chair, Permission.RULES_APPROVE)
    with pytest.raises(PermissionDenied):
        require_anywhere(admin, Permission.RULES_REVIEW)


def test_several_roles_add_up(team):
    person = make_user("somebody", team=team, roles=(Role.AUDITOR, Role.CHAIR))
    assert can(person, Permission.EVENT_VIEW, team)
    assert can(person, Permission.DECISION_SIGN, team)
    assert not can(person, Permission.TEAM_MANAGE, team)


def test_an_unknown_role_grants_nothing(team):
    person = make_user("somebody")
    Membership.objects.create(team=team, user=person, role="wizard")
    assert not any(can(person, permission, team) for permission in Permission)


def test_a_person_without_a_team_may_do_nothing(team):
    person = make_user("somebody")
    assert not any(can(person, permission, team) for permission in Permission)
    assert not manageable_teams(person).exists()


def test_a_deactivated_person_may_do_nothing_whatever_the_roles(team):
    person = make_user("somebody", team=team, roles=tuple(Role.values), is_active=False)
    assert not any(can(person, permission, team) for permission in Permission)
    assert not manageable_teams(person).exists()


def test_somebody_not_signed_in_may_do_nothing(team):
    assert not any(can(AnonymousUser(), permission, team) for permission in Permission)
    assert not manageable_teams(AnonymousUser()).exists()
    assert not can_create_team(AnonymousUser())


def test_a_superuser_manages_teams_and_sees_no_patient(team):
    root = User.objects.create_superuser("root", password="a-long-root-password")
    assert [permission for permission in Permission if can(root, permission, team)] == [Permission.TEAM_MANAGE]
    assert teams_with(root, Permission.CASE_VIEW) == []
    assert can_create_team(root)


def test_a_deactivated_superuser_may_do_nothing(team):
    root = User.objects.create_superuser("root", password="a-long-root-password", is_active=False)
    assert not any(can(root, permission, team) for permission in Permission)
    assert not can_create_team(root)


def test_an_outsider_gets_404_and_a_member_without_the_right_403(team, surgeon, outsider):
    with pytest.raises(Http404):
        require(outsider, Permission.CASE_VIEW, team)
    with pytest.raises(PermissionDenied):
        require(surgeon, Permission.TEAM_MANAGE, team)
    require(surgeon, Permission.CASE_VIEW, team)


def test_a_team_is_found_by_its_code_in_any_case_of_letters(team, admin):
    assert get_team_or_404(admin, "GC", Permission.TEAM_MANAGE) == team
    with pytest.raises(Http404):
        get_team_or_404(admin, "none", Permission.TEAM_MANAGE)


def test_an_account_is_managed_by_who_administers_all_its_teams(team, other_team, admin, surgeon, outsider):
    root = User.objects.create_superuser("root", password="a-long-root-password")
    assert can_manage_account(admin, surgeon)
    assert not can_manage_account(admin, outsider)
    Membership.objects.create(team=other_team, user=surgeon, role=Role.MEMBER)
    assert not can_manage_account(admin, surgeon)
    assert can_manage_account(root, surgeon)


def test_an_administrator_cannot_take_over_a_superuser(team, admin):
    root = User.objects.create_superuser("root", password="a-long-root-password")
    Membership.objects.create(team=team, user=root, role=Role.MEMBER)
    assert not can_manage_account(admin, root)
