"""Chromium for tests. Every page also proves: no CSP violation, no script error, no outside request."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request
from pylopdf_fonts_zh_cn import sans_path

from tests import migrated
from tests.browser.accessibility import violations

# Playwright leaves an event loop in the thread, and Django refuses the database beside one.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

HERE = Path(__file__).parent
OWN_ADDRESSES = ("http://localhost:", "http://127.0.0.1:", "data:", "blob:")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nobody else is reached. A route would hold up every request, and keep the browser from remembering any file.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def chromium() -> str | None:
    """Path of the browser: CHROMIUM, else what the machine has; the one without a window takes half the processor."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark this folder's tests, and skip them where there is no browser."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install it, or set CHROMIUM to its path"))


@pytest.fixture(scope="session")
def chinese_fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font configuration with Chinese in it: screenshots show no boxes on a machine without such fonts."""
    folder = tmp_path_factory.mktemp("fonts")
    path = folder / "fonts.conf"
    folders = "".join(f"<dir>{each}</dir>" for each in ("/usr/share/fonts", sans_path().parent))
    path.write_text(f"<fontconfig>{folders}<cachedir>{folder / 'cache'}</cachedir></fontconfig>")
    return path


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict, chinese_fonts: Path) -> dict:
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": ARGUMENTS,
        "env": {**os.environ, "FONTCONFIG_FILE": str(chinese_fonts)},
    }


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test on anything the browser complains of; they are in `page.problems`."""
    page.problems = []

    def see(request: Request) -> None:
        if not request.url.startswith(OWN_ADDRESSES):
            page.problems.append(f"request to another host: {request.url}")

    page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.context.on("request", see)
    yield page
    assert page.problems == []


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: fails, naming rule and elements, unless the page has no accessibility violation.

    On PostgreSQL it looks at nothing: the page is the same, and looking takes longer than all the rest.
    """

    def check(page: Page) -> None:
        # After a click the next page may have begun and be empty still.
        page.wait_for_load_state("load")
        page.locator("h1").first.wait_for(state="attached")
        if migrated.server():
            return
        assert violations(page, {}) == []

    return check
