"""One action ends a meeting: what was signed goes out, the rest moves on, and a second click adds nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from mdt.duties.models import Duty
from mdt.duties.registry import handler_of
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from mdt.meetings import actions
from mdt.meetings.actions import Onward
from mdt.meetings.documents.meeting_minutes import minutes_data
from mdt.meetings.models import AgendaItem, Finish, Meeting, Release, Reply
from mdt.meetings.outcome.finish_page import usual_end
from tests.builders import complete_case, make_case
from tests.meetings.builders import content_for, finish, plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db
LATER = timedelta(days=10)


def listed(meeting, by, **fields):
    case = complete_case(make_case(team=meeting.team, by=by, **fields), by)
    return actions.list_case(meeting=meeting, case=case, by=by)


@pytest.fixture
@remembered
def following(team, coordinator, chair, full_room):
    return plan(team, coordinator, chair=chair, starts_at=timezone.now() + LATER)


def page(client, meeting, person):
    client.force_login(person)
    return client.get(reverse("meeting-finish", args=[meeting.reference]))


def entries(answer, **changes):
    """What a browser sends back of the page."""
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def send(client, meeting, data):
    return client.post(reverse("meeting-finish", args=[meeting.reference]), data)


def test_the_page_says_before_what_will_happen(client, meeting, signed, following, coordinator, chair):
    left = listed(meeting, coordinator)
    waiting = listed(meeting, coordinator)
    content = content_for(waiting.case.latest_proposal, chair)
    actions.record_decision(item=waiting, by=coordinator, proposal=waiting.case.latest_proposal, content=content)
    text = page(client, meeting, chair).text
    for said in (
        signed.case.reference, "Finish the meeting and release 1 outcome", "cannot be called back",
        left.case.reference, following.reference, "Sign now", signed.case.referrer, "no e-mail address",
    ):  # fmt: skip
        assert said in text, said
    assert Finish.objects.count() == Release.objects.count() == 0


def test_one_post_ends_it_releases_and_moves_on(client, meeting, signed, following, coordinator, chair):
    left = listed(meeting, coordinator)
    answer = send(client, meeting, entries(page(client, meeting, coordinator)))
    assert answer.status_code == 302
    meeting.refresh_from_db()
    left.refresh_from_db()
    assert meeting.state == Meeting.State.HELD
    assert meeting.finish.finished_by == coordinator
    assert Release.objects.get().decision == signed
    assert (left.state, left.left_because) == (AgendaItem.State.REMOVED, "time")
    assert left.moved_to.meeting == following
    assert left.moved_to.state == AgendaItem.State.LISTED
    left.case.refresh_from_db()
    assert (left.case.state, left.case.meets_at) == (Case.State.LISTED, following.starts_at)
    closed = Event.objects.get(kind=Kind.MEETING_CLOSED)
    assert closed.data["not_reached"] == {left.case.reference: following.reference}
    assert closed.data["released"] == [signed.case.reference]
    assert following.reference in client.get(meeting.get_absolute_url()).text


def test_a_second_click_finds_it_done(client, meeting, signed, following, coordinator):
    listed(meeting, coordinator)
    data = entries(page(client, meeting, coordinator))
    assert [send(client, meeting, data).status_code for _click in range(2)] == [302, 302]
    assert (Finish.objects.count(), Release.objects.count()) == (1, 1)
    assert Event.objects.filter(kind=Kind.MEETING_CLOSED).count() == 1
    assert Event.objects.filter(kind=Kind.OUTCOME_RELEASED).count() == 1
    assert following.agenda.count() == 1


def test_two_clicks_at_the_same_moment_end_it_once(meeting, signed, coordinator):
    meeting.refresh_from_db()
    as_both_saw_it = Meeting.objects.get(pk=meeting.pk)
    first = actions.finish_meeting(meeting=meeting, by=coordinator, version=meeting.version)
    second = actions.finish_meeting(meeting=as_both_saw_it, by=coordinator, version=as_both_saw_it.version)
    assert first == second
    assert Release.objects.count() == 1


def test_a_change_since_the_page_was_opened_is_said_and_nothing_is_done(client, meeting, signed, coordinator, chair):
    data = entries(page(client, meeting, chair))
    late = listed(meeting, coordinator)
    answer = send(client, meeting, data)
    assert answer.status_code == 422, "the new case has no answer yet"
    assert late.case.reference in answer.text
    meeting.refresh_from_db()
    with pytest.raises(actions.StaleForm):
        actions.finish_meeting(meeting=meeting, by=chair, version=meeting.version - 1)
    assert Release.objects.count() == 0


def test_a_case_goes_where_the_page_says_instead(client, meeting, following, coordinator, full_room):
    left = listed(meeting, coordinator)
    data = entries(page(client, meeting, coordinator), **{f"to_{left.pk}": "queue", f"because_{left.pk}": "other"})
    assert send(client, meeting, data).status_code == 422, "another reason needs words"
    data[f"words_{left.pk}"] = "The family asked to wait."
    assert send(client, meeting, data).status_code == 302
    left.refresh_from_db()
    left.case.refresh_from_db()
    assert left.moved_to is None
    assert left.removed_reason == "another reason: The family asked to wait."
    assert left.case.state == Case.State.REFERRED


def test_without_a_coming_meeting_the_queue_is_its_place(meeting, item, coordinator):
    finish(meeting, coordinator)
    item.refresh_from_db()
    item.case.refresh_from_db()
    assert (item.moved_to, item.case.state, item.case.meets_at) == (None, Case.State.REFERRED, None)


def test_a_full_meeting_is_passed_over(meeting, following, team, coordinator, chair):
    following.minutes_available = 5
    following.save(update_fields=["minutes_available"])
    roomy = plan(team, coordinator, chair=chair, starts_at=timezone.now() + LATER + LATER, minutes_available=12)
    items = [listed(meeting, coordinator) for _number in range(3)]
    onward, _signers = usual_end(meeting)
    assert [onward[item.pk].meeting for item in items] == [roomy, roomy, None]


def test_a_meeting_without_a_needed_discipline_is_passed_over(meeting, following, item, radiologist):
    radiologist.is_active = False
    radiologist.save(update_fields=["is_active"])
    assert usual_end(meeting)[0][item.pk].meeting is None


def test_nothing_is_passed_over_in_silence(meeting, item, decision, coordinator):
    left = listed(meeting, coordinator)
    meeting.refresh_from_db()
    with pytest.raises(actions.ActionError, match=left.case.reference):
        actions.finish_meeting(meeting=meeting, by=coordinator, version=meeting.version)
    onward = {left.pk: Onward(None, "missing")}
    with pytest.raises(actions.ActionError, match="is not signed"):
        actions.finish_meeting(meeting=meeting, by=coordinator, version=meeting.version, onward=onward)
    meeting.refresh_from_db()
    left.refresh_from_db()
    assert (meeting.state, left.state) == (Meeting.State.PLANNED, AgendaItem.State.LISTED), "all or nothing"


def test_who_is_left_to_sign_is_asked_by_name(meeting, decision, coordinator, chair):
    finish(meeting, coordinator)
    message = Message.objects.get(to=chair)
    assert decision.case.reference in message.subject
    assert decision.case.patient.name not in message.body
    assert Duty.objects.filter(kind="remind-signer", state="waiting").exists()
    assert Release.objects.count() == 0
    actions.sign_decision(decision=decision, by=chair)
    actions.release_outcome(decision=decision, by=coordinator)
    assert Release.objects.get().decision == decision


def test_only_a_chair_can_be_asked(meeting, decision, coordinator, surgeon):
    meeting.refresh_from_db()
    with pytest.raises(actions.ActionError, match="may not sign"):
        actions.finish_meeting(meeting=meeting, by=coordinator, version=meeting.version, signers={decision.pk: surgeon})


def test_attendance_ends_with_the_meeting(meeting, signed, coordinator, oncologist):
    finish(meeting, coordinator)
    ended = timezone.localtime(Finish.objects.get().finished_at).strftime("%H:%M")
    row = next(row for row in minutes_data(meeting, "en")["attendance"]["rows"] if row[0] == oncologist.display_name)
    assert row[2].endswith(f"to {ended}")
    with pytest.raises(actions.ActionError, match="closed"):
        actions.mark_attendance(meeting=meeting, person=oncologist, is_present=False, by=coordinator)


@pytest.mark.parametrize("name", ["surgeon", "auditor"])
def test_others_do_not_end_it(client, request, meeting, item, name):
    client.force_login(request.getfixturevalue(name))
    url = reverse("meeting-finish", args=[meeting.reference])
    assert (client.get(url).status_code, client.post(url).status_code) == (403, 403)


def test_an_empty_meeting_ends_too(client, meeting, coordinator):
    assert send(client, meeting, entries(page(client, meeting, coordinator))).status_code == 302
    assert Finish.objects.exists()


def test_nothing_lies_on_the_table_any_more(meeting, signed, coordinator):
    actions.put_on_table(item=signed.agenda_item, by=coordinator)
    finish(meeting, coordinator)
    assert meeting.sittings.last().what == "nothing"


def test_the_minutes_go_to_whoever_was_present_once_all_is_signed(meeting, decision, coordinator, chair, surgeon):
    finish(meeting, coordinator)
    handler_of("send-minutes")(meeting.pk)
    assert not Message.objects.filter(kind="minutes").exists(), "one decision is not signed"
    actions.sign_decision(decision=decision, by=chair)
    assert Duty.objects.filter(kind="send-minutes", state="waiting").exists()
    for _again in range(2):
        handler_of("send-minutes")(meeting.pk)
    sent = Message.objects.filter(kind="minutes")
    assert sent.count() == 6
    assert not sent.filter(to=surgeon).exists(), "was not there"
    assert all(bytes(message.enclosures.get().content).startswith(b"%PDF") for message in sent)


def test_a_case_listed_without_discussion_keeps_its_lane_and_needs_no_discipline(
    meeting, following, item, coordinator, radiologist
):
    item.lane = AgendaItem.Lane.STANDARD_OF_CARE
    item.save(update_fields=["lane"])
    radiologist.is_active = False
    radiologist.save(update_fields=["is_active"])
    finish(meeting, coordinator)
    item.refresh_from_db()
    assert (item.moved_to.meeting, item.moved_to.lane) == (following, "standard_of_care")


def test_the_page_says_why_a_case_goes_where_it_goes_and_why_no_earlier_meeting(
    client, meeting, team, following, coordinator, chair, radiologist
):
    later = plan(team, coordinator, chair=chair, starts_at=timezone.now() + LATER + timedelta(days=7))
    left = listed(meeting, coordinator)
    Reply.objects.create(meeting=following, person=radiologist, answer="cannot", replied_by=radiologist)
    text = page(client, meeting, coordinator).text
    assert f"{later.reference} is the first with the minutes and the disciplines for it." in text
    assert f"Not {following.reference}" in text
    assert "nobody is expected for Radiology" in text
    Meeting.objects.filter(pk=later.pk).update(minutes_available=left.planned_minutes - 1)
    text = page(client, meeting, coordinator).text
    assert "No coming meeting has the minutes and the disciplines for it." in text
    assert f": {left.planned_minutes - 1} of {left.planned_minutes} minutes free" in text
