"""A meeting of 50 beside 20 who record findings: is every page answered in time, and how long until all see the case?

Serves the demonstration as ./run does (the same gunicorn command) and moves the table now and then. Every screen of the
room does what static/js/live.js does, and waits as long: it asks for the pulse a second after it dealt with the last
answer, rests for a random part of the time that the server says, fetches the parts that changed, or the whole page of
the case that the table moved to, and asks again a second after that. All pages come compressed, as to a browser. The
page that the chair sees after each move is asked for as well.

Run: python -m bench.live_room [--people 50] [--recorders 20] [--seconds 60]
"""

import argparse
import gzip
import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import defaultdict

MOVE_EVERY = 12.0  # seconds between two moves of the table
PASSWORD = "newcomer-Only-4711"


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mdt.settings")
    os.environ.setdefault("MDT_DATA_DIR", tempfile.mkdtemp(prefix="mdt-bench-"))
    os.environ.setdefault("MDT_LOG_LEVEL", "ERROR")
    os.environ.setdefault("MDT_DEMO_PASSWORD", PASSWORD)
    import django

    django.setup()


def fill(people: int, recorders: int) -> dict:
    """The demonstration with a full room: a session for everybody, and the meeting that is held."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command

    from mdt.duties.management.commands.compile_catalogues import compile_catalogues
    from mdt.duties.management.commands.cut_icons import cut_icons
    from mdt.meetings.actions import mark_attendance
    from mdt.meetings.models import Meeting
    from mdt.people.models import Membership, Role, Team, User

    call_command("migrate", verbosity=0)
    compile_catalogues()
    cut_icons()
    call_command("load_demo", verbosity=0)
    team = Team.objects.get(code="gc")

    def session(user: User) -> str:
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store.create()
        return store.session_key

    def member(name: str, discipline: str) -> User:
        user = User.objects.create(username=name, name=name.title(), title="Dr", discipline=discipline)
        Membership.objects.create(team=team, user=user, role=Role.MEMBER)
        return user

    meeting = Meeting.objects.filter(team=team, state="planned").order_by("starts_at").first()
    items = meeting.agenda.exclude(state="removed").order_by("position").values_list("case__reference", flat=True)
    chair = User.objects.get(username="chair")
    watchers = [member(f"watcher{n}", "oncology") for n in range(people)]
    for person in watchers:
        mark_attendance(meeting=meeting, person=person, is_present=True, by=chair)
    return {
        "meeting": meeting.reference,
        "cases": list(items),
        # Each records on a case of their own: two who record the same at once are told so, which is another matter.
        "preparing": [prepare(team, chair, number) for number in range(recorders)],
        "watching": [session(person) for person in watchers],
        "recording": [session(member(f"recorder{n}", "oncology")) for n in range(recorders)],
        "chair": session(chair),
    }


def prepare(team, by, number: int) -> str:
    """One more case in preparation, with what a radiologist found; its reference."""
    from datetime import date, timedelta

    from django.utils import timezone

    from cases.actions import record_finding, refer_case

    today = timezone.localdate()
    case = refer_case(
        team=team,
        by=by,
        hospital_number=f"bench {number}",
        name=f"Bench {number}",
        born_on=date(1960, 1, 1),
        sex="male",
        question="Is resection possible?",
        referrer="Bench",
        urgency="routine",
        reason="new",
        target_on=today + timedelta(days=14),
        referred_on=today,
    )
    found = {"liver_metastasis": "clinical", "liver_lesion_count": 1 + number % 5, "liver_lobes": "both"}
    record_finding(case=case, by=by, discipline="radiology", facts=found, examined_on=today)
    return case.reference


class Browser:
    """One browser that keeps its connection and its session, and notes how long each kind of answer took."""

    def __init__(self, port: int, session: str, times: dict[str, list[float]], errors: list[str]):
        self.port, self.times, self.errors = port, times, errors
        self.link = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.cookies = {"sessionid": session}

    def ask(self, kind: str, method: str, path: str, fields: dict | None = None) -> tuple[int, str, str]:
        """Status, body and where it leads. An error is noted, and answered with status 0."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookies, "Accept-Encoding": "gzip"}
        body = None
        if fields is not None:
            token = self.cookies.get("csrftoken", "")
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": token, **fields}, doseq=True)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}/",
            }
        started = time.perf_counter()
        for attempt in (1, 2):  # a server may close an idle connection between two requests
            try:
                self.link.request(method, path, body, headers)
                answer = self.link.getresponse()
                sent = answer.read()
                break
            except (OSError, http.client.HTTPException) as error:
                self.link.close()
                if attempt == 2:
                    self.errors.append(f"{kind}: {error!r}")
                    return 0, "", ""
        self.times[kind].append(1000 * (time.perf_counter() - started))
        packed = answer.headers.get("Content-Encoding") == "gzip"
        text = (gzip.decompress(sent) if packed else sent).decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status >= 400:
            self.errors.append(f"{kind}: {answer.status} {path}")
        return answer.status, text, answer.headers.get("Location", "")


def watch(browser: Browser, data: dict, until: float, shown: dict, number: int) -> None:
    """One screen of the room, as live.js does it: asks, fetches the parts that changed, follows the table."""
    from json import loads

    path = f"/meetings/{data['meeting']}/room/{data['cases'][0]}/"
    _, page, _ = browser.ask("room page", "GET", path)
    seen = re.search(r'data-seen="([^"]*)"', page)
    seen = seen[1] if seen else ""
    time.sleep(random.random())
    while time.time() < until:
        status, text, _ = browser.ask("pulse", "GET", f"{path}pulse/?seen={urllib.parse.quote(seen)}")
        if status == 200:
            answer = loads(text)
            time.sleep(random.random() * answer["spread"] / 1000)
            seen = answer["seen"]
            if "table" in answer["parts"] and answer["at"] and answer["at"] != path:
                path = answer["at"]
                _, page, _ = browser.ask("room page", "GET", path)
                seen = (re.search(r'data-seen="([^"]*)"', page) or ["", seen])[1]
                shown[number] = (path, time.time())
            else:
                for part in answer["parts"]:
                    browser.ask("part", "GET", f"{path}part/{part}/")
        time.sleep(1.0)


def record(browser: Browser, case: str, until: float) -> None:
    """Somebody who works beside the meeting: queue, case, form, one finding, and the case again."""
    time.sleep(random.uniform(0, 5))
    while time.time() < until:
        form = f"/cases/{case}/findings/record/oncology/"
        browser.ask("queue", "GET", "/")
        time.sleep(random.uniform(1, 3))
        browser.ask("case page", "GET", f"/cases/{case}/")
        time.sleep(random.uniform(1, 3))
        _, page, _ = browser.ask("findings form", "GET", form)
        based_on = (re.search(r'name="based_on" value="(\d*)"', page) or ["", ""])[1]
        examined_on = (re.search(r'name="examined_on" value="([^"]*)"', page) or ["", time.strftime("%Y-%m-%d")])[1]
        time.sleep(random.uniform(2, 5))
        fields = {"examined_on": examined_on, "based_on": based_on, "comorbidity_note": f"Seen {time.time():.0f}"}
        browser.ask("finding recorded", "POST", form, fields)
        time.sleep(random.uniform(1, 3))


def move(browser: Browser, data: dict, until: float, shown: dict, lags: list[float], missing: list[int]) -> None:
    """The chair brings the next case to the table, and it is measured when the last screen of the room shows it."""
    browser.ask("room page", "GET", f"/meetings/{data['meeting']}/room/{data['cases'][0]}/")
    turn = 0
    while time.time() < until - MOVE_EVERY:
        turn += 1
        case = data["cases"][turn % len(data["cases"])]
        path = f"/meetings/{data['meeting']}/room/{case}/"
        before = time.time()
        _, _, leads_to = browser.ask("table moved", "POST", f"/meetings/{data['meeting']}/table/move/", {"to": case})
        browser.ask("chair's desk", "GET", leads_to or path)
        time.sleep(max(before + MOVE_EVERY - time.time(), 0))
        there = [at - before for address, at in dict(shown).values() if address == path and at >= before]
        lags.extend(there)
        missing.append(len(data["watching"]) - len(there))


def serve(port: int) -> subprocess.Popen:
    """The web server as ./run starts it."""
    from mdt.duties.management.commands.up import GUNICORN

    command = [
        sys.executable,
        "-m",
        "gunicorn",
        *GUNICORN.split(),
        "--bind",
        f"127.0.0.1:{port}",
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(command, env={"MALLOC_ARENA_MAX": "2", **os.environ})
    for _ in range(200):
        try:
            link = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            link.request("GET", "/health/")
            if link.getresponse().status:
                return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--recorders", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    _prepare()
    data = fill(arguments.people, arguments.recorders)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = serve(port)
    times: dict[str, list[float]] = defaultdict(list)
    errors: list[str] = []
    lags: list[float] = []
    missing: list[int] = []
    shown: dict[int, tuple[str, float]] = {}
    until = time.time() + arguments.seconds
    load = os.getloadavg()[0]
    before = os.times()

    def browser(session: str) -> Browser:
        return Browser(port, session, times, errors)

    try:
        threads = [
            *(
                threading.Thread(target=watch, args=(browser(key), data, until, shown, number))
                for number, key in enumerate(data["watching"])
            ),
            *(
                threading.Thread(target=record, args=(browser(key), case, until))
                for key, case in zip(data["recording"], data["preparing"], strict=True)
            ),
            threading.Thread(target=move, args=(browser(data["chair"]), data, until, shown, lags, missing)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait()
    spent = os.times()
    print(
        f"{arguments.people} in the room, {arguments.recorders} recording, {arguments.seconds:.0f} s;"
        f" load of the machine before: {load:.1f}"
    )
    for kind, values in sorted(times.items()):
        print(
            f"{kind:18} {len(values):6}   p50 {statistics.median(values):7.1f} ms   p95 {_at(values, 0.95):7.1f} ms"
            f"   most {max(values):7.1f} ms"
        )
    pages = [value for kind, values in times.items() if kind not in ("pulse", "part") for value in values]
    print(f"{'all pages':18} {len(pages):6}   p50 {statistics.median(pages):7.1f} ms   p95 {_at(pages, 0.95):7.1f} ms")
    if lags:
        print(
            f"from a move of the table to the new case on a screen: p50 {statistics.median(lags):.2f} s,"
            f" p95 {_at(lags, 0.95):.2f} s, last {max(lags):.2f} s; screens that did not follow: {sum(missing)}"
        )
    cpu = spent.children_user + spent.children_system - before.children_user - before.children_system
    each = 1000 * cpu / sum(len(values) for values in times.values())
    print(f"processor time of the server: {cpu:.1f} s in {arguments.seconds:.0f} s, {each:.1f} ms for a request")
    print(f"errors: {len(errors)}", *sorted(set(errors))[:5], sep="\n  ")


if __name__ == "__main__":
    main()
