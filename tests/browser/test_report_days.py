"""A pasted text of several examinations in a real browser: taken over at once, each fact is of its own day."""

import os

import pytest
from playwright.sync_api import expect

from cases.models import Finding
from tests.browser.test_emergency import refused
from tests.browser.test_report_words import leave, sign_in
from tests.cases.test_report_days import TEXT

pytestmark = pytest.mark.django_db(transaction=True)

CHINESE = """病情摘要：2025年11月3日我院胃镜：胃窦溃疡型肿物，cT3。
2025-11-12上腹部增强CT：肝S6段转移灶，大小3.5cm，未见腹水。
患者意愿：希望手术治疗。ECOG 1分。"""


def shot(page, name: str) -> None:
    if folder := os.environ.get("REPORT_SHOTS"):
        page.locator("aside").screenshot(path=f"{folder}/{name}-report.png")
        page.locator("section[aria-labelledby=panel-examination]").screenshot(path=f"{folder}/{name}-day.png")


def open_form(page, live_server, case):
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/coordination/")


def test_three_reports_are_taken_at_once_and_recorded_by_their_days(page, live_server, axe, case, coordinator):
    sign_in(page, live_server, "coordinator")
    open_form(page, live_server, case)
    page.fill("[name=report_text]", TEXT)
    offers = page.locator("[data-mention][data-how=offered]")
    offers.first.wait_for()
    expect(page.locator(".found-part")).to_have_text(
        ["3 Nov 2025 · endoscopy", "12 Nov 2025 · CT", "no date in the text · conversation"]
    )
    for each in offers.all():
        each.scroll_into_view_if_needed()
    page.locator("[data-take-all]").click()
    expect(offers).to_have_count(0)
    expect(page.locator("#finding-days li")).to_have_count(3)
    axe(page)
    shot(page, "days-en-wide")
    leave(page, lambda: page.keyboard.press("Control+Enter"))
    expect(page.locator("#problems")).to_contain_text("The text gives no date for:")
    refused(page, 422)
    shot(page, "days-en-asked")
    page.fill("[name=examined_on]", "2025-11-15")
    leave(page, lambda: page.keyboard.press("Control+Enter"))
    page.get_by_text("Recorded as 3 findings, each with its own date:").wait_for()
    stated = {finding.examined_on.day: set(finding.facts) for finding in Finding.objects.all()}
    assert stated[3] == {"tumour_site", "t_category", "t_basis"}
    assert {"liver_lesions", "ascites"} < stated[12]
    assert stated[15] == {"ecog", "patient_preference"}


def test_the_same_in_chinese_in_the_dark_and_on_a_phone_and_taken_back(page, live_server, axe, case, coordinator):
    page.emulate_media(color_scheme="dark")
    sign_in(page, live_server, "coordinator")
    page.get_by_role("button", name="中文").first.click()
    open_form(page, live_server, case)
    page.fill("[name=report_text]", f"{CHINESE}\n2025年11月18日MRI：未见腹水。双肺清晰。胃体T3。")
    none = page.locator("[data-mention][data-fact=ascites]")
    expect(none).to_have_count(2)
    for each in none.all():
        each.get_by_role("button", name="采用").first.click()
    expect(page.locator("#finding-days li")).to_have_count(2)
    axe(page)
    shot(page, "days-zh-dark")
    page.set_viewport_size({"width": 390, "height": 844})
    page.locator("details.left-out summary").click()
    axe(page)
    shot(page, "days-zh-phone")
    none.first.get_by_role("button", name="撤").click()
    assert page.locator("[name=ascites][value=no]").is_checked()
    expect(none.first).to_have_attribute("data-how", "offered")
    none.last.get_by_role("button", name="撤").click()
    assert not page.locator("[name=ascites]:checked").count()
    leave(page, lambda: page.goto(f"{live_server.url}/"))


def test_a_day_that_may_be_two_is_asked_for_once_and_changed_by_a_click(page, live_server, axe, case, coordinator):
    sign_in(page, live_server, "coordinator")
    open_form(page, live_server, case)
    page.fill("[name=report_text]", "OGD 03/11/2025: tumour of the antrum, cT3.\nCT 12/11/2025: no ascites.")
    expect(page.locator("[data-day-order]")).to_contain_text("Which day is “03/11/2025”?")
    axe(page)
    shot(page, "order-asked")
    page.locator("[data-day-order]").get_by_role("button", name="3 Nov 2025").click()
    expect(page.locator(".found-part")).to_have_text(["3 Nov 2025 · endoscopy", "12 Nov 2025 · CT"])
    page.locator("[data-day-order]").get_by_role("button", name="No, it is 11 Mar 2025").click()
    expect(page.locator(".found-part").first).to_have_text("11 Mar 2025 · endoscopy")
    axe(page)
    shot(page, "order-said")
    leave(page, lambda: page.goto(f"{live_server.url}/"))
