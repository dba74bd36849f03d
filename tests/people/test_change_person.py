"""Name, title, discipline, first password and access of a person; and one's own account."""

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from mdt.people.models import Membership, Role
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def url(name, username="surgeon"):
    return reverse(name, args=["gc", username])


def details(person, **entries):
    shown = {"title": person.title, "name": person.name, "discipline": person.discipline}
    return {"version": actions.version_of(person), **shown, **entries}


def test_an_administrator_changes_name_and_discipline(client, team, admin, surgeon):
    client.force_login(admin)
    answer = client.post(url("person-change"), details(surgeon, name="Chen Wei", discipline="hepatobiliary"))
    assert answer.url == url("person")
    surgeon.refresh_from_db()
    assert (surgeon.name, surgeon.discipline) == ("Chen Wei", "hepatobiliary")
    line = Event.objects.latest("number")
    assert (line.kind, line.team, line.data["changed"]) == (Kind.PERSON_CHANGED, team, ["discipline", "name"])


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client, admin, surgeon):
    client.force_login(admin)
    opened = details(surgeon, name="Mine")
    actions.change_person(person=surgeon, by=admin, version=actions.version_of(surgeon), name="Theirs")
    answer = client.post(url("person-change"), opened)
    assert answer.status_code == 409
    assert "in the meantime" in answer.content.decode()
    surgeon.refresh_from_db()
    assert surgeon.name == "Theirs"


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "x" * 121), ("discipline", "astrology")])
def test_bad_details_are_shown_beside_their_field_and_store_nothing(client, admin, surgeon, field, value):
    client.force_login(admin)
    before = Event.objects.count()
    answer = client.post(url("person-change"), details(surgeon, **{field: value}))
    assert answer.status_code == 422
    assert field in answer.context["forms"]["details"].errors
    assert Event.objects.count() == before


POSTS = ("person-change", "password-set", "person-deactivate", "person-reactivate")


@pytest.mark.parametrize("name", POSTS)
def test_changing_an_account_needs_the_right_to_manage_it(
    client, team, other_team, admin, chair, surgeon, outsider, name
):
    entries = {**details(surgeon, name="Changed"), "password": "another-horse-battery"}
    Membership.objects.create(team=other_team, user=surgeon, role=Role.MEMBER)
    for person, status in ((chair, 403), (outsider, 404), (admin, 403)):
        client.force_login(person)
        assert client.post(url(name), entries).status_code == status
    surgeon.refresh_from_db()
    assert surgeon.name == "Surgeon"
    assert surgeon.is_active
    assert surgeon.check_password("correct-horse-battery")


def test_a_forgotten_password_is_replaced_by_a_first_one_and_open_sessions_end(client, admin, surgeon):
    client.force_login(surgeon)
    actions.set_password(person=surgeon, by=admin, password="another-horse-battery")
    assert client.get(reverse("account")).status_code == 302
    surgeon.refresh_from_db()
    assert surgeon.password_is_initial
    line = Event.objects.latest("number")
    assert (line.kind, line.by, line.data["changed"]) == (Kind.PERSON_CHANGED, admin, ["password"])


def test_a_weak_first_password_is_refused(client, admin, surgeon):
    client.force_login(admin)
    answer = client.post(url("password-set"), {"password": "surgeon"})
    assert answer.status_code == 422
    surgeon.refresh_from_db()
    assert surgeon.check_password("correct-horse-battery")


def test_a_deactivated_person_is_out_at_once_and_can_come_back(client, admin, surgeon):
    browser = type(client)()
    browser.force_login(surgeon)
    client.force_login(admin)
    client.post(url("person-deactivate"))
    assert browser.get(reverse("account")).status_code == 302
    assert Event.objects.latest("number").data["changed"] == ["deactivated"]
    client.post(url("person-reactivate"))
    surgeon.refresh_from_db()
    assert surgeon.is_active
    assert surgeon.memberships.count() == 1, "the roles were kept"


def test_the_last_administrator_is_not_deactivated(team, admin):
    second = make_user("second", team=team, roles=(Role.ADMINISTRATOR,))
    actions.deactivate_person(person=second, by=admin)
    with pytest.raises(actions.PeopleError, match="last administrator"):
        actions.deactivate_person(person=admin, by=second)
    with pytest.raises(actions.PeopleError, match="your own"):
        actions.deactivate_person(person=admin, by=admin)
    assert admin.is_active


def test_one_changes_ones_own_name_but_not_ones_discipline(client, surgeon):
    client.force_login(surgeon)
    answer = client.post(reverse("account"), details(surgeon, name="Chen Wei", discipline="pathology"))
    assert answer.url == reverse("account")
    surgeon.refresh_from_db()
    assert (surgeon.name, surgeon.discipline) == ("Chen Wei", "surgery")
    assert Event.objects.latest("number").data["changed"] == ["name"]


def test_ones_own_name_cannot_be_empty(client, surgeon):
    client.force_login(surgeon)
    answer = client.post(reverse("account"), details(surgeon, name=" "))
    assert answer.status_code == 422
    surgeon.refresh_from_db()
    assert surgeon.name == "Surgeon"


def test_a_change_is_told_to_the_log_of_every_team_of_the_person(team, other_team, surgeon):
    Membership.objects.create(team=other_team, user=surgeon, role=Role.MEMBER)
    actions.change_own_password(person=surgeon, password="quite-another-pass")
    assert set(Event.objects.values_list("team__code", flat=True)) == {"gc", "xy"}
