"""Every page of the main line at 100,000 cases: time of the server, queries, weight, first paint, and what moved.

Fills the demonstration's team with an archive of cases and audit rows, then asks each page many times in this process
(wall-clock, processor time, queries, bytes), serves it as ./run does, and lets Chromium load it without a cache.

Run: python -m bench.main_line [--cases 100000] [--rounds 20] [--no-browser] [--pages CASE,QUEUE] [--json FILE]

The network of the browser is what Chromium's own tools call "Fast 3G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and
back for each request (Network.emulateNetworkConditions). `--slow` takes "Slow 3G": 500 kbit/s, 400 ms.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .timing import percentile, print_table, write_json

FAST_3G = {"latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOW_3G = {"latency": 400, "downloadThroughput": 500_000 / 8, "uploadThroughput": 500_000 / 8}
"""Milliseconds, bytes a second."""

MOVED = """window.moved = 0;
new PerformanceObserver((list) => { for (const shift of list.getEntries()) window.moved += shift.value; })
  .observe({ type: "layout-shift", buffered: true });"""
"""How much of the page moved while it loaded (cumulative layout shift; web.dev calls up to 0.1 good)."""


@dataclass
class Page:
    """One kind of page: who opens it, under which addresses (several cases, meetings), and what was measured."""

    name: str
    user: str
    addresses: list[str]
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    queries: list[int] = field(default_factory=list)
    html: list[int] = field(default_factory=list)
    seen: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        return {
            "page": self.name,
            "addresses": len(self.addresses),
            "wall p50, ms": statistics.median(self.wall_ms),
            "wall p95, ms": percentile(self.wall_ms, 0.95),
            "CPU p50, ms": statistics.median(self.cpu_ms),
            "CPU p95, ms": percentile(self.cpu_ms, 0.95),
            "queries": max(self.queries),
            "HTML kB": max(self.html) / 1000,
            **self.seen,
        }


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")
    os.environ.setdefault("MDT_DATA_DIR", tempfile.mkdtemp(prefix="mdt-bench-"))
    os.environ.setdefault("MDT_LOG_LEVEL", "ERROR")
    os.environ.setdefault("MDT_ALLOWED_HOSTS", "testserver,127.0.0.1")
    os.environ.setdefault("MDT_DEMO_PASSWORD", "newcomer-Only-4711")
    import django

    django.setup()


def fill(cases: int) -> None:
    """The demonstration, and in its team an archive of so many more cases, with one audit row for each."""
    from django.core.management import call_command
    from django.utils import timezone

    from mdt.duties.management.commands.compile_catalogues import compile_catalogues
    from mdt.duties.management.commands.cut_icons import cut_icons
    from mdt.people.models import Team, User

    from . import audit_pages, queue_page

    call_command("migrate", verbosity=0)
    compile_catalogues()
    cut_icons()
    call_command("load_demo", verbosity=0)
    team = Team.objects.get(code="gc")
    queue_page.fill_team(cases, team, User.objects.get(username="oncologist"))
    audit_pages.TEAMS = (team.pk,)
    audit_pages.fill(cases, timezone.localdate())


def pages() -> list[Page]:
    """The main line, from the queue to the audit; pages of a case for every case that has a proposal."""
    from django.urls import reverse

    from cases.models import Case
    from mdt.meetings.models import AgendaItem, Decision, Meeting

    proposed = Case.objects.unrestricted().filter(team__code="gc", proposals__isnull=False).distinct().order_by("pk")
    prepared = [case.reference for case in proposed if case.is_open]
    decided = [case.reference for case in proposed if case.decisions.exists()]
    meetings = Meeting.objects.filter(team__code="gc").order_by("starts_at")
    planned = [meeting.reference for meeting in meetings if meeting.state == Meeting.State.PLANNED]
    held = [meeting.reference for meeting in meetings if meeting.state != Meeting.State.PLANNED]
    items = AgendaItem.objects.filter(meeting__team__code="gc", state=AgendaItem.State.LISTED)
    seats = [(item.meeting.reference, item.case.reference) for item in items.select_related("meeting", "case")]
    recorded = [
        (decision.meeting.reference, decision.case.reference, decision.version)
        for decision in Decision.objects.filter(case__team__code="gc").select_related("meeting", "case")
    ]

    def each(name: str, *arguments: Any) -> list[str]:
        return [reverse(name, args=entry if isinstance(entry, tuple) else (entry,)) for entry in arguments]

    return [
        Page("queue", "radiologist", ["/", "/?q=Patient+0001"]),
        Page("case page", "radiologist", each("case", *(case.reference for case in proposed))),
        Page("case page, Chinese", "pathologist", each("case", *(case.reference for case in proposed))),
        Page("case findings", "radiologist", each("case-findings", *prepared)),
        Page("finding form", "radiologist", each("finding-record", *((case, "radiology") for case in prepared))),
        Page("explanation", "surgeon", each("case-explanation", *prepared)),
        Page("what if", "surgeon", each("what-if", *prepared)),
        Page("worklist", "radiologist", [reverse("worklist")]),
        Page("meeting list", "coordinator", [reverse("meetings")]),
        Page("meeting", "coordinator", each("meeting", *planned, *held)),
        Page("room", "oncologist", each("room", *seats)),
        Page("room, decision desk", "chair", each("room", *seats)),
        Page("decision", "surgeon", each("decision", *recorded)),
        Page("decisions of a case", "surgeon", each("case-decisions", *decided)),
        Page("minutes (PDF)", "chair", each("meeting-minutes", *((meeting, "en") for meeting in held))),
        Page("next steps", "coordinator", [reverse("next-steps")]),
        Page("follow-up", "coordinator", [reverse("follow-up")]),
        Page("follow-up of a case", "surgeon", each("case-follow-up", *decided)),
        Page("audit", "auditor", [reverse("audit")]),
    ]


def in_chinese(page: Page) -> bool:
    return "Chinese" in page.name


def ask(page: Page, rounds: int) -> None:
    """Each address so often in this process, the first time not counted."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from mdt.people.models import User

    client = Client()
    client.force_login(User.objects.get(username=page.user))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans" if in_chinese(page) else "en"
    for address in page.addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{page.name}: {address} answered {answer.status_code}")
        page.queries.append(len(asked))
        page.html.append(len(answer.content))
    for _round in range(rounds):
        for address in page.addresses:
            wall, cpu = time.perf_counter(), time.process_time()
            client.get(address)
            page.cpu_ms.append(1000 * (time.process_time() - cpu))
            page.wall_ms.append(1000 * (time.perf_counter() - wall))


@contextmanager
def served() -> Iterator[int]:
    """The port of the web server, started as ./run starts it."""
    from .live_room import serve

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = serve(port)
    try:
        yield port
    finally:
        server.terminate()
        server.wait()


def session_of(username: str) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from mdt.people.models import User

    user, store = User.objects.get(username=username), SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store.create()
    return store.session_key


def look(measured: list[Page], network: dict[str, float]) -> None:
    """Chromium loads the heaviest address of each page with an empty cache: weight on the wire, first paint, load."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS, chromium

    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    sessions = {page.user: session_of(page.user) for page in measured}
    with served() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        site = f"http://127.0.0.1:{port}"
        for page in measured[:2] * 2:  # both processes of the server and the browser have started
            _load(browser, site, page.addresses[0], {"sessionid": sessions[page.user]}, network)
        for page in measured:
            if "PDF" in page.name:
                continue
            address = page.addresses[page.html.index(max(page.html))]
            language = "zh-hans" if in_chinese(page) else "en"
            cookies = {"sessionid": sessions[page.user], "mdt_language": language}
            runs = [_load(browser, site, address, cookies, network) for _ in range(3)]
            middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
            page.seen = {
                "sent kB": middle["sent"] / 1000,
                "HTML sent kB": middle["document"] / 1000,
                "requests": middle["requests"],
                "first paint, ms": middle["paint"],
                "loaded, ms": middle["load"],
                "moved": middle["moved"],
            }
        browser.close()


def _load(
    browser: Any, site: str, address: str, cookies: dict[str, str], network: dict[str, float]
) -> dict[str, float]:
    """One visit in a context of its own: nothing is cached."""
    from playwright.sync_api import Error as BrowserError

    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": name, "value": value, "url": site} for name, value in cookies.items()])
    tab = context.new_page()
    tools = context.new_cdp_session(tab)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", {"offline": False, **network})
    sent, kinds = {}, {}
    tools.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))
    tools.on("Network.loadingFinished", lambda said: sent.update({said["requestId"]: said["encodedDataLength"]}))
    tab.add_init_script(MOVED)
    tab.goto(site + address, wait_until="load")
    with suppress(BrowserError):  # the room never rests
        tab.wait_for_load_state("networkidle", timeout=3000)
    tab.wait_for_timeout(300)
    paint = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1")
    load = tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    seen = {
        "sent": sum(sent.values()),
        "document": sum(size for key, size in sent.items() if kinds.get(key) == "Document"),
        "requests": len(sent),
        "paint": paint,
        "load": load,
        "moved": tab.evaluate("window.moved"),
    }
    context.close()
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--pages", default="", help="only pages whose name contains one of these, separated by commas")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--slow", action="store_true", help="Slow 3G instead of Fast 3G")
    parser.add_argument("--filled", action="store_true", help="MDT_DATA_DIR was filled by an earlier run")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    _prepare()
    if not arguments.filled:
        fill(arguments.cases)
    wanted = [name.strip().lower() for name in arguments.pages.split(",") if name.strip()]
    measured = [page for page in pages() if not wanted or any(name in page.name.lower() for name in wanted)]
    print(f"load of the machine: {os.getloadavg()[0]:.1f}; cases: {arguments.cases}")
    for page in measured:
        ask(page, arguments.rounds)
    if not arguments.no_browser:
        look(measured, SLOW_3G if arguments.slow else FAST_3G)
    rows = [page.row() for page in measured]
    print_table("the main line", rows)
    write_json(arguments.json, {"pages": rows})


if __name__ == "__main__":
    main()
