"""Taking people into a team: with a new account, or with the one they have."""

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from mdt.people.models import Membership, User
from tests.builders import make_user

pytestmark = pytest.mark.django_db

ENTRIES = {
    "username": "lin",
    "title": "Dr",
    "name": "Lin Hua",
    "discipline": "oncology",
    "roles": ["member", "chair"],
    "password": "first-of-many-passwords",
}


def roles_of(username, team):
    return set(Membership.objects.filter(user__username=username, team=team).values_list("role", flat=True))


def test_it_makes_an_account_with_roles_and_a_password_to_be_replaced(client, team, admin):
    client.force_login(admin)
    answer = client.post(reverse("person-add", args=["gc"]), ENTRIES)
    assert answer.url == team.get_absolute_url()
    person = User.objects.get(username="lin")
    assert (person.display_name, person.discipline) == ("Dr Lin Hua", "oncology")
    assert person.check_password("first-of-many-passwords")
    assert person.password_is_initial
    assert roles_of("lin", team) == {"member", "chair"}
    lines = Event.objects.filter(subject=f"people.User:{person.pk}", by=admin, team=team).order_by("number")
    assert [line.kind for line in lines] == [Kind.PERSON_ADDED, Kind.MEMBER_ADDED]
    assert "first-of-many" not in str([line.data for line in lines])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "Surgeon"),
        ("username", "no spaces"),
        ("username", ""),
        ("name", ""),
        ("discipline", "astrology"),
        ("roles", []),
        ("roles", ["wizard"]),
        ("password", "short"),
        ("password", "password1234"),
        ("password", "lin-hua-lin-hua"[:7]),
    ],
)
def test_bad_input_is_shown_beside_its_field_and_stores_nothing(client, team, admin, surgeon, field, value):
    client.force_login(admin)
    before = (User.objects.count(), Event.objects.count())
    answer = client.post(reverse("person-add", args=["gc"]), {**ENTRIES, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert (User.objects.count(), Event.objects.count()) == before


def test_a_password_like_the_user_name_is_refused(client, admin):
    client.force_login(admin)
    answer = client.post(
        reverse("person-add", args=["gc"]), {**ENTRIES, "username": "lin-hua-onco", "password": "lin-hua-onco1"}
    )
    assert "password" in answer.context["form"].errors


def test_adding_needs_the_right_to_manage_the_team(client, surgeon, outsider):
    for person, status in ((surgeon, 403), (outsider, 404)):
        client.force_login(person)
        for name in ("person-add", "member-add"):
            assert client.get(reverse(name, args=["gc"])).status_code == status
            assert client.post(reverse(name, args=["gc"]), ENTRIES).status_code == status
    assert not User.objects.filter(username="lin").exists()


def test_it_takes_in_somebody_who_has_an_account(client, team, admin, outsider):
    client.force_login(admin)
    answer = client.post(reverse("member-add", args=["gc"]), {"username": "outsider", "roles": ["auditor"]})
    assert answer.url == team.get_absolute_url()
    assert roles_of("outsider", team) == {"auditor"}
    line = Event.objects.latest("number")
    assert (line.kind, line.team, line.data) == (
        Kind.MEMBER_ADDED,
        team,
        {"username": "outsider", "roles": ["auditor"]},
    )


@pytest.mark.parametrize(
    ("entries", "field"),
    [
        ({"username": "nobody"}, "username"),
        ({"username": "surgeon"}, "username"),
        ({"username": "gone"}, "username"),
        ({"roles": []}, "roles"),
    ],
)
def test_who_cannot_be_taken_in_is_said_beside_the_field(client, team, admin, surgeon, outsider, entries, field):
    make_user("gone", is_active=False)
    client.force_login(admin)
    before = Membership.objects.count()
    good = {"username": "outsider", "roles": ["member"]}
    answer = client.post(reverse("member-add", args=["gc"]), {**good, **entries})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert Membership.objects.count() == before


def test_two_administrators_who_add_the_same_name_at_once_make_one_account(team, admin, surgeon):
    with pytest.raises(actions.PeopleError, match="taken"):
        actions.add_person(team=team, by=admin, username="surgeon", name="x", password="p", roles=["member"])
    with pytest.raises(actions.PeopleError, match="at least one role"):
        actions.add_person(team=team, by=admin, username="new", name="x", password="p", roles=[])
    assert not User.objects.filter(username="new").exists(), "the account is not kept without its roles"
