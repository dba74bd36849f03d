"""Offices that are kept apart: nobody runs the system, manages people, audits, or erases, and another of these too."""

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from mdt.people import actions
from mdt.people.actions import PeopleError
from mdt.people.models import Membership, Role, User
from mdt.people.permissions import Permission, can, can_manage_account, manageable_teams
from tests.builders import make_team, make_user

pytestmark = pytest.mark.django_db
OFFICES = (Role.ADMINISTRATOR, Role.AUDITOR, Role.PRIVACY)


@pytest.fixture
def apart(settings):
    settings.SEPARATE_OFFICES = True


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="a-long-root-password")


@pytest.mark.parametrize(("first", "second"), [(a, b) for a in OFFICES for b in OFFICES if a != b])
def test_nobody_is_given_a_second_office_not_even_in_another_team(team, other_team, admin, first, second):
    person = make_user("somebody", team=team, roles=(first,))
    with pytest.raises(PeopleError):
        actions.add_member(team=other_team, by=admin, person=person, roles=[second])
    with pytest.raises(PeopleError):
        actions.change_roles(team=team, by=admin, person=person, roles=[first, second])
    assert set(person.memberships.values_list("role", flat=True)) == {first}


@pytest.mark.parametrize("role", Role.values)
def test_who_runs_the_system_holds_no_role(apart, team, admin, root, role):
    with pytest.raises(PeopleError):
        actions.add_member(team=team, by=admin, person=root, roles=[role])


def test_who_opens_a_team_adds_its_administrator_and_then_manages_it_no_more(apart, root, client):
    client.force_login(root)
    form = {"name": "Upper GI", "hospital": "H", "code": "ZZ"}
    assert "roles" not in client.get(reverse("team-create")).context["form"].fields
    client.post(reverse("team-create"), form)
    team = make_team("ZZ")
    assert not Membership.objects.exists()
    assert can(root, Permission.TEAM_MANAGE, team)
    person = {"username": "first", "name": "First", "password": "a-first-Password-1", "roles": ["administrator"]}
    answer = client.post(reverse("person-add", args=["ZZ"]), person, follow=True)
    assert answer.status_code == 200
    first = User.objects.get(username="first")
    assert not can(root, Permission.TEAM_MANAGE, team)
    assert not manageable_teams(root).exists()
    assert not can_manage_account(root, first)
    assert client.get(reverse("team", args=["ZZ"])).status_code == 404
    actions.deactivate_person(person=make_user("unused"), by=root)
    User.objects.filter(pk=first.pk).update(is_active=False)
    assert can(root, Permission.TEAM_MANAGE, team), "a team that nobody can administer any more"


def test_without_the_setting_a_superuser_manages_every_team(team, admin, root):
    assert can(root, Permission.TEAM_MANAGE, team)
    assert can_manage_account(root, admin)


def test_the_command_names_who_holds_two(team, capsys):
    make_user("audits", team=team, roles=(Role.AUDITOR,))
    call_command("offices")
    assert "auditor: audits" in capsys.readouterr().out
    make_user("both", team=team, roles=(Role.AUDITOR, Role.ADMINISTRATOR))
    with pytest.raises(CommandError, match="two offices: both"):
        call_command("offices")
