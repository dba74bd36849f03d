"""Chromium with a Chinese font, and windows in which somebody is signed in."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright
from pylopdf_fonts_zh_cn import sans_path

SANS = '<match><edit name="family" mode="append"><string>Noto Sans SC</string></edit></match>'
HEIGHT = {1920: 1080, 1280: 860, 820: 1180, 390: 844}


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


def window(browser: Browser, base: str, username: str | None, *, language: str, width: int = 1280) -> BrowserContext:
    """A fresh window of this person (of nobody, without a name) in this language, in light colours."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT[width]},
        locale="zh-CN" if language.startswith("zh") else "en-GB",  # of the browser's own fields, such as dates
        color_scheme="light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "mdt_language", "value": language, "url": base}])
    if username:
        page = context.new_page()
        page.goto(f"{base}/sign-in/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", os.environ["MDT_DEMO_PASSWORD"])
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in/" not in url)  # not everybody begins at the queue
        page.close()
    return context
