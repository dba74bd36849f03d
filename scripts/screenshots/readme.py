"""The pictures of the README and of the user guide, taken from the demonstration."""

import re

from playwright.sync_api import Browser, Page

from scripts.screenshots.browser import window

PICTURES = {
    "queue": ("radiologist", "/", 1280),
    "case": ("radiologist", "Lin Meihua", 1280),
    "plan": ("coordinator", "/meetings/plan-agendas/", 1280),
    "room": ("chair", "room", 1920),
}


def go(page: Page, base: str, where: str) -> None:
    """An address; a patient by name; or the room of the next meeting."""
    if where.startswith("/"):
        page.goto(base + where)
    elif where == "room":
        page.goto(f"{base}/meetings/next/")  # a fragment of the queue: its link leads to the meeting
        page.get_by_role("link").first.click()
        page.wait_for_url(re.compile(r"/meetings/[A-Z]"))
        page.locator("[data-key=r]").first.click()
        page.wait_for_url(re.compile("/room/"))
    else:
        page.goto(f"{base}/?q={where.split()[-1]}")
        page.get_by_role("link", name=where).first.click()
        page.wait_for_url(re.compile("/cases/"))
        if (covered := page.get_by_role("link", name="Show the proposal all the same")).is_visible():
            covered.click()
            page.wait_for_url(re.compile("proposal=shown"))
    page.wait_for_load_state("networkidle" if where != "room" else "load")


def take(browser: Browser, base: str) -> None:
    """docs/images/*.png."""
    for name, (who, where, width) in PICTURES.items():
        context = window(browser, base, who, language="en", width=width)
        page = context.new_page()
        page.goto(base)
        if (offer := page.get_by_role("button", name="No, thank you")).is_visible():
            offer.click()
        go(page, base, where)
        page.screenshot(path=f"docs/images/{name}.png")
        context.close()
