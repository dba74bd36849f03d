"""From the end of a meeting to a case that comes back, in a real browser: finish, letter, deviation by link, queue."""

import re

import pytest
from django.urls import reverse

from mdt.duties.registry import handler_of
from mdt.meetings import actions
from mdt.meetings.models import Decision, Finish, Recipient
from mdt.meetings.outcome import report_link
from tests.builders import complete_case, make_case
from tests.meetings.builders import content_for, plan

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct-horse-battery"


@pytest.fixture
def as_person(page, live_server):
    def sign_in(username: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{live_server.url}/")

    return sign_in


@pytest.fixture
def held(team, coordinator, chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
    """A meeting with one signed decision, one that is not signed, and one case that was not reached."""
    meeting = plan(team, coordinator, chair=chair)
    for person in (chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
        actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)
    cases = [complete_case(make_case(team=team, by=coordinator), coordinator) for _number in range(3)]
    items = [actions.list_case(meeting=meeting, case=case, by=coordinator) for case in cases]
    for item in items[:2]:
        proposal = item.case.latest_proposal
        decision = actions.record_decision(
            item=item, by=coordinator, proposal=proposal, content=content_for(proposal, oncologist)
        )
        if item is items[0]:
            actions.sign_decision(decision=decision, by=chair)
    return meeting


def test_finish_letter_deviation_by_link_and_back_in_the_queue(page, live_server, axe, as_person, held, chair):
    as_person("coordinator")
    page.goto(live_server.url + held.get_absolute_url())
    page.get_by_role("link", name="Finish").click()
    axe(page)
    assert "cannot be called back" in page.inner_text("main")
    page.get_by_role("button", name="Finish the meeting and release 1 outcome").click()
    page.get_by_text("The meeting is finished.").wait_for()
    axe(page)
    assert Finish.objects.get().meeting == held
    decision = Decision.objects.select_related("case__team", "sign_off").get(release__isnull=False)
    handler_of("send-outcome")(decision.pk)  # the worker
    assert Recipient.objects.exists()

    place = [held.reference, decision.case.reference, 1]
    page.goto(live_server.url + reverse("decision", args=place))
    page.get_by_text("in the mailbox").first.wait_for()
    axe(page)
    for name in ("decision-letter", "decision-record-paper"):
        paper = page.request.get(live_server.url + reverse(name, args=[*place, "zh-hans"]))
        assert paper.body().startswith(b"%PDF")

    page.context.clear_cookies()  # somebody without an account
    page.goto(live_server.url + reverse("report-by-link", args=[report_link.token_of(decision)]))
    axe(page)
    assert decision.case.patient.name not in page.content()
    page.get_by_label("something else was done").check()
    page.select_option("[name=reason]", "patient_choice")
    page.fill("[name=text]", "Treated near home.")
    page.fill("[name=reporter_name]", "Dr Tan")
    page.fill("[name=reporter_contact]", "ward 4")
    page.get_by_label(re.compile("look at the case again")).check()
    page.get_by_role("button", name="Report it").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    axe(page)

    as_person("chair")
    page.goto(live_server.url + decision.case.get_absolute_url())
    page.get_by_text("What changed since the meeting of").wait_for()
    assert "Treated near home." in page.inner_text("#since")
    axe(page)
    page.goto(live_server.url + reverse("case-history", args=[decision.case.reference]))
    axe(page)
    decision.case.refresh_from_db()
    assert decision.case.state == "referred"
    page.goto(f"{live_server.url}/actions/?whose=all")
    axe(page)


def test_the_responsible_doctor_releases_the_page_for_the_patient(page, live_server, axe, as_person, held):
    decision = Decision.objects.get(sign_off__isnull=False)
    as_person("oncologist")
    page.goto(live_server.url + reverse("patient-page", args=[held.reference, decision.case.reference, 1]))
    axe(page)
    page.get_by_role("button", name=re.compile("Release as")).click()
    page.get_by_text("is released under your name").wait_for()
    axe(page)
