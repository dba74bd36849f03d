"""The pages of meetings: who sees them, what they show, and that they cost the same for every agenda."""

import re

import pytest
from django.urls import reverse

from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from tests.builders import complete_case, make_case, make_finding, make_user
from tests.meetings.builders import finish, plan

pytestmark = pytest.mark.django_db


def pages(meeting, case):
    return {
        "meeting": reverse("meeting", args=[meeting.reference]),
        "room": reverse("room", args=[meeting.reference, case.reference]),
        "case-decisions": reverse("case-decisions", args=[case.reference]),
        "decision": reverse("decision", args=[meeting.reference, case.reference, 1]),
    }


@pytest.mark.parametrize("name", ["meeting", "room", "case-decisions", "decision"])
def test_members_and_auditors_read_outsiders_find_nothing_the_administrator_may_not(
    client, meeting, signed, surgeon, auditor, admin, outsider, name
):
    url = pages(meeting, signed.case)[name]
    for person, status in ((surgeon, 200), (auditor, 200), (admin, 403), (outsider, 404)):
        client.force_login(person)
        assert client.get(url).status_code == status, person
    client.logout()
    assert client.get(url).status_code == 302


def test_looking_is_logged_without_a_name(client, meeting, signed, surgeon):
    client.force_login(surgeon)
    before = Event.objects.count()
    for url in pages(meeting, signed.case).values():
        client.get(url)
    new = Event.objects.order_by("number")[before:]
    assert [event.kind for event in new] == [Kind.MEETING_OPENED, Kind.CASE_OPENED, Kind.CASE_OPENED, Kind.CASE_OPENED]
    assert signed.case.patient.name not in str([event.data for event in new])


@pytest.mark.parametrize("reference", ["GC-M0", "GC-M99", "XX-M1", "GC-M", "GC-M99999999", "GC-M1x", "–", "GC-M１"])
def test_a_broken_reference_is_not_found(client, meeting, chair, reference):
    client.force_login(chair)
    assert client.get(reverse("meeting", args=[reference])).status_code == 404


def test_the_list_is_empty_at_first_then_has_both_parts(client, team, surgeon, coordinator):
    client.force_login(surgeon)
    assert "No meeting is planned" in client.get(reverse("meetings")).text
    held = plan(team, coordinator)
    finish(held, coordinator)
    plan(team, coordinator, place="Room 9")
    text = client.get(reverse("meetings")).text
    assert "Room 9" in text
    assert "Held" in text
    assert "Room 9" in client.get(reverse("meeting-next")).text


def test_the_list_shows_only_own_teams(client, meeting, outsider):
    client.force_login(outsider)
    assert meeting.reference not in client.get(reverse("meetings")).text
    assert "No meeting is planned" in client.get(reverse("meeting-next")).text


def fill(meeting, team, coordinator, count):
    for number in range(count):
        case = complete_case(make_case(team=team, by=coordinator), coordinator)
        actions.list_case(meeting=meeting, case=case, by=coordinator)
        make_user(f"member{number}", discipline="nursing", team=team)


@pytest.mark.parametrize("count", [1, 6])
def test_meeting_and_room_cost_the_same_for_a_long_agenda(
    client, meeting, item, team, chair, coordinator, full_room, django_assert_max_num_queries, count
):
    fill(meeting, team, coordinator, count)
    client.force_login(chair)
    with django_assert_max_num_queries(36):
        assert client.get(pages(meeting, item.case)["meeting"]).status_code == 200
    with django_assert_max_num_queries(36):
        assert client.get(pages(meeting, item.case)["room"]).status_code == 200


def test_the_room_of_a_decided_case_costs_no_more(client, meeting, signed, chair, django_assert_max_num_queries):
    client.force_login(chair)
    with django_assert_max_num_queries(45):
        client.get(pages(meeting, signed.case)["room"])
    with django_assert_max_num_queries(45):
        client.get(pages(meeting, signed.case)["decision"])


def test_the_room_opens_on_the_first_case_that_waits(client, meeting, item, team, coordinator, chair):
    client.force_login(chair)
    enter = reverse("room-enter", args=[meeting.reference])
    assert client.get(enter).url == pages(meeting, item.case)["room"]


def test_an_empty_agenda_leads_back(client, meeting, chair):
    client.force_login(chair)
    assert client.get(reverse("room-enter", args=[meeting.reference])).url == meeting.get_absolute_url()


def test_a_member_sees_the_room_without_the_desk(client, meeting, item, surgeon, chair):
    url = pages(meeting, item.case)["room"]
    client.force_login(surgeon)
    assert 'id="decide"' not in client.get(url).text
    client.force_login(chair)
    assert 'id="decide"' in client.get(url).text


def test_nothing_is_preselected_so_that_the_proposal_is_not_nodded_through(client, meeting, item, chair):
    client.force_login(chair)
    text = client.get(pages(meeting, item.case)["room"], {"step": "decide"}).text
    assert ", as proposed" in text
    assert not re.search(r"<input[^>]*\schecked", text)


def test_everything_typed_by_people_is_escaped(client, meeting, item, proposal, content, chair, full_room):
    nasty = "<script>alert(1)</script>"
    from dataclasses import replace

    actions.record_decision(
        item=item, by=chair, proposal=proposal, content=replace(content, conditions=nasty, rationale=nasty)
    )
    client.force_login(chair)
    for url in pages(meeting, item.case).values():
        assert nasty not in client.get(url).text


def test_the_case_tab_shows_each_time_on_an_agenda(client, meeting, item, team, chair, coordinator):
    actions.unlist_case(item=item, by=coordinator, reason="Wants to wait")
    actions.list_case(meeting=plan(team, coordinator), case=item.case, by=coordinator)
    client.force_login(chair)
    text = client.get(pages(meeting, item.case)["case-decisions"]).text
    assert "Wants to wait" in text
    assert "GC-M2" in text


def test_the_room_does_not_state_what_a_gate_only_waits_for(client, team, meeting, coordinator, chair):
    case = make_case(team=team, by=coordinator)
    make_finding(case, coordinator, {"t_category": "T3"}, discipline="radiology")
    actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="urgent")
    client.force_login(chair)
    page = client.get(reverse("room", args=[meeting.reference, case.reference])).text
    page = re.sub(r'<script id="option-words".*?</script>', "", page, flags=re.DOTALL)  # only what the search looks in
    for words in ("The patient does not accept surgery.", "ECOG 3 or 4: best supportive care; too frail for this."):
        assert words in page
        assert page.count(words) == page.count(f"Not known yet whether: {words}")
