"""Pictures of the running demonstration: the four of the README, or every main page in both languages to look at.

    PORT=8000 MDT_DEMO_PASSWORD=… ./run                                  in one window
    MDT_DEMO_PASSWORD=… .venv/bin/python -m scripts.pictures             docs/images/*.png
    MDT_DEMO_PASSWORD=… .venv/bin/python -m scripts.pictures --all DIR   all pages × languages × widths × light and dark

Needs requirements-dev.txt and Chromium (CHROMIUM: its path). Chinese comes from the font wheel of the PDFs.
"""

import argparse
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from pylopdf_fonts_zh_cn import sans_path

README = {
    "queue": ("radiologist", "/", "light", 1280),
    "case": ("radiologist", "Lin Meihua", "light", 1280),
    "plan": ("coordinator", "/meetings/plan-agendas/", "light", 1280),
    "room": ("chair", "room", "light", 1920),
}
ALL = {
    "queue": ("radiologist", "/"),
    "case": ("radiologist", "Lin Meihua"),
    "worklist": ("radiologist", "/worklist/"),
    "mailbox": ("radiologist", "/mail/"),
    "meetings": ("coordinator", "/meetings/"),
    "plan": ("coordinator", "/meetings/plan-agendas/"),
    "meeting": ("coordinator", "meeting"),
    "room": ("chair", "room"),
    "actions": ("surgeon", "/actions/"),
    "rules": ("surgeon", "/rules/"),
    "follow-up": ("surgeon", "/follow-up/"),
    "audit": ("auditor", "/audit/"),
    "survival": ("auditor", "/audit/survival/"),
    "log": ("auditor", "/events/"),
}
SANS = '<match><edit name="family" mode="append"><string>Noto Sans SC</string></edit></match>'
WIDTHS, THEMES, LANGUAGES = (1920, 1280, 390), ("light", "dark"), ("en", "zh-hans")


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own browser, with a Chinese font, which also stands for the interface fonts of other systems."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        fonts = Path(folder) / "fonts.conf"
        folders = "".join(f"<dir>{each}</dir>" for each in ("/usr/share/fonts", sans_path().parent))
        fonts.write_text(f"<fontconfig>{folders}<cachedir>{folder}/cache</cachedir>{SANS}</fontconfig>")
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox"], env={**os.environ, "FONTCONFIG_FILE": str(fonts)}
        )
        yield browser
        browser.close()


def sign_in(browser: Browser, base: str, username: str, *, language: str, theme: str, width: int) -> Page:
    """A fresh window in which this person is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": 1080 if width == 1920 else 860}, color_scheme=theme, reduced_motion="reduce"
    )
    context.add_cookies([{"name": "mdt_language", "value": language, "url": base}])
    page = context.new_page()
    page.goto(f"{base}/sign-in/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", os.environ["MDT_DEMO_PASSWORD"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{base}/")
    return page


def go(page: Page, base: str, where: str) -> None:
    """An address; a patient by name; the next meeting; or its room."""
    if where.startswith("/"):
        page.goto(base + where)
    elif where in ("meeting", "room"):
        page.goto(f"{base}/meetings/next/")  # a fragment of the queue: its link leads to the meeting
        page.get_by_role("link").first.click()
        page.wait_for_url(re.compile(r"/meetings/[A-Z]"))
        if where == "room":
            page.locator("[data-key=r]").first.click()
            page.wait_for_url(re.compile("/room/"))
    else:
        page.goto(f"{base}/?q={where.split()[-1]}")
        page.get_by_role("link", name=where).first.click()
        page.wait_for_url(re.compile("/cases/"))
    page.wait_for_load_state("networkidle" if where != "room" else "load")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--url", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}")
    parser.add_argument("--all", metavar="FOLDER", type=Path, help="every main page, into this folder")
    parser.add_argument("--only", nargs="*", default=[], help="with --all: only these pages")
    options = parser.parse_args()
    with chromium() as browser:
        if options.all is None:
            for name, (who, where, theme, width) in README.items():
                page = sign_in(browser, options.url, who, language="en", theme=theme, width=width)
                go(page, options.url, where)
                page.screenshot(path=f"docs/images/{name}.png")
                page.context.close()
            return
        options.all.mkdir(parents=True, exist_ok=True)
        for language in LANGUAGES:
            for width in WIDTHS:
                for theme in THEMES:
                    for name in options.only or ALL:
                        who, where = ALL[name]
                        page = sign_in(browser, options.url, who, language=language, theme=theme, width=width)
                        go(page, options.url, where)
                        page.screenshot(path=options.all / f"{name}.{language}.{width}.{theme}.png", full_page=True)
                        page.context.close()


if __name__ == "__main__":
    main()
