"""Planning the agendas in a real browser, with the keyboard: plan, fix one, plan again, apply, undo."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from classification.standard_of_care import load_protocols
from mdt.meetings import actions
from mdt.meetings.models import AgendaItem
from tests.builders import COMPLETE_FACTS, make_case, make_finding
from tests.meetings.builders import plan as plan_meeting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waiting(team, coordinator, chair, hepatobiliary, oncologist, radiologist, pathologist):
    """Two meetings to come, two ready cases and one whose facts are missing."""
    everything = {fact: value for facts in COMPLETE_FACTS.values() for fact, value in facts.items()}
    for days in (8, 15):
        plan_meeting(team, coordinator, starts_at=timezone.now() + timedelta(days=days))
    cases = [make_case(team=team, by=coordinator, name=name) for name in ("Sun Zhiqiang", "Lin Meihua", "Wu 㐱")]
    for case in cases[:2]:
        make_finding(case, coordinator, everything)
    return cases


def sign_in(page, live_server, username: str) -> None:
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", "correct-horse-battery")
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{live_server.url}/")


def test_a_coordinator_plans_fixes_applies_and_undoes(page, live_server, axe, waiting, coordinator):
    sign_in(page, live_server, "coordinator")
    page.goto(f"{live_server.url}/meetings/")
    page.get_by_role("link", name="Plan the agendas").click()
    expect(page.get_by_text("This is the best plan possible")).to_be_visible()
    expect(page.get_by_text("1 more has a place and waits for its facts")).to_be_visible()
    axe(page)

    place = page.get_by_label("Meeting for Sun Zhiqiang")
    first = place.input_value()
    place.focus()
    page.keyboard.press("ArrowDown")
    later = place.input_value()
    assert later not in ("", first)
    again = page.get_by_role("button", name="Plan again")
    again.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_label("Fix Sun Zhiqiang here")).to_be_checked()
    expect(page.get_by_label("Meeting for Sun Zhiqiang")).to_have_value(later)
    assert AgendaItem.objects.count() == 0
    axe(page)

    page.get_by_role("button", name="Apply the plan").click()
    expect(page.get_by_text("The plan is applied: 2 cases placed.")).to_be_visible()
    assert AgendaItem.objects.filter(state="listed").count() == 2
    assert AgendaItem.objects.get(case=waiting[0]).is_fixed
    axe(page)
    page.get_by_role("button", name="Undo this plan").click()
    expect(page.get_by_text("The plan is undone")).to_be_visible()
    assert not AgendaItem.objects.filter(state="listed").exists()


def test_the_standard_of_care_lane_and_its_protocols_can_be_used_by_everybody(
    page, live_server, axe, waiting, team, coordinator, chair, oncologist, radiologist
):
    meeting = team.meetings.order_by("starts_at").first()
    item = actions.list_case(meeting=meeting, case=waiting[0], by=coordinator)
    text = next(protocol for protocol in load_protocols("gclm") if protocol.id == "supportive-care")
    sign_in(page, live_server, "chair")
    page.goto(f"{live_server.url}/meetings/protocols/{team.code}/")
    axe(page)
    entry = page.locator("section", has=page.get_by_role("heading", name="Supportive care alone"))
    expect(entry.get_by_text("Draft, not to be used")).to_be_visible()
    entry.get_by_label("Who answers for it").fill("Prof. Wei Zhong")
    entry.get_by_label("Your password").fill("correct-horse-battery")
    entry.get_by_role("button", name="Sign this text").click()
    expect(page.get_by_text("The protocol is signed.")).to_be_visible()
    for person in (oncologist, radiologist):
        actions.triage_case(item=item, protocol=text.id, reason="Wants no treatment", by=person)
    page.goto(f"{live_server.url}/meetings/{meeting.reference}/standard-of-care/")
    axe(page)
    page.get_by_role("button", name="Discuss it").click()
    expect(page.get_by_text("1 pulled back (100 %)")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 without discussion (standard of care)")).to_be_visible()
    axe(page)
