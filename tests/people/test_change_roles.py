"""Granting and revoking roles."""

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from mdt.people.models import Membership, Role
from mdt.people.permissions import Permission, can
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def roles_of(person, team):
    return set(Membership.objects.filter(user=person, team=team).values_list("role", flat=True))


def change(client, username, roles):
    """As the page sends it: with what the roles were when it was opened."""
    held = Membership.objects.filter(user__username=username, team__code="gc").values_list("role", flat=True)
    entries = {"roles": roles, "version": actions.version_of_roles(held)}
    return client.post(reverse("roles-change", args=["gc", username]), entries)


def test_it_grants_and_revokes_and_leaves_a_line_for_each(client, team, admin, surgeon):
    client.force_login(admin)
    assert change(client, "surgeon", ["chair", "coordinator"]).status_code == 302
    assert roles_of(surgeon, team) == {"chair", "coordinator"}
    added, removed = Event.objects.filter(by=admin, kind__startswith="member").order_by("number")
    assert (added.kind, added.data["roles"]) == (Kind.MEMBER_ADDED, ["chair", "coordinator"])
    assert (removed.kind, removed.data["roles"], removed.data["has_left"]) == (Kind.MEMBER_REMOVED, ["member"], False)


def test_without_any_role_the_person_leaves_the_team(client, team, admin, surgeon):
    client.force_login(admin)
    assert change(client, "surgeon", []).url == team.get_absolute_url()
    assert roles_of(surgeon, team) == set()
    assert Event.objects.latest("number").data["has_left"] is True
    client.force_login(surgeon)
    assert client.get(reverse("team", args=["gc"])).status_code == 404


def test_a_role_that_there_is_not_stores_nothing(client, team, admin, surgeon):
    client.force_login(admin)
    assert change(client, "surgeon", ["wizard"]).status_code == 422
    assert roles_of(surgeon, team) == {"member"}


def test_a_team_keeps_an_administrator(client, team, admin):
    client.force_login(admin)
    answer = change(client, "admin", ["member"])
    assert answer.status_code == 422
    assert "last administrator" in answer.content.decode()
    assert roles_of(admin, team) == {"administrator"}


def test_a_deactivated_administrator_does_not_count(team, admin):
    make_user("sleeping", team=team, roles=(Role.ADMINISTRATOR,), is_active=False)
    with pytest.raises(actions.PeopleError, match="last administrator"):
        actions.change_roles(team=team, by=admin, person=admin, roles=[])


def test_one_of_two_administrators_may_step_down_and_keeps_a_page_to_stand_on(client, team, admin):
    make_user("second", team=team, roles=(Role.ADMINISTRATOR,))
    client.force_login(admin)
    answer = change(client, "admin", [])
    assert client.get(answer.url).status_code == 200
    assert roles_of(admin, team) == set()


def test_rights_change_at_once(team, admin, surgeon):
    assert not can(surgeon, Permission.DECISION_SIGN, team)
    actions.change_roles(team=team, by=admin, person=surgeon, roles=["chair"])
    assert can(surgeon, Permission.DECISION_SIGN, team)


def test_saving_the_same_roles_leaves_no_line(team, admin, surgeon):
    before = Event.objects.count()
    actions.change_roles(team=team, by=admin, person=surgeon, roles=["member"])
    assert Event.objects.count() == before


def test_who_does_not_manage_the_team_changes_no_role(client, team, surgeon, chair, outsider):
    for person, status in ((chair, 403), (surgeon, 403), (outsider, 404)):
        client.force_login(person)
        assert change(client, "surgeon", ["administrator"]).status_code == status
    assert roles_of(surgeon, team) == {"member"}


def test_somebody_of_another_team_is_not_found_in_this_one(client, admin, outsider):
    client.force_login(admin)
    assert client.get(reverse("person", args=["gc", "outsider"])).status_code == 404
    assert change(client, "outsider", ["member"]).status_code == 404


def test_of_somebody_without_a_discipline_the_list_says_so(client, admin, team):
    make_user("office", team=team, roles=("coordinator",), discipline="")
    client.force_login(admin)
    assert "<td>no discipline given</td>" in client.get(reverse("team", args=[team.code])).text
