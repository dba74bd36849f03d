"""Whoever records a finding out of the room states its day, and comes back to the step on which they were."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Finding
from tests.cases.forms_helper import post_findings

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(item):
    return reverse("room", args=[item.meeting.reference, item.case.reference])


@pytest.fixture
def form_url(item):
    return reverse("finding-record", args=[item.case.reference, "surgery"])


def opened(client, url: str, **headers):
    return client.get(url, headers=headers)


def test_who_is_led_to_one_field_is_asked_for_the_day(client, chair, form_url):
    client.force_login(chair)
    assert client.get(form_url).context["form"].offers_day
    led = client.get(f"{form_url}?field=peritoneum")
    assert not led.context["form"].offers_day
    assert 'name="examined_on" value=""' in led.text
    assert "No date given yet" in led.text


def test_who_comes_from_the_room_is_asked_for_the_day_and_nothing_is_stored_without_it(client, chair, item, room):
    client.force_login(chair)
    form = opened(
        client, reverse("finding-record", args=[item.case.reference, "surgery"]), referer=f"http://testserver{room}"
    )
    assert not form.context["form"].offers_day
    before = Finding.objects.count()
    facts, step = {"staging_laparoscopy_done": True}, f"{room}?step=decide"
    refused = post_findings(client, item.case, "surgery", facts, examined_on="", next=step)
    assert (refused.status_code, Finding.objects.count()) == (422, before)
    assert "Give the date of the examination." in refused.text
    assert f'name="next" value="{step}"' in refused.text


def test_recording_leads_back_to_the_step_and_says_what_and_of_which_day(client, chair, item, room):
    client.force_login(chair)
    on = timezone.localdate() - timedelta(days=2)
    answer = post_findings(
        client, item.case, "surgery", {"staging_laparoscopy_done": True}, examined_on=on, next=f"{room}?step=decide"
    )
    assert answer.url == f"{room}?step=decide"
    page = client.get(answer.url)
    (said,) = [str(message) for message in page.context["messages"]]
    assert said.startswith("The findings are recorded. Dated ")
    assert str(on.year) in said
    assert page.context["step"] == "decide"


@pytest.mark.parametrize(
    "other", ["https://elsewhere.example/", "//elsewhere.example/", "/queue/", "/\\elsewhere", "room"]
)
def test_another_address_than_a_room_leads_to_the_case(client, chair, item, other):
    client.force_login(chair)
    answer = post_findings(client, item.case, "surgery", {"staging_laparoscopy_done": True}, next=other)
    assert answer.url == item.case.get_absolute_url()


def test_the_room_adds_a_finding_without_the_page_of_the_proposal_also_while_opinions_are_sealed(
    client, chair, meeting, coordinator, item, room
):
    client.force_login(chair)
    link = reverse("finding-new", args=[item.case.reference])
    assert f'href="{link}"' in client.get(room).text
    own = opened(client, link, referer=f"http://testserver{room}?step=proposal")
    assert own.status_code == 302
    assert own.url.startswith(reverse("finding-record", args=[item.case.reference, "surgery"]))
    assert "step%3Dproposal" in own.url
    assert "Back to the room" in client.get(own.url).text
