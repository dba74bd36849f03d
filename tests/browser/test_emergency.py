"""Emergency access in a real browser, from the reason to the case; the chain and the sessions; in both languages."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mdt.people.models import EmergencyAccess
from tests.browser.test_sign_in import sign_in, switch_language
from tests.builders import complete_case, make_case, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def refused(page, *codes):
    """The browser complains of each answer that is a refusal: these were meant, and nothing else was said."""
    assert len(page.problems) == len(codes)
    assert all(f"{code}" in said for code, said in zip(codes, page.problems, strict=True))
    page.problems.clear()


def test_a_colleague_opens_the_case_of_another_team_with_a_reason_and_reads_it(
    page, live_server, axe, team, other_team, coordinator, auditor
):
    other_team.hospital = team.hospital
    other_team.save()
    make_user("doctor", discipline="surgery", team=other_team)
    case = complete_case(make_case(team=team, by=coordinator, name="Wang Unmistakable"), coordinator)
    sign_in(page, live_server, "doctor")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(live_server.url + case.get_absolute_url())
    expect(page.get_by_text("Wang Unmistakable")).to_have_count(0)
    page.goto(live_server.url + reverse("emergency-access"))
    axe(page)
    page.fill("[name=reference]", "GC-2099-9999")
    page.fill("[name=reason]", "On duty; bleeding in the ward.")
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_text("No other team of your hospital has this case.")).to_be_visible()
    axe(page)
    refused(page, 404, 422)
    page.fill("[name=reference]", case.reference.lower())
    page.get_by_role("button", name="Open the case").click()
    page.wait_for_url(f"**{case.get_absolute_url()}")
    expect(page.get_by_role("heading", name="Wang Unmistakable").first).to_be_visible()
    expect(page.get_by_text("On duty; bleeding in the ward.")).to_be_visible()
    axe(page)
    assert EmergencyAccess.objects.get().person.username == "doctor"
    page.goto(live_server.url + reverse("emergency-access"))
    switch_language(page)
    page.goto(live_server.url + reverse("emergency-access"))
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    axe(page)


def test_an_auditor_checks_the_chain_and_looks_at_the_sessions(page, live_server, axe, auditor, case):
    sign_in(page, live_server, "auditor")
    page.wait_for_url(f"{live_server.url}/audit/")
    page.goto(live_server.url + reverse("events"))
    page.get_by_role("button", name="Check whether the log was changed").click()
    expect(page.get_by_text("Nothing was changed")).to_be_visible()
    axe(page)
    switch_language(page)
    page.goto(live_server.url + reverse("sessions"))
    axe(page)
    page.goto(live_server.url + reverse("events"))
    axe(page)
