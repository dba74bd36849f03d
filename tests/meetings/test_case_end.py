"""Where a case ends: at the next case that is not decided, wherever it stands, and at the end of the meeting."""

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from mdt.meetings import actions
from mdt.meetings.models import AgendaItem
from tests.builders import complete_case, make_case
from tests.meetings.builders import content_for

pytestmark = pytest.mark.django_db
PASSWORD = "correct-horse-battery"


def listed(meeting, by, name):
    case = complete_case(make_case(team=meeting.team, by=by, name=name), by)
    return actions.list_case(meeting=meeting, case=case, by=by)


def room(client, item, **query):
    return client.get(reverse("room", args=[item.meeting.reference, item.case.reference]), query).text


def decide(item, chair):
    proposal = item.case.latest_proposal
    return actions.record_decision(item=item, by=chair, proposal=proposal, content=content_for(proposal, chair))


def test_the_last_case_of_the_agenda_leads_to_the_first_without_a_decision(client, item, full_room, chair, coordinator):
    middle = listed(item.meeting, coordinator, "Sun Zhiqiang")
    last = listed(item.meeting, coordinator, "He Xiulan")
    actions.sign_decision(decision=decide(last, chair), by=chair)
    client.force_login(chair)
    page = room(client, last)
    assert f"Next case: {item.case.patient.name} · 2 not decided" in page
    assert "Finish the meeting" in page.split('id="case-end"')[1], "still there, quietly"
    decide(item, chair)
    assert f"Next case: {middle.case.patient.name} · 1 not decided" in room(client, last)


def test_what_lies_on_the_table_comes_first(client, item, full_room, chair, coordinator):
    listed(item.meeting, coordinator, "Sun Zhiqiang")
    third = listed(item.meeting, coordinator, "He Xiulan")
    decide(item, chair)
    actions.put_on_table(item=third, by=chair)
    client.force_login(coordinator)
    assert "Next case: He Xiulan · 2 not decided" in room(client, item)


def test_finishing_is_the_main_button_only_when_no_case_is_left(client, item, full_room, chair, coordinator):
    second = listed(item.meeting, coordinator, "Sun Zhiqiang")
    actions.sign_decision(decision=decide(item, chair), by=chair)
    client.force_login(chair)
    finish = f'href="{reverse("meeting-finish", args=[item.meeting.reference])}"'

    def look_of_finish():
        return room(client, item).split('id="case-end"')[1].split(finish)[0].rpartition('class="')[2].split('"')[0]

    assert "btn-bare" in look_of_finish()
    actions.sign_decision(decision=decide(second, chair), by=chair)
    assert "btn-primary" in look_of_finish()
    assert "Every case that was to be discussed has a decision." in room(client, item)


def test_what_needs_no_discussion_is_passed_over(client, item, full_room, chair, coordinator):
    lane = listed(item.meeting, coordinator, "Sun Zhiqiang")
    AgendaItem.objects.filter(pk=lane.pk).update(lane=AgendaItem.Lane.STANDARD_OF_CARE)
    decide(item, chair)
    client.force_login(coordinator)
    assert "Next case:" not in room(client, item)


def test_after_signing_the_end_of_the_case_stands_first_and_is_gone_to(client, decision, chair):
    client.force_login(chair)
    before = room(client, decision.agenda_item, step="sign")
    assert 'id="case-end"' not in before, "the signature comes first"
    address = reverse("decision-sign", args=[decision.meeting.reference, decision.case.reference])
    answer = client.post(address, {"version": 1, "password": PASSWORD})
    assert answer.url.endswith("#case-end")
    panel = client.get(answer.url).text.split('id="step-sign"')[1]
    assert panel.index('id="case-end"') < panel.index("decided")
    assert panel.count("/letter") == panel.split("<!--")[0].count("/letter") > 0
    assert panel.index("/letter") < panel.index("decided"), "the letters stand on top"


def test_the_proposal_names_what_is_recommended_and_which_gates_nobody_looked_at(client, item, chair):
    gates = [{"state": "waiting", "text": "the tumour is not bleeding"}, {"state": "met", "text": "fit enough"}]
    advised = {"id": "a", "label": "Systemic therapy", "status": "recommended", "gates": gates}
    other = {"id": "b", "label": "Surgery now", "status": "consider", "gates": gates}
    panel = render_to_string("meetings/_leads_desk.html", {"options": [other], "more_options": [advised]})
    assert "Systemic therapy" in panel
    assert "1 gate not checked" in panel
    assert "the tumour is not bleeding" in panel
    assert "fit enough" not in panel
    assert "Surgery now" not in panel
    client.force_login(chair)
    page = room(client, item, step="proposal").split('id="step-proposal"')[1].split('id="step-decide"')[0]
    assert "No option is recommended by what is known today." in page


def test_an_open_table_leads_on_to_the_proposal(client, item, meeting, chair, coordinator):
    meeting.refresh_from_db()
    actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, opinions_first=True)
    client.force_login(chair)
    onward = 'data-go="proposal"'
    assert onward not in room(client, item, step="opinions")
    item.refresh_from_db()
    actions.reveal_opinions(item=AgendaItem.objects.get(pk=item.pk), by=chair)
    assert onward in room(client, item, step="opinions")
