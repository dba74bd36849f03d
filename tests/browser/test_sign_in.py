"""Signing in, in a real browser: the second factor, and what is typed while the session runs out."""

from datetime import timedelta

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from cases.models import FindingDraft
from mdt.people.models import SecondFactor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.on_both_engines]

PASSWORD = "correct-horse-battery"


def sign_in(page, live_server, username):
    page.goto(live_server.url + reverse("sign-in"))
    page.fill("[name=username]", username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def switch_language(page):
    page.locator("form[action='/language/'] button").click()
    page.wait_for_load_state("load")


def test_a_name_of_the_demonstration_fills_the_sign_in(page, live_server, axe, settings, chair):
    settings.DEMO = True
    page.goto(live_server.url + reverse("sign-in"))
    axe(page)
    page.get_by_role("button", name="chair", exact=True).click()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")


def test_a_second_factor_is_set_up_used_and_shown_among_the_sessions(page, live_server, axe, chair):
    sign_in(page, live_server, "chair")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(live_server.url + reverse("account"))
    axe(page)
    page.get_by_role("link", name="App on my phone").click()
    axe(page)
    page.get_by_role("button", name="Set up").click()
    page.get_by_text("Scan, then type the code").wait_for()
    axe(page)
    codes = pyotp.TOTP(SecondFactor.objects.get().secret)
    page.fill("[name=code]", codes.at(timezone.now() - timedelta(seconds=30)))
    page.press("[name=code]", "Enter")
    expect(page.locator("li code")).to_have_count(10)
    axe(page)
    switch_language(page)
    page.goto(live_server.url + reverse("second-factor"))
    expect(page.get_by_role("heading", name="第二验证方式")).to_be_visible()
    axe(page)
    page.goto(live_server.url + reverse("sessions"))
    axe(page)
    page.context.clear_cookies(name="sessionid")
    sign_in(page, live_server, "chair")
    page.wait_for_url(f"**{reverse('sign-in-code')}")
    axe(page)
    page.fill("[name=code]", codes.now())
    page.press("[name=code]", "Enter")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(live_server.url + reverse("sessions"))
    expect(page.locator(".seat")).to_have_count(2)


def test_what_is_typed_while_signed_out_stays_and_is_saved_after_signing_in_elsewhere(
    page, live_server, axe, case, radiologist
):
    sign_in(page, live_server, "radiologist")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(live_server.url + reverse("finding-record", args=[case.reference, "radiology"]))
    report = page.locator("#finding textarea:visible").first
    name = report.get_attribute("name")
    report.fill("Two lesions in segment 6")
    expect(page.locator("#draft-state")).to_contain_text("saved", ignore_case=True)
    Session.objects.all().delete()
    report.press_sequentially(", one of them new")
    notice = page.locator("#trouble")
    expect(notice).to_contain_text("you are signed out")
    axe(page)
    page.problems = [said for said in page.problems if "401" not in said]
    assert FindingDraft.objects.get().entries[name] == ["Two lesions in segment 6"]
    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Sign in again in another window").click()
    other = opened.value
    other.fill("[name=username]", "radiologist")
    other.fill("[name=password]", PASSWORD)
    other.press("[name=password]", "Enter")
    other.wait_for_url(f"{live_server.url}/")
    with page.expect_response("**/draft/"):
        report.press_sequentially(".")
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.locator("#draft-state")).to_contain_text("saved", ignore_case=True)
    assert FindingDraft.objects.get().entries[name] == ["Two lesions in segment 6, one of them new."]
    page.problems = [said for said in page.problems if "401" not in said]


def test_a_form_that_came_too_late_is_sent_after_signing_in(page, live_server, axe, surgeon):
    sign_in(page, live_server, "surgeon")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(live_server.url + reverse("account"))
    page.fill("[name=name]", "Shen Yi")
    page.select_option("select[name=language]", "en")
    stored = Session.objects.get().get_decoded()
    store = Session.get_session_store_class()(Session.objects.get().session_key)
    store["seen_at"] = stored["seen_at"] - 2 * 3600
    store.save()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("You were signed out after 60 minutes")
    axe(page)
    page.fill("[name=username]", "surgeon")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{reverse('unsent')}")
    expect(page.locator("main")).to_contain_text("Shen Yi")
    shown = page.locator("dl.facts > div:visible")
    expect(shown.filter(has_text="Language")).to_contain_text("English")  # the form's words, not "en"
    names = shown.locator("dt").all_text_contents()
    assert "Name" in names, "the form's word, not its field"
    assert not {"version", "save"} & set(names), "what nobody wrote"
    axe(page)
    page.get_by_role("button", name="Send it now").click()
    expect(page.locator("main")).to_contain_text("Saved.")
    surgeon.refresh_from_db()
    assert surgeon.name == "Shen Yi"
