"""Whoever records a finding out of the room states its day, and comes back to the step on which they were."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import save_draft
from cases.models import Finding, FindingDraft
from mdt.meetings import actions
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


def said_form(html: str) -> dict:
    """What the button beside a note sends, and where."""
    form = (
        html.split('name="from_note"')[0].rsplit("<form", 1)[1] + html.split('name="from_note"')[1].split("</form>")[0]
    )
    hidden = dict(re.findall(r'name="(next|report_text)" value="([^"]*)"', form))
    return {"to": re.search(r'action="([^"]+)"', form)[1], **{name: unescape(value) for name, value in hidden.items()}}


@pytest.fixture
def noted(full_room, item, chair, coordinator):
    return actions.note_spoken(item=item, by=coordinator, text="laparoscopy: P0, CY0, R0", person=chair)


def test_a_note_becomes_the_report_of_ones_own_form_and_what_it_states_is_offered(client, chair, noted, item, room):
    client.force_login(chair)
    sent = said_form(client.get(room).text)
    before = Finding.objects.count()
    answer = client.post(sent.pop("to"), sent | {"from_note": "1"})
    assert Finding.objects.count() == before
    form = client.get(answer.url).context["form"]
    assert form["report_text"].value() == f"laparoscopy: P0, CY0, R0\nSaid in the room by {chair}."
    assert {"peritoneum", "cytology"} <= {mention.fact for _key, mention in form.mentions}
    assert form["examined_on"].value() is None
    assert client.get(answer.url).context["way_back"] == room


def test_a_note_whose_words_are_part_of_other_words_is_added_all_the_same(client, chair, full_room, item, coordinator):
    client.force_login(chair)
    address = reverse("report-read", args=[item.case.reference, "surgery"])
    save_draft(case=item.case, by=chair, discipline="surgery", entries={"report_text": ["No ascites.\nNot P0."]})
    for _time in range(2):
        client.post(address, {"from_note": "1", "report_text": "P0"})
    assert FindingDraft.objects.get(author=chair).entries["report_text"] == ["No ascites.\nNot P0.\n\nP0"]


def test_a_note_takes_nothing_from_a_draft_and_stands_in_it_once(client, chair, noted, item, room):
    client.force_login(chair)
    save_draft(
        case=item.case,
        by=chair,
        discipline="surgery",
        entries={"report_text": ["Already typed"], "impression": ["Mine"], "examined_on": ["2026-11-02"]},
    )
    for _time in range(2):
        sent = said_form(client.get(room).text)
        client.post(sent.pop("to"), sent | {"from_note": "1"})
    entries = FindingDraft.objects.get(author=chair).entries
    (text,) = entries["report_text"]
    assert text.startswith("Already typed\n\nlaparoscopy: P0")
    assert text.count("P0") == 1
    assert (entries["impression"], entries["examined_on"]) == (["Mine"], ["2026-11-02"])


def test_who_may_record_nothing_and_a_note_taken_back_have_no_such_button(
    client, auditor, chair, coordinator, noted, room
):
    client.force_login(auditor)
    assert "from_note" not in client.get(room).text
    actions.take_back_spoken(spoken=noted, by=coordinator)
    client.force_login(chair)
    assert "from_note" not in client.get(room).text
