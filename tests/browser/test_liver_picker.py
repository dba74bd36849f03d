"""Lesions put into the liver by keyboard and by mouse: added, sized, moved, removed and taken back."""

import pytest
from playwright.sync_api import expect

from cases.models import FindingDraft

pytestmark = pytest.mark.django_db(transaction=True)


def test_lesions_are_added_moved_and_taken_back_in_the_picture(page, live_server, client, radiologist, case, axe):
    client.force_login(radiologist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/radiology/")
    drawn = page.locator("#liver-drawn [data-lesion]")
    rows = page.locator("[data-lesions] tr")
    page.get_by_role("button", name="Add a lesion in segment 6").press("Enter")
    page.locator("[data-diameter]").first.fill("34")
    expect(drawn).to_have_count(1)
    page.get_by_role("button", name="Add a lesion in segment 2").click()
    expect(drawn).to_have_count(2)
    axe(page)
    lesion, aim = drawn.first.bounding_box(), page.locator("path[data-segment='8']").bounding_box()
    page.mouse.move(lesion["x"] + lesion["width"] / 2, lesion["y"] + lesion["height"] / 2)
    page.mouse.down()
    page.mouse.move(aim["x"] + aim["width"] * 0.45, aim["y"] + aim["height"] * 0.6, steps=4)
    page.mouse.up()
    chosen = rows.first.locator("[name$=-segments]:checked")
    expect(chosen).to_have_value("8")
    page.get_by_role("button", name="Remove lesion 1").click()
    expect(rows).to_have_count(1)
    page.keyboard.press("Alt+u")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-diameter]").first).to_have_value("34")
    page.keyboard.press("Alt+u")
    expect(chosen).to_have_value("6")
    expect(drawn).to_have_count(2)
    expect(page.locator("#draft-state")).to_contain_text("Draft saved")
    assert {name for name in FindingDraft.objects.get().entries if name.endswith("-segments")}
