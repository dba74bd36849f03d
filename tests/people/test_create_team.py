"""Opening a team."""

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.people import actions
from mdt.people.models import Team, User

pytestmark = pytest.mark.django_db

ENTRIES = {"name": "Upper GI tumour board", "hospital": "Harbour Hospital", "code": "hh", "roles": ["coordinator"]}


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", password="a-long-root-password")


def test_a_superuser_creates_a_team_and_administers_it(client, root):
    client.force_login(root)
    answer = client.post(reverse("team-create"), ENTRIES)
    assert answer.url == reverse("team", args=["HH"])
    team = Team.objects.get()
    assert (team.code, team.hospital) == ("HH", "Harbour Hospital")
    assert set(team.memberships.values_list("user", "role")) == {
        (root.pk, "administrator"),
        (root.pk, "coordinator"),
    }
    lines = Event.objects.filter(team=team).order_by("number")
    assert [line.kind for line in lines] == [Kind.TEAM_CREATED, Kind.MEMBER_ADDED]
    assert client.get(answer.url).status_code == 200


def test_an_administrator_creates_no_team(client, admin):
    client.force_login(admin)
    assert client.get(reverse("team-create")).status_code == 403
    assert client.post(reverse("team-create"), ENTRIES).status_code == 403
    assert Team.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", "gC"),
        ("code", "H-1"),
        ("code", "h"),
        ("code", "toolongcode"),
        ("code", "肝胆"),
        ("name", ""),
        ("hospital", " "),
        ("roles", ["wizard"]),
    ],
)
def test_bad_input_is_shown_beside_its_field_and_stores_nothing(client, root, team, field, value):
    client.force_login(root)
    before = Event.objects.count()
    answer = client.post(reverse("team-create"), {**ENTRIES, field: value})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert (Team.objects.count(), Event.objects.count()) == (1, before)


def test_two_codes_that_differ_in_case_only_are_one(root, team):
    with pytest.raises(actions.PeopleError, match="another team"):
        actions.create_team(name="x", hospital="y", code="GC", by=root)
    assert Team.objects.count() == 1


def test_the_list_shows_whose_people_one_manages(client, root, team, other_team, admin, surgeon):
    client.force_login(admin)
    assert [row.pk for row in client.get(reverse("teams")).context["teams"]] == [team.pk]
    client.force_login(root)
    assert len(client.get(reverse("teams")).context["teams"]) == 2
    client.force_login(surgeon)
    assert client.get(reverse("teams")).status_code == 403
