"""A case that comes back: one timeline over all meetings, and what changed since the last one, at the top."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cases import course_page
from cases.actions import correct_finding, open_restaging, reopen_case
from mdt.audit.followup.actions import report_implementation
from mdt.meetings import actions
from mdt.meetings.actions import Step
from mdt.meetings.documents import decision_parts
from mdt.meetings.documents.outcome_letter import letter_data
from mdt.meetings.history.since import since_last
from mdt.meetings.history.timeline import timeline_of
from mdt.meetings.models import Decision
from tests.builders import make_finding
from tests.meetings.builders import content_for, finish, plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(content, surgeon):
    return replace(content, next_steps=[Step("Laparoscopy", surgeon, timezone.localdate() + timedelta(days=4))])


@pytest.fixture
@remembered
def back(signed, meeting, coordinator, chair):
    """Decided, finished, brought back."""
    finish(meeting, coordinator)
    signed.case.refresh_from_db()
    reopen_case(case=signed.case, by=coordinator, reason="The patient asked for surgery")
    return signed.case


@pytest.fixture
@remembered
def second_item(back, team, coordinator, chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
    later = plan(team, coordinator, chair=chair, starts_at=timezone.now() + timedelta(days=10))
    for person in (chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
        actions.mark_attendance(meeting=later, person=person, is_present=True, by=coordinator)
    return actions.list_case(meeting=later, case=back, by=coordinator, late_reason="asked for")


def since(case, **kwargs):
    return since_last(case, case.latest_proposal, **kwargs)


def test_a_case_that_was_never_decided_on_has_no_such_panel(client, item, chair):
    assert since(item.case) is None
    client.force_login(chair)
    assert "What changed since" not in client.get(item.case.get_absolute_url()).text


def test_nothing_new_is_said_as_such(client, signed, chair):
    assert since(signed.case).is_nothing_new
    client.force_login(chair)
    assert "Nothing new since" in client.get(signed.case.get_absolute_url()).text


def test_a_corrected_and_a_new_fact_with_old_and_new_value_and_who(back, pathologist, surgeon):
    finding = back.findings.get(discipline="pathology")
    facts = {**finding.facts, "pdl1_cps": 12}
    correct_finding(finding=finding, by=pathologist, facts=facts, reason="Read again", examined_on=finding.examined_on)
    make_finding(back, surgeon, {"staging_laparoscopy_done": True})
    back.refresh_from_db()
    corrected, new = sorted(since(back).changes, key=lambda change: change.is_new)
    assert ("CPS" in corrected.label, corrected.before, corrected.after) == (True, "3", "12")
    assert pathologist.display_name in corrected.who
    assert (new.before, new.after) == ("", "yes")
    assert surgeon.display_name in new.who


def test_what_was_assumed_and_is_known_now(item, coordinator, chair, full_room, surgeon, oncologist):
    """The peritoneum was taken for free of disease; then it was not."""
    case = item.case
    finding = case.findings.get(discipline="surgery")
    facts = {name: value for name, value in finding.facts.items() if name != "peritoneum"}
    correct_finding(finding=finding, by=surgeon, facts=facts, reason="Not looked at", examined_on=finding.examined_on)
    proposal = case.latest_proposal
    assert "peritoneum" in {entry["fact"] for entry in proposal.main_system["provisional"]["assumptions"]}
    content = content_for(proposal, oncologist)
    decision = actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)
    actions.sign_decision(decision=decision, by=chair)
    make_finding(case, surgeon, {"peritoneum": "P1"})
    case.refresh_from_db()
    found = since(case)
    assert [change.who.split(",")[0] for change in found.settled] == [surgeon.display_name]
    assert not {change.label for change in found.changes} & {change.label for change in found.settled}
    assert found.type_now != found.type_then


def test_what_was_decided_done_and_reported_and_why_it_is_back(back, surgeon, signed):
    step = signed.next_steps.get()
    actions.mark_step_done(step=step, by=surgeon)
    report_implementation(decision=signed, by=surgeon, status="not_done", reason="progression", text="New ascites.")
    found = since(back)
    assert not found.is_nothing_new
    assert found.is_done(found.steps[0])
    assert "New ascites." in found.reports[0].text
    assert "The patient asked for surgery" in found.why[0]


def test_a_restaged_case_shows_what_the_restaging_found_and_calls_nothing_gone(back, oncologist, radiologist):
    restaging = open_restaging(case=back, by=oncologist, on=timezone.localdate(), reason="After four courses")
    make_finding(back, radiologist, {"liver_lesion_count": 2}, restaging=restaging)
    back.refresh_from_db()
    found = since(back)
    assert any("After four courses" in line for line in found.why)
    assert [change.after for change in found.changes if not change.is_gone] == ["2"]
    assert not any(change.is_gone for change in found.changes)


def test_case_page_room_and_letter_begin_with_it(client, second_item, back, chair, coordinator, oncologist):
    client.force_login(chair)
    for address in (back.get_absolute_url(), reverse("room", args=[second_item.meeting.reference, back.reference])):
        text = client.get(address).text
        assert "What changed since the meeting of" in text
        assert "The patient asked for surgery" in text
    proposal = back.latest_proposal
    decision = actions.record_decision(
        item=second_item, by=coordinator, proposal=proposal, content=content_for(proposal, oncologist)
    )
    data = letter_data(decision_parts.with_parts(Decision.objects.all()).get(pk=decision.pk), "en")
    lines = {line["label"]: line["text"] for line in data["since"]["lines"]}
    assert "The patient asked for surgery" in lines["Why it is back:"]


def test_a_letter_does_not_change_with_what_happens_later(second_item, back, signed, coordinator, oncologist, surgeon):
    proposal = back.latest_proposal
    decision = actions.record_decision(
        item=second_item, by=coordinator, proposal=proposal, content=content_for(proposal, oncologist)
    )

    def printed():
        return letter_data(decision_parts.with_parts(Decision.objects.all()).get(pk=decision.pk), "en")["since"]

    before = printed()
    actions.mark_step_done(step=signed.next_steps.get(), by=surgeon)
    report_implementation(decision=signed, by=surgeon, status="full")
    assert printed() == before


def test_one_timeline_over_all_meetings(client, second_item, back, signed, surgeon, chair):
    report_implementation(decision=signed, by=surgeon, status="full")
    kinds = [row["entry"].kind for row in timeline_of(back)]
    for kind in ("referral", "meeting", "proposal", "decision", "signature", "release", "report"):
        assert kind in kinds, kind
    assert kinds.count("meeting") == 2
    times = [row["entry"].at for row in timeline_of(back)]
    assert times == sorted(times, reverse=True)
    client.force_login(chair)
    text = client.get(reverse("case-history", args=[back.reference])).text
    assert "Over all meetings" in text
    course = [point["label"] for point in course_page.timeline_of(back, None)]
    assert "Decision signed" in course
    assert [label for label in course if label[0].islower()] == []
    assert second_item.meeting.reference in text


def test_a_referral_names_the_doctor_who_asks_apart_from_who_typed_it_in(client, back, chair):
    client.force_login(chair)
    text = " ".join(client.get(reverse("case-history", args=[back.reference])).text.split())
    assert f"referring doctor {back.referrer}, entered by {back.referred_by}" in text
    assert f"<b>Case referred</b> · entered by {back.referred_by}" in text
