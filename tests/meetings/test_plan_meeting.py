"""Planning a meeting, changing it, closing and cancelling it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.meetings import actions
from mdt.meetings.models import Meeting
from tests.meetings.builders import plan

pytestmark = pytest.mark.django_db


def entries(**changes):
    begin = timezone.localtime() + timedelta(days=5)
    return {
        "starts_at": f"{begin:%Y-%m-%dT%H:%M}",
        "cut_off_at": f"{begin - timedelta(days=2):%Y-%m-%dT%H:%M}",
        "minutes_available": "60",
        "place": "Room 2",
        "video_url": "",
        "chair": "",
        **changes,
    }


def test_it_plans_numbers_and_logs(client, coordinator, team, chair):
    client.force_login(coordinator)
    answer = client.post(reverse("meeting-plan"), entries(chair=chair.pk))
    meeting = Meeting.objects.get()
    assert answer.url == meeting.get_absolute_url() == "/meetings/GC-M1/"
    assert (meeting.chair, meeting.place, meeting.created_by) == (chair, "Room 2", coordinator)
    assert Event.objects.get(kind=Kind.MEETING_PLANNED).subject == f"meetings.Meeting:{meeting.pk}"
    assert plan(team, coordinator).reference == "GC-M2"


def test_it_keeps_what_was_typed_and_stores_nothing_when_the_cut_off_is_late(client, coordinator):
    client.force_login(coordinator)
    late = f"{timezone.localtime() + timedelta(days=9):%Y-%m-%dT%H:%M}"
    answer = client.post(reverse("meeting-plan"), entries(cut_off_at=late, place="The long table"))
    assert answer.status_code == 422
    assert "The cut-off lies after the beginning." in answer.text
    assert "The long table" in answer.text
    assert not Meeting.objects.exists()


@pytest.mark.parametrize("field", ["starts_at", "cut_off_at", "minutes_available", "video_url", "place"])
def test_it_answers_nonsense_with_a_message(client, coordinator, field):
    client.force_login(coordinator)
    answer = client.post(reverse("meeting-plan"), entries(**{field: "x" * 5000}))
    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def test_the_action_itself_refuses_a_late_cut_off_and_a_strange_chair(team, coordinator, outsider):
    begin = timezone.now()
    with pytest.raises(actions.ActionError, match="cut-off"):
        plan(team, coordinator, starts_at=begin, cut_off_at=begin + timedelta(hours=1))
    with pytest.raises(actions.ActionError, match="does not belong"):
        plan(team, coordinator, chair=outsider)
    assert not Meeting.objects.exists()


def test_a_member_may_not_plan(client, surgeon):
    client.force_login(surgeon)
    assert client.get(reverse("meeting-plan")).status_code == 403
    assert client.post(reverse("meeting-plan"), entries()).status_code == 403
    assert not Meeting.objects.exists()


def test_it_moves_listed_cases_with_the_meeting(meeting, item, coordinator):
    meeting.refresh_from_db()
    later = meeting.starts_at + timedelta(days=7)
    actions.change_meeting(meeting=meeting, by=coordinator, version=meeting.version, starts_at=later)
    item.case.refresh_from_db()
    assert item.case.meets_at == later
    assert set(Event.objects.get(kind=Kind.MEETING_CHANGED).data["after"]) == {"starts_at"}


def test_a_change_on_an_old_page_is_refused_and_kept_in_the_form(client, meeting, coordinator):
    client.force_login(coordinator)
    url = reverse("meeting-change", args=[meeting.reference])
    assert client.post(url, entries(version=1, place="First")).status_code == 302
    answer = client.post(url, entries(version=1, place="Second"))
    assert answer.status_code == 409
    assert "Somebody else changed this meeting" in answer.text
    assert 'value="Second"' in answer.text
    assert Meeting.objects.get().place == "First"


def test_cancelling_needs_a_reason_and_gives_cases_back(client, meeting, item, chair):
    client.force_login(chair)
    url = reverse("meeting-cancel", args=[meeting.reference])
    meeting.refresh_from_db()
    assert client.post(url, {"version": meeting.version, "reason": " "}).status_code == 422
    assert client.post(url, {"version": meeting.version, "reason": "Holiday"}).status_code == 302
    meeting.refresh_from_db()
    item.case.refresh_from_db()
    assert (meeting.state, item.case.state) == (Meeting.State.CANCELLED, Case.State.REFERRED)
    assert Event.objects.filter(kind=Kind.MEETING_CANCELLED, data__reason="Holiday").exists()


def test_a_meeting_with_a_decision_cannot_be_cancelled(meeting, decision, chair):
    meeting.refresh_from_db()
    with pytest.raises(actions.ActionError, match="Close it instead"):
        actions.cancel_meeting(meeting=meeting, by=chair, version=meeting.version, reason="Holiday")
