"""Putting cases on an agenda, taking them off, ordering them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.actions import close_case
from cases.models import Case
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.models import AgendaItem, Meeting
from tests.builders import complete_case, make_case
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


def test_it_lists_a_ready_case_and_moves_it_on(client, meeting, ready_case, coordinator):
    client.force_login(coordinator)
    answer = client.post(
        reverse("case-list", args=[meeting.reference]), {"case": ready_case.reference, "planned_minutes": 8}
    )
    assert answer.url == meeting.get_absolute_url()
    item = AgendaItem.objects.get()
    ready_case.refresh_from_db()
    assert (item.case, item.position, item.planned_minutes, item.late_reason) == (ready_case, 1, 8, "")
    assert (ready_case.state, ready_case.meets_at) == (Case.State.LISTED, meeting.starts_at)
    event = Event.objects.get(kind=Kind.CASE_LISTED)
    assert (event.by, event.case_reference, event.data["meeting"]) == (coordinator, ready_case.reference, "GC-M1")


def test_the_answer_on_the_page_names_the_patient(client, meeting, ready_case, coordinator):
    client.force_login(coordinator)
    sent = {"case": ready_case.reference, "planned_minutes": 8}
    page = client.post(reverse("case-list", args=[meeting.reference]), sent, follow=True).content.decode()
    assert f"{ready_case.reference} ({ready_case.patient.name}) is on the agenda." in page


def test_a_case_that_is_not_ready_needs_a_reason_which_stays_in_the_form(client, meeting, case, coordinator):
    client.force_login(coordinator)
    url = reverse("case-list", args=[meeting.reference])
    answer = client.post(url, {"case": case.reference, "planned_minutes": 9, "late_reason": " "})
    assert answer.status_code == 422
    assert "say why the case is listed all the same" in answer.text
    assert 'value="9"' in answer.text
    assert not AgendaItem.objects.exists()
    client.post(url, {"case": case.reference, "planned_minutes": 9, "late_reason": "Bleeding, decide this week"})
    assert AgendaItem.objects.get().late_reason == "Bleeding, decide this week"


def test_after_the_cut_off_a_ready_case_needs_a_reason_too(team, ready_case, coordinator):
    meeting = plan(team, coordinator, starts_at=timezone.now() + timedelta(hours=1))
    with pytest.raises(actions.ActionError, match="cut-off"):
        actions.list_case(meeting=meeting, case=ready_case, by=coordinator)
    item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator, late_reason="Results came today")
    assert item.late_reason == "Results came today"


def test_the_agenda_says_whether_the_reason_answers_to_lateness_or_to_missing_facts(
    client, team, case, ready_case, coordinator
):
    soon = plan(team, coordinator, starts_at=timezone.now() + timedelta(hours=1))
    later = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=9))
    client.force_login(coordinator)
    actions.list_case(meeting=later, case=case, by=coordinator, late_reason="Facts come")
    assert "Although not ready:" in client.get(later.get_absolute_url()).text
    actions.list_case(meeting=soon, case=ready_case, by=coordinator, late_reason="Came today")
    page = client.get(soon.get_absolute_url()).text
    assert "After the cut-off:" in page
    both = actions.list_case(
        meeting=soon, case=make_case(team=team, by=coordinator), by=coordinator, late_reason="Bleeding"
    )
    assert both.listed_though == AgendaItem.Though.BOTH
    assert "After the cut-off and not ready:" in client.get(soon.get_absolute_url()).text


def test_a_case_is_on_one_agenda_only(team, item, coordinator):
    with pytest.raises(actions.ActionError, match="on an agenda already"):
        actions.list_case(meeting=plan(team, coordinator), case=item.case, by=coordinator)
    assert AgendaItem.objects.count() == 1


def test_a_closed_case_is_refused(meeting, ready_case, coordinator):
    close_case(case=ready_case, by=coordinator, reason="Died")
    with pytest.raises(actions.ActionError, match="Only an open case"):
        actions.list_case(meeting=meeting, case=ready_case, by=coordinator)


def test_a_case_of_another_team_is_refused(client, meeting, coordinator, other_team, outsider):
    foreign = make_case(team=other_team, by=outsider)
    with pytest.raises(actions.ActionError, match="another team"):
        actions.list_case(meeting=meeting, case=foreign, by=coordinator, late_reason="x")
    client.force_login(coordinator)
    url = reverse("case-list", args=[meeting.reference])
    assert client.post(url, {"case": foreign.reference, "planned_minutes": 6}).status_code == 404


def test_a_signed_case_comes_back_and_keeps_its_confirmed_type(team, signed, coordinator):
    again = actions.list_case(meeting=plan(team, coordinator), case=signed.case, by=coordinator)
    signed.case.refresh_from_db()
    assert (again.case.reference, signed.case.state, signed.case.type_confirmed) == (
        signed.case.reference,
        Case.State.LISTED,
        "I",
    )
    assert Event.objects.filter(kind=Kind.CASE_LISTED, data__is_again=True).exists()


def test_a_case_with_an_unsigned_decision_is_not_listed_elsewhere(team, decision, coordinator):
    decision.case.refresh_from_db()
    with pytest.raises(actions.ActionError, match="Only an open case"):
        actions.list_case(meeting=plan(team, coordinator), case=decision.case, by=coordinator)


def test_it_takes_a_case_off_with_a_reason(client, item, coordinator):
    client.force_login(coordinator)
    url = reverse("case-unlist", args=[item.meeting.reference, item.case.reference])
    assert client.post(url, {"reason": "Patient wants to wait"}).status_code == 302
    item.refresh_from_db()
    item.case.refresh_from_db()
    assert (item.state, item.removed_reason) == (AgendaItem.State.REMOVED, "Patient wants to wait")
    assert (item.case.state, item.case.meets_at) == (Case.State.REFERRED, None)
    assert client.post(url, {"reason": "Again"}).status_code == 404
    with pytest.raises(actions.StaleForm):
        actions.unlist_case(item=item, by=coordinator, reason="Again")


def test_a_case_moves_to_another_meeting_with_its_minutes_and_a_line_for_each(client, team, meeting, item, coordinator):
    other = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=9))
    AgendaItem.objects.filter(pk=item.pk).update(planned_minutes=11)
    client.force_login(coordinator)
    url = reverse("case-move", args=[meeting.reference, item.case.reference])
    page = client.get(url).text
    assert other.reference in page
    assert f'value="{meeting.reference}"' not in page
    assert client.post(url, {"to": other.reference}).url == meeting.get_absolute_url()
    place = AgendaItem.objects.get(state="listed")
    item.refresh_from_db()
    item.case.refresh_from_db()
    assert (place.meeting, place.case, place.planned_minutes) == (other, item.case, 11)
    assert (item.state, item.moved_to, item.case.meets_at) == (AgendaItem.State.REMOVED, place, other.starts_at)
    assert Event.objects.get(kind=Kind.CASE_UNLISTED).data["meeting"] == meeting.reference
    assert Event.objects.filter(kind=Kind.CASE_LISTED, data__meeting=other.reference).count() == 1


def test_after_the_cut_off_a_case_moves_and_leaves_only_with_a_reason(client, team, ready_case, coordinator, chair):
    meeting = plan(team, coordinator, starts_at=timezone.now() + timedelta(hours=1))
    later = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=9))
    item = actions.list_case(meeting=meeting, case=ready_case, by=chair, late_reason="Came today")
    with pytest.raises(actions.ActionError, match="Say why the case moves"):
        actions.move_case(item=item, to=later, by=coordinator)
    with pytest.raises(actions.ActionError, match="why the case is taken off"):
        actions.unlist_case(item=item, by=coordinator, reason="")
    place = actions.move_case(item=item, to=later, by=coordinator, reason="Surgeon is away")
    assert (place.meeting, place.late_reason) == (later, "")
    assert AgendaItem.objects.get(pk=item.pk).removed_reason.endswith("Surgeon is away")


def test_the_reason_for_moving_is_kept_whole_or_refused(client, item, team, coordinator):
    later = plan(team, coordinator, starts_at=timezone.now() + timedelta(days=9))
    longest = "x" * (400 - len(f"moved to {later.reference}: "))
    client.force_login(coordinator)
    address = reverse("case-move", args=[item.meeting.reference, item.case.reference])
    answer = client.post(address, {"to": later.reference, "reason": f"{longest}y"})
    assert answer.status_code == 422
    assert f'maxlength="{len(longest)}"' in answer.text
    with pytest.raises(actions.ActionError, match="too long"):
        actions.move_case(item=item, to=later, by=coordinator, reason=f"{longest}y")
    assert client.post(address, {"to": later.reference, "reason": longest}).status_code == 302
    assert AgendaItem.objects.get(pk=item.pk).removed_reason == f"moved to {later.reference}: {longest}"


def test_a_case_does_not_move_to_another_team_or_to_where_it_is(item, coordinator, other_team, outsider):
    foreign = plan(other_team, outsider)
    with pytest.raises(actions.ActionError, match="another team"):
        actions.move_case(item=item, to=foreign, by=coordinator, reason="x")
    with pytest.raises(actions.ActionError, match="already"):
        actions.move_case(item=item, to=item.meeting, by=coordinator, reason="x")
    assert AgendaItem.objects.get().state == AgendaItem.State.LISTED


def test_a_slip_is_undone_by_one_click_for_who_made_it_only(client, team, ready_case, coordinator, chair):
    meeting = plan(team, coordinator, starts_at=timezone.now() + timedelta(hours=1))
    item = actions.list_case(meeting=meeting, case=ready_case, by=coordinator, late_reason="Came today")
    url = reverse("case-unlist", args=[meeting.reference, ready_case.reference])
    client.force_login(chair)
    assert "was listed just now" not in client.get(meeting.get_absolute_url()).text
    assert client.post(url).status_code == 422
    client.force_login(coordinator)
    assert "was listed just now" in client.get(meeting.get_absolute_url()).text
    assert client.post(url).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.removed_reason) == ("removed", "listed by mistake, taken back at once")


def test_before_the_day_a_name_on_the_agenda_leads_to_the_case_and_on_the_day_to_the_room(client, item, coordinator):
    client.force_login(coordinator)
    room = f'data-item\n                  href="{reverse("room", args=[item.meeting.reference, item.case.reference])}"'
    before = client.get(item.meeting.get_absolute_url()).text
    assert f'data-item href="{item.case.get_absolute_url()}"' in before
    assert room not in before
    meeting = item.meeting
    meeting.cut_off_at = meeting.starts_at = timezone.now()
    meeting.save(update_fields=["starts_at", "cut_off_at"])
    assert room in client.get(meeting.get_absolute_url()).text


def test_a_decided_case_stays_on_the_agenda(decision, item, coordinator):
    with pytest.raises(actions.ActionError, match="stays on the agenda"):
        actions.unlist_case(item=item, by=coordinator, reason="Mistake")


def test_it_orders_the_agenda(client, meeting, team, item, coordinator):
    second = actions.list_case(
        meeting=meeting, case=complete_case(make_case(team=team, by=coordinator), coordinator), by=coordinator
    )
    meeting.refresh_from_db()
    client.force_login(coordinator)
    url = reverse("agenda-order", args=[meeting.reference])
    client.post(url, {"move": f"{second.pk}:up", "version": meeting.version})
    assert list(meeting.agenda.values_list("pk", flat=True)) == [second.pk, item.pk]
    assert Event.objects.get(kind=Kind.AGENDA_ORDERED).data["order"] == [second.case.reference, item.case.reference]
    answer = client.post(url, {"move": f"{second.pk}:down", "version": meeting.version}, follow=True)
    assert "Somebody else changed this meeting" in answer.text
    assert list(meeting.agenda.values_list("pk", flat=True)) == [second.pk, item.pk]


@pytest.mark.parametrize("entries", [{}, {"move": "x:up"}, {"move": "99:up", "version": "abc"}, {"version": "9" * 40}])
def test_a_broken_order_changes_nothing(client, meeting, item, coordinator, entries):
    client.force_login(coordinator)
    assert client.post(reverse("agenda-order", args=[meeting.reference]), entries).status_code == 302
    assert Event.objects.filter(kind=Kind.AGENDA_ORDERED).count() == 0


def test_the_order_must_name_every_item(meeting, item, coordinator):
    meeting.refresh_from_db()
    with pytest.raises(actions.StaleForm):
        actions.order_agenda(meeting=meeting, by=coordinator, order=[], version=meeting.version)


@pytest.mark.parametrize("name", ["case-list", "agenda-order", "attendance-mark"])
def test_a_member_may_not_organise_and_an_outsider_sees_nothing(client, meeting, surgeon, outsider, name):
    url = reverse(name, args=[meeting.reference])
    client.force_login(surgeon)
    assert client.post(url, {}).status_code == 403
    client.force_login(outsider)
    assert client.post(url, {}).status_code == 404


def test_the_picker_finds_ready_cases_first_and_signed_ones_by_name(client, meeting, team, signed, case, coordinator):
    ready = complete_case(make_case(team=team, by=coordinator), coordinator)
    client.force_login(coordinator)
    text = client.get(meeting.get_absolute_url()).text
    picker = text[text.index('id="candidates"') :]
    assert picker.index(ready.reference) < picker.index(case.reference)
    assert signed.case.reference not in picker
    found = client.get(meeting.get_absolute_url(), {"q": signed.case.reference}, headers={"HX-Request": "true"}).text
    assert "<html" not in found
    assert signed.case.reference in found
    assert ready.reference not in found


def test_the_state_of_a_meeting_stops_listing(meeting, ready_case, coordinator):
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    with pytest.raises(actions.ActionError, match="closed"):
        actions.list_case(meeting=meeting, case=ready_case, by=coordinator)


def test_from_a_case_one_step_leads_to_the_agendas_that_it_may_go_on(client, meeting, case, coordinator, radiologist):
    client.force_login(coordinator)
    to_meetings = f"{reverse('meetings')}?case={case.reference}"
    for page in ("case", "case-decisions"):
        text = client.get(reverse(page, args=[case.reference])).text
        assert re.search(rf'href="{re.escape(to_meetings)}">\s*Put on an agenda', text)
    answer = client.get(to_meetings)
    assert f"Choose the meeting for {case.patient.name}, {case.reference}." in answer.text
    link = f"{meeting.get_absolute_url()}?q={case.reference}"
    assert f'href="{link}#picker"' in answer.text
    assert [candidate.case for candidate in client.get(link).context["candidates"]] == [case]
    client.force_login(radiologist)
    assert "Put on an agenda" not in client.get(reverse("case", args=[case.reference])).text
    assert client.get(to_meetings).status_code == 403


def test_a_case_that_is_listed_already_is_not_asked_for_a_meeting(client, item, coordinator):
    client.force_login(coordinator)
    answer = client.get(reverse("meetings"), {"case": item.case.reference})
    assert (answer.status_code, answer.context["to_list"]) == (200, None)
    assert "Put on an agenda" not in client.get(item.case.get_absolute_url()).text


def test_a_case_of_another_team_is_no_case_to_list(client, coordinator, other_team, outsider):
    client.force_login(coordinator)
    foreign = make_case(team=other_team, by=outsider)
    assert client.get(reverse("meetings"), {"case": foreign.reference}).status_code == 404
