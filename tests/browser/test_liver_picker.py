"""Lesions put into the liver by keyboard and by mouse: added, sized, moved, removed and taken back."""

import pytest
from playwright.sync_api import expect

from cases.models import FindingDraft

pytestmark = pytest.mark.django_db(transaction=True)


def open_form(page, live_server, client, radiologist, case):
    client.force_login(radiologist)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/cases/{case.reference}/findings/record/radiology/")


def test_lesions_are_added_moved_and_taken_back_in_the_picture(page, live_server, client, radiologist, case, axe):
    open_form(page, live_server, client, radiologist, case)
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
    page.keyboard.press("Alt+z")
    expect(rows).to_have_count(2)
    expect(page.locator("[data-diameter]").first).to_have_value("34")
    page.keyboard.press("Alt+z")
    expect(chosen).to_have_value("6")
    expect(drawn).to_have_count(2)
    expect(page.locator("#draft-state")).to_contain_text("Draft saved")
    assert {name for name in FindingDraft.objects.get().entries if name.endswith("-segments")}


def test_one_key_undoes_picture_table_and_boxes_in_the_order_in_which_they_were_entered(
    page, live_server, client, radiologist, case
):
    """A history of the picture beside one of the form would take the wrong thing back."""
    open_form(page, live_server, client, radiologist, case)
    rows, said = page.locator("[data-lesions] tr"), page.locator("#announce")
    page.get_by_label("Impression for the meeting").fill("Touches the middle hepatic vein.")
    page.get_by_role("button", name="Add a lesion in segment 6").press("Enter")
    page.locator("[name=t_category][value=T3]").press("Space")
    page.get_by_role("button", name="Add a lesion in segment 2").press("Enter")
    page.locator("[data-diameter]").first.fill("34")
    page.locator("[data-diameter]").first.press("Tab")
    expect(page.locator("#liver-drawn [data-lesion]")).to_have_count(2)
    assert page.get_by_role("button", name="Undo").count() == 1
    assert page.locator("#announce[aria-live=polite]").count() == 1

    page.keyboard.press("Alt+z")
    expect(page.locator("[data-diameter]").first).to_have_value("")
    expect(said).to_have_text("Undone: Liver lesions")
    page.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(announce_region.textContent.trim()))"
        ".observe(window.announce_region = document.getElementById('announce'), {childList: true})"
    )
    page.keyboard.press("Alt+z")
    expect(rows).to_have_count(1)
    expect(page.locator("#liver-drawn [data-lesion]")).to_have_count(1)
    assert page.locator("[name=t_category][value=T3]").is_checked()
    assert page.evaluate("heard") == ["Undone: Liver lesions"]  # heard again, although it is the same sentence
    page.keyboard.press("Alt+z")
    expect(said).to_have_text("Undone: T category")
    assert not page.locator("[name=t_category][value=T3]").is_checked()
    page.keyboard.press("Alt+z")
    expect(page.locator("#liver-drawn [data-lesion]")).to_have_count(0)
    page.keyboard.press("Alt+z")
    expect(said).to_have_text("Undone: Impression for the meeting")
    expect(page.get_by_label("Impression for the meeting")).to_be_focused()
    expect(page.get_by_label("Impression for the meeting")).to_have_value("")
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    page.keyboard.press("Alt+z")
    expect(said).to_have_text("Nothing to undo")
