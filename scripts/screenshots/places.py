"""Which pages there are: found by following the links of every role from the first page on.

One address is kept for each name of the address list, for the first role that meets it; of some, which look different
from case to case, a few more.
"""

from collections import deque
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser

from scripts.screenshots.browser import window

# In this order: the first who meets a page is shown on it. Each begins where their own work does.
BEGINNINGS = {
    "radiologist": ["/?q=Meihua", "/"],
    "coordinator": ["/"],
    "chair": ["/meetings/", "/"],
    "surgeon": ["/"],
    "auditor": ["/audit/", "/"],
    "admin": ["/", "/style/"],
    "privacy": ["/privacy/", "/privacy/requests/ask/", "/privacy/holds/place/"],
    "outsider": ["/"],
}
SEVERAL = {
    "case": 4,
    "meeting": 4,
    "room": 4,
    "decision": 2,
    "message": 2,
    "finding-record": 4,
    "what-if": 2,
    "part": 3,
}
FIRST_PAGES = {"queue", "worklist", "meetings", "next-steps", "mail", "account", "follow-up", "help"}
"""What lists differ in by role: taken of everybody, so that empty ones are seen too."""


@dataclass(frozen=True)
class Place:
    """One page to look at: a name for the file, who looks, and the address."""

    name: str
    who: str | None
    path: str


class _Links(HTMLParser):
    """Addresses of the links of a page, but for those that a browser would save."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if tag == "a" and given.get("href") and "download" not in given:
            self.found.append(given["href"])


def _name(path: str) -> str | None:
    try:
        return resolve(urlsplit(path).path).url_name
    except Resolver404:
        return None


def of_everybody(browser: Browser, base: str) -> list[Place]:
    """Every page that a link leads to, by role; then the pages of somebody who is not signed in."""
    places: list[Place] = []
    counts: dict[str, int] = {}
    for who, beginnings in BEGINNINGS.items():
        context = window(browser, base, who, language="en")
        waiting, seen = deque(beginnings), set(beginnings)
        own: set[str] = set()
        while waiting:
            path = waiting.popleft()
            name = _name(path)
            is_own = name in FIRST_PAGES and name not in own
            if not (is_own or path in beginnings or counts.get(name, 0) < SEVERAL.get(name, 1)):
                continue
            answer = context.request.get(base + path)
            if not answer.ok or not answer.headers.get("content-type", "").startswith("text/html"):
                continue
            reached = _name(answer.url.removeprefix(base))
            if is_own or counts.get(reached, 0) < SEVERAL.get(reached, 1):
                own.add(reached)
                counts[reached] = number = counts.get(reached, 0) + 1
                label = f"{reached}.{who}" if is_own else f"{reached}-{number}" if number > 1 else reached
                places.append(Place(label, who, path))
            links = _Links()
            links.feed(answer.text())
            for link in links.found:
                there = urljoin(base + path, link).partition("#")[0]
                there = there.removeprefix(base)
                # The same list with another filter is the same page.
                key = urlsplit(there).path
                if there.startswith("/") and key not in seen:
                    seen.add(key)
                    waiting.append(there)
        context.close()
    outside = [
        ("sign-in", None, "/sign-in/"),
        ("not-found", "outsider", "/nowhere/"),
        ("not-allowed", "surgeon", "/audit/"),
    ]
    return places + [Place(*each) for each in outside]
