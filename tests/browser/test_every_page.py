"""Every page of the system in one browser: axe in light, dark and projector mode, in English and Chinese.

Nothing scrolls sideways at 320 px (that is 1280 px at 400 %, WCAG 1.4.10) nor on a tablet or a laptop, and what has the
focus is never hidden by a bar that stays (2.4.11).

Pages come from the address list, like in tests/test_urls.py: one added later is looked at without a word here. They are
looked at in shares, each a test of its own, so that several browsers can look at once.
"""

import pytest
from django.urls import reverse

from scripts.screenshots.flaws import AXE, BEYOND, OUTSIDE
from tests.browser.accessibility import violations
from tests.test_urls import PAGES, address, world  # noqa: F401  (a fixture)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*:ResourceWarning"),
]

SHARES = 8
in_shares = pytest.mark.parametrize("share", range(SHARES))

COLOURS = ["color-contrast"]
BETWEEN = (820, 1024, 1440)
WITH_BARS = {"queue", "case", "finding-record", "meeting", "room", "audit", "what-if", "agendas-plan"}
PROJECTED = ("room", "case", "meeting", "decision", "audit", "audit-pictures")
MODES = """([theme, mode]) => {
  const root = document.documentElement;
  root.setAttribute("data-bs-theme", theme);
  if (mode) root.setAttribute("data-mode", mode); else root.removeAttribute("data-mode");
}"""
# Elements that have the focus and lie wholly under something that stays while the page scrolls.
HIDDEN_FOCUS = """() => {
  const found = [], stays = (each) => {
    for (; each && each !== document.body; each = each.parentElement) {
      if (["fixed", "sticky"].includes(getComputedStyle(each).position)) return each;
    }
    return null;
  };
  const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
  for (const each of document.querySelectorAll(all)) {
    if (each.disabled || !each.checkVisibility({ visibilityProperty: true }) || each.closest("dialog, .skip")) continue;
    each.focus();
    if (document.activeElement !== each) continue;
    const box = each.getBoundingClientRect();
    const right = Math.min(box.right, innerWidth) - 2, bottom = Math.min(box.bottom, innerHeight) - 2;
    const points = [[box.left + 2, box.top + 2], [right, bottom], [(box.left + right) / 2, (box.top + bottom) / 2]];
    const covered = points.every(([x, y]) => {
      const top = document.elementFromPoint(x, y);
      const bar = top && stays(top);
      return bar && !bar.contains(each);
    });
    if (covered) found.push(`${each.tagName} ${(each.innerText || each.name || each.id).slice(0, 40)}`);
  }
  return found;
}"""


@pytest.fixture
def shown(world, client):  # noqa: F811
    """`shown(pages)`: name and address of those that somebody who may do everything is shown; no parts and files."""
    client.force_login(world["everybody"])
    client.post(reverse("tour-answer"), {"begin": "no"})

    def ask(pages):
        found = {}
        for page in pages:
            url = address(page, world)
            answer = client.get(url)
            is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
            if is_page and not answer.streaming and b"<html" in answer.content[:300]:
                found[page.name] = url
        return found

    return ask


@pytest.fixture
def window(page, client, live_server):
    """The browser, signed in as `client` is; `go(language, url)` opens a page."""
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )

    page.emulate_media(reduced_motion="reduce")  # colours that fade are measured half-way

    def go(language, url):
        page.context.add_cookies([{"name": "mdt_language", "value": language, "url": live_server.url}])
        page.goto(live_server.url + url, wait_until="load")

    page.go = go
    return page


def assert_none(wrong):
    """Every page's flaws on a line of its own."""
    lines = [f"{place}: {found}" for place, found in wrong.items() if found]
    assert lines == [], "\n".join(lines)


def sideways(page):
    """What sticks out at 320 px."""
    page.set_viewport_size({"width": 320, "height": 640})
    return page.evaluate(BEYOND)


def between(page):
    """What sticks out of its box, or of the window, on tablets and laptops: widths for which no layout was drawn."""
    found = {}
    for width in BETWEEN:
        page.set_viewport_size({"width": width, "height": 860})
        if out := page.evaluate(BEYOND) + page.evaluate(OUTSIDE):
            found[width] = out
    return found


def flaws(page, *, only=None, without=()):
    """axe's findings as rule and first elements; best practice and the size of targets too."""
    options = dict(AXE)
    if only:
        options["runOnly"] = {"type": "rule", "values": only}
    options["rules"] = {**(options["rules"] if not only else {}), **{rule: {"enabled": False} for rule in without}}
    return [(rule, elements[:3]) for rule, elements in violations(page, options)]


def test_there_are_many_pages_and_each_is_in_one_share(shown):
    pages = shown(PAGES)
    assert len(pages) > 60
    shares = [page.name for share in range(SHARES) for page in PAGES[share::SHARES]]
    assert sorted(shares) == sorted(page.name for page in PAGES)
    assert pages.keys() >= {*PROJECTED, *WITH_BARS}


@in_shares
def test_every_page_in_english(share, shown, window):
    """Light with all rules; dark for its colours; the projector for what grows; narrow for what does not fit."""
    wrong = {}
    for name, url in shown(PAGES[share::SHARES]).items():
        window.set_viewport_size({"width": 1280, "height": 860})
        window.go("en", url)
        window.evaluate(MODES, ["light", ""])
        wrong[name, "light"] = flaws(window)
        window.evaluate(MODES, ["dark", ""])
        wrong[name, "dark"] = flaws(window, only=COLOURS)
        if name in PROJECTED:
            window.set_viewport_size({"width": 1920, "height": 1080})
            window.evaluate(MODES, ["light", "projector"])
            wrong[name, "projector"] = flaws(window, without=COLOURS)
            window.evaluate(MODES, ["light", ""])
        wrong[name, "narrow"] = sideways(window)
        wrong[name, "between"] = between(window)
    assert_none(wrong)


@in_shares
def test_every_page_in_chinese(share, shown, window):
    """The narrow page, by all rules but those of colours, which do not change with the language."""
    wrong = {}
    for name, url in shown(PAGES[share::SHARES]).items():
        window.set_viewport_size({"width": 1280, "height": 860})
        window.go("zh-hans", url)
        wrong[name, "narrow"] = sideways(window)
        wrong[name, "axe"] = flaws(window, without=COLOURS)
    assert_none(wrong)


def test_what_has_the_focus_is_never_hidden_by_a_bar(shown, window):
    hidden, pages = {}, shown([page for page in PAGES if page.name in WITH_BARS])
    assert pages.keys() == WITH_BARS
    for width, height in ((1280, 720), (390, 700)):
        window.set_viewport_size({"width": width, "height": height})
        for name, url in pages.items():
            window.go("en", url)
            hidden[name, width] = window.evaluate(HIDDEN_FOCUS)
    assert_none(hidden)
