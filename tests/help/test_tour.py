"""The tour: offered once, over pages that open and parts that are there, and never in the way."""

import re

import pytest
from django.urls import reverse
from django.utils.html import escape

from mdt.help.models import TourAnswer
from mdt.help.tours import TOURS, tour_of
from mdt.people.models import Role
from tests.builders import complete_case, make_case, make_user

pytestmark = pytest.mark.django_db

OFFER = "New here?"


def first_page(client):
    return client.get("/", follow=True).content.decode()


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_it_is_offered_once(client, radiologist, answer):
    client.force_login(radiologist)
    assert OFFER in first_page(client)
    reply = client.post(reverse("tour-answer"), {"begin": answer})
    assert ("tour=clinician" in reply.url) is (answer == "yes")
    assert OFFER not in first_page(client)
    client.logout()
    client.force_login(radiologist)
    assert OFFER not in first_page(client)
    assert TourAnswer.objects.get().was_taken is (answer == "yes")


def test_looking_at_the_offer_is_no_answer(client, radiologist):
    client.force_login(radiologist)
    first_page(client)
    assert not TourAnswer.objects.exists()


def test_each_role_has_its_own(team):
    own = {"member": "clinician"}
    for role in Role:
        assert tour_of(make_user(f"some-{role}", team=team, roles=(role,))).name == own.get(role, role)


def test_somebody_with_several_roles_gets_the_tour_of_what_fills_the_day(team):
    assert tour_of(make_user("head", team=team, roles=("administrator", "member"))).name == "clinician"
    assert tour_of(make_user("lead", team=team, roles=("auditor", "chair"))).name == "chair"


def test_a_page_that_says_no_offers_none(client, radiologist):
    client.force_login(radiologist)
    answer = client.get(reverse("audit"))
    assert answer.status_code == 403
    assert OFFER not in answer.content.decode()


def test_somebody_without_a_team_is_offered_none(client):
    client.force_login(make_user("nobody"))
    assert OFFER not in first_page(client)
    assert client.post(reverse("tour-answer"), {"begin": "yes"}).url == reverse("queue")


@pytest.mark.parametrize("name", TOURS)
def test_every_step_lies_on_a_page_that_opens_and_speaks_of_a_part_that_is_there(client, team, coordinator, name):
    role = {"clinician": "member"}.get(name, name)
    person = make_user("somebody", discipline="surgery", team=team, roles=(role,))
    complete_case(make_case(team=team, by=coordinator), coordinator)
    client.force_login(person)
    tour = TOURS[name]
    assert 3 <= len(tour.steps) <= 6
    for number, step in enumerate(tour.steps, start=1):
        page = client.get(tour.address(person, number))
        text = page.content.decode()
        assert page.status_code == 200
        assert f"{number} of {len(tour.steps)}" in text
        part = re.fullmatch(r"#([\w-]+)", step.shows)
        assert part is None or f'id="{part[1]}"' in text, step.shows
        assert (step.shows == "main form") <= ("<form" in text.partition("<main")[2])


def test_the_steps_work_without_a_case(client, radiologist):
    client.force_login(radiologist)
    for number in range(1, 7):
        assert client.get(TOURS["clinician"].address(radiologist, number)).status_code == 200


@pytest.mark.parametrize("step", ["0", "99", "x", "-1", "٣", ""])
def test_an_odd_step_shows_a_card_all_the_same(client, radiologist, step):
    client.force_login(radiologist)
    assert 'id="tour"' in client.get("/", {"tour": "clinician", "step": step}).content.decode()


def test_the_help_page_says_the_same_as_text(client, radiologist):
    client.force_login(radiologist)
    text = client.get(reverse("help")).content.decode()
    assert all(escape(str(step.title)) in text for tour in TOURS.values() for step in tour.steps)


def test_the_help_calls_no_role_of_ones_own_anothers(client, team):
    client.force_login(make_user("lead", team=team, roles=("auditor", "chair")))
    own, others = client.get(reverse("help")).content.decode().split('id="h-others"')
    for name in ("chair", "auditor"):
        assert f'id="tour-{name}"' in own
        assert f"tour={name}&amp;step=1" in own
    assert "tour-auditor" not in others
    assert "tour-clinician" in others
