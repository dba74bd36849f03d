"""Killing at random moments under a mixed load: are acknowledged writes lost, done twice, or half there?

    python -m tests.services.faults --kills 1000
    DATABASE_URL=postgresql://… python -m tests.services.faults --kills 1000    databases of its own there, and Redis

In portions, each with an installation and a seed of its own. With `--kept FILE` each is written down, and a second call
goes on where the first one ended.

Real programs (tests/services/starter.py starts them): gunicorn with two workers, a Celery worker, beat; by HTTP people
refer cases, record findings and decide; a program posts letters and owes duties. `kill -9` goes to one of them, or to
the database's processes on PostgreSQL; what was killed is started again at once, as `manage.py up` or systemd do. Who
got no answer sends the same form again, as people do. Then everything is counted.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import requests

from tests.mail.server import free_port, mail_server
from tests.migrated import beside, migrate
from tests.services.mailing import Redis
from tests.services.site import ROOT, WORKER, Site
from tests.services.starter import Started, Starter

PASSWORD = "correct-horse-battery"
WORLD = "world.json"
STUCK_SECONDS = 180
ADDED_UP = ["kills", "acknowledged", "errors", "troubles", "lost", "twice", "half", "repeated_mails", "undone"]
WEB = "mdt.wsgi --preload --workers 2 --threads 4 --no-control-socket --log-level critical --bind 127.0.0.1:{}"
BEAT = "-A mdt beat --pidfile="
# Whom a kill hits, in parts. One process of the web, the worker or PostgreSQL is back at once; a program takes seconds.
TARGETS = {"web process": 40, "web": 8, "worker process": 20, "worker": 8, "beat": 6, "writer": 8, "database": 10}


@dataclass
class Figures:
    """What was killed, what was acknowledged, and what was found afterwards."""

    kills: Counter = field(default_factory=Counter)
    acknowledged: Counter = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    errors: Counter = field(default_factory=Counter)  # answers 500: what a person saw, not what was lost
    troubles: list[str] = field(default_factory=list)  # what the log says of the 500s
    repeated_mails: int = 0  # the same Message-ID once more
    undone: int = 0
    verified: str = ""

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.twice or self.half or self.undone) and self.verified.startswith("whole")

    @classmethod
    def read(cls, kept: dict) -> "Figures":
        """What `vars` gave."""
        known = {name: kept[name] for name in cls.__dataclass_fields__}
        return cls(**known | {name: Counter(known[name]) for name in ("kills", "acknowledged", "errors")})

    def __str__(self) -> str:
        def said(counter: Counter) -> str:
            return ", ".join(f"{count} {name}" for name, count in sorted(counter.items())) or "none"

        return (
            f"{sum(self.kills.values())} kills ({said(self.kills)})\n"
            f"  acknowledged: {said(self.acknowledged)}\n"
            f"  lost {len(self.lost)} {self.lost[:5]}, twice {len(self.twice)} {self.twice[:5]}, "
            f"half-written {len(self.half)} {self.half[:5]}, duties left undone {self.undone}\n"
            f"  e-mails taken twice by the server under one Message-ID: {self.repeated_mails}; "
            f"answers with an error page meanwhile: {said(self.errors)}\n"
            f"  verify: {self.verified}" + "".join(f"\n  {line}" for line in self.troubles[:12])
        )


class Programs:
    """The processes of the installation, each in a session of its own, and starting again what was killed."""

    def __init__(self, site: Site, port: int) -> None:
        self.site, self.port = site, port
        self.commands = {
            "web": ["gunicorn", *WEB.format(port).split()],
            "worker": ["celery", "--quiet", *WORKER.split()],
            "beat": ["celery", "--quiet", *BEAT.split()],
            "writer": ["tests.services.steps", "write_on"],
        }
        self.starter = Starter(site.environment, ROOT)
        self.running: dict[str, Started] = {}
        self.starts = 0

    def start(self, name: str) -> None:
        self.starts += 1
        log = str(self.site.data / f"{name}.log")
        self.running[name] = self.starter.start(self.commands[name], log, {"MDT_TRIAL": str(self.starts)})

    def kill(self, name: str) -> None:
        """The whole program, with all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()

    def kill_one(self, name: str, chance: random.Random) -> bool:
        """One of the processes that the program started. False where it has none just now."""
        children = Path(f"/proc/{self.running[name].pid}/task/{self.running[name].pid}/children").read_text().split()
        if not children:
            return False
        with suppress(ProcessLookupError):
            os.kill(int(chance.choice(children)), signal.SIGKILL)
        return True

    def look_after(self) -> None:
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.kill(name)
                self.start(name)

    def is_healthy(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/health/", timeout=30).status_code == 200
        except requests.RequestException:
            return False

    def end(self) -> None:
        for name in self.running:
            self.kill(name)
        self.starter.end()


class Person(threading.Thread):
    """Somebody at a browser: refers, records, decides, one after the other, and believes only an answer."""

    def __init__(self, name: str, base: str, world: dict, figures: Figures, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.username, self.base, self.world, self.figures, self.stop = name, base, world, figures, stop
        self.chance = random.Random(name)
        self.web = requests.Session()
        self.case = self.item = ""
        self.based_on, self.count = 0, 0
        self.said: list[tuple[str, str]] = []  # what was acknowledged: sort and mark
        self.fault: Exception | None = None

    def run(self) -> None:
        try:
            self._sign_in()
            while not self.stop.is_set():
                self.count += 1
                self.chance.choices([self._refer, self._record, self._decide], [3, 4, 2])[0]()
        except Exception as error:  # noqa: BLE001 - shown by the trial, in the other thread
            self.fault = error

    def _ask(self, method: str, path: str, **form) -> requests.Response:
        """Ask until there is an answer: a lost connection or a 5xx is sent once more, as people do."""
        while True:
            headers = {"X-CSRFToken": self.web.cookies.get("csrftoken", ""), "Accept-Language": "en"}
            try:
                answer = self.web.request(
                    method, self.base + path, data=form or None, headers=headers, timeout=30, allow_redirects=False
                )
                if answer.status_code < 500:
                    return answer
                self.figures.errors[f"{answer.status_code}"] += 1
            except requests.RequestException:
                self.figures.errors["connection lost"] += 1
            if self.stop.is_set():
                raise SystemExit
            time.sleep(0.3)

    def _sign_in(self) -> None:
        self._ask("GET", "/sign-in/")
        assert self._ask("POST", "/sign-in/", username=self.username, password=PASSWORD).status_code == 302

    def _mark(self) -> str:
        return f"{self.username}-{self.count}"

    def _acknowledge(self, sort: str, mark: str) -> None:
        self.said.append((sort, mark))
        self.figures.acknowledged[sort] += 1

    def _refer(self) -> None:
        entry = self.world["referral"] | {"hospital_number": self._mark(), "name": f"Patient {self._mark()}"}
        answer = self._ask("POST", "/cases/refer/", **entry)
        assert answer.status_code == 302, (answer.status_code, answer.text[:400])
        self.case = answer.headers["Location"]
        self._acknowledge("referral", self._mark())

    def _record(self) -> None:
        if not self.case:
            return
        path = f"{self.case}findings/record/radiology/"
        form = self._ask("GET", path)
        based_on = re.search(r'name="based_on" value="(\d*)"', form.text)
        if form.status_code != 200 or based_on is None:
            return
        answer = self._ask("POST", path, examined_on=self.world["today"], based_on=based_on[1], peritoneum="P0",
                           impression=self._mark())  # fmt: skip
        if answer.status_code == 302:
            self._acknowledge("finding", self._mark())

    def _decide(self) -> None:
        items = self.world["items"][self.username]
        item = items[self.count % len(items)]
        entries = item["entries"] | {"conditions": self._mark(), "based_on": item["based_on"]}
        answer = self._ask("POST", item["path"], **entries)
        if answer.status_code == 302:
            self._acknowledge("decision", self._mark())
        item["based_on"] += 1  # where the first try had been recorded, the second was told so

    def wait(self) -> None:
        self.join(timeout=60)
        if self.fault is not None and not isinstance(self.fault, SystemExit):
            raise self.fault


def trial(
    folder: Path, database_url: str, *, kills: int, seed: int, redis: Redis | None = None, minutes: float = 1e9
) -> Figures:
    """Run everything, kill so often but no longer than so many minutes, let it come to rest, and count.

    What people send is read from `world.json` in the folder; made, with the rows that it needs, where it is not there.
    """
    figures, chance = Figures(), random.Random(seed)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MDT_")}
    with mail_server() as (keeper, smtp):
        environment |= {"DJANGO_SETTINGS_MODULE": "mdt.settings", "MDT_DATA_DIR": str(folder), "MDT_LOG_LEVEL": "ERROR",
                        "DATABASE_URL": database_url, "PYTHONWARNINGS": "ignore", "MDT_SIGN_IN_ATTEMPTS": "1000",
                        "MDT_SMTP_URL": f"smtp://127.0.0.1:{smtp}?tls=none&timeout=5"}  # fmt: skip
        if redis is not None:
            environment["MDT_REDIS_URL"] = f"redis://127.0.0.1:{redis.port}/0"
        site = Site(environment)
        if "postgres" in database_url:  # as a hospital's server: a test's own answers before the log is written
            name = site.read("SELECT current_database()")[0][0]
            site.write(f"ALTER DATABASE {name} SET synchronous_commit = on")
        if not (folder / WORLD).exists():
            site.step("a_world", str(folder / WORLD))
        world = json.loads((folder / WORLD).read_text())
        programs = Programs(site, free_port())
        try:
            for name in programs.commands:
                programs.start(name)
            _until(programs.is_healthy, "never served")
            stop = threading.Event()
            base = f"http://127.0.0.1:{programs.port}"
            people = [Person(name, base, world, figures, stop) for name in sorted(world["items"])]
            for person in people:
                person.start()
            _until(lambda: all(figures.acknowledged[sort] for sort in ("referral", "finding", "decision")), people)
            ends_at = time.monotonic() + minutes * 60
            while sum(figures.kills.values()) < kills and time.monotonic() < ends_at:
                _at_work(figures)
                time.sleep(chance.uniform(0.05, 0.6))
                _kill_something(programs, site, figures, chance, redis)
                programs.look_after()
                _until(lambda: programs.look_after() or programs.is_healthy(), people)
            stop.set()
            for person in people:
                person.wait()
            _come_to_rest(programs, site)
        finally:
            programs.end()
        _count(site, figures, people, keeper)
    return figures


def _at_work(figures: Figures, seconds: float = 5) -> None:
    """Until somebody got an answer since the last kill: else a slow machine is killed before it does anything."""
    before, until = figures.acknowledged.total(), time.monotonic() + seconds
    while figures.acknowledged.total() == before and time.monotonic() < until:
        time.sleep(0.02)


def _kill_something(programs: Programs, site: Site, figures: Figures, chance: random.Random, redis) -> None:
    target = chance.choices(list(TARGETS), list(TARGETS.values()))[0]
    name = target.removesuffix(" process")
    if target == "database":
        if "postgres" not in site.environment["DATABASE_URL"]:
            return
        with suppress(psycopg.Error, ProcessLookupError):
            with psycopg.connect(site.environment["DATABASE_URL"]) as link:
                others = "datname = current_database() AND pid <> pg_backend_pid()"
                pids = [pid for (pid,) in link.execute(f"SELECT pid FROM pg_stat_activity WHERE {others}")]
            if not pids:
                return
            os.kill(chance.choice(pids), signal.SIGKILL)  # PostgreSQL then ends all its processes and recovers
    elif target == "worker" and redis is not None and chance.random() < 0.5:
        target = "worker and Redis"
        programs.kill(name)
        redis.restart()
    elif target.endswith(" process"):
        if not programs.kill_one(name, chance):
            return
    else:
        programs.kill(name)
    figures.kills[target] += 1


def _until(happened, said, seconds: float = 600) -> None:
    until = time.monotonic() + seconds
    while not happened():
        faults = [person.fault for person in said if person.fault] if isinstance(said, list) else []
        if faults or time.monotonic() > until:
            raise AssertionError(faults or said)
        time.sleep(0.05)


def _come_to_rest(programs: Programs, site: Site) -> None:
    """Nobody asks any more; the worker carries out what is left, once the dead ones' claims are old."""
    programs.kill("writer")
    programs.kill("beat")
    for name in ("writer", "beat", "worker"):
        if name == "worker":
            programs.kill(name)
        programs.running.pop(name)
    _until(lambda: _answers(site), "the database did not come back after its last kill")
    site.time_passes()
    programs.start("worker")
    least, until = 1e9, time.monotonic() + STUCK_SECONDS
    while (undone := _undone(site)) and time.monotonic() < until:
        if undone < least:  # a busy machine may take long, as long as it goes on
            least, until = undone, time.monotonic() + STUCK_SECONDS
        programs.look_after()
        time.sleep(1)
        site.write("UPDATE duties_duty SET due_at = '2020-01-01 00:00:00' WHERE state = 'waiting' AND attempts > 0")


def _answers(site: Site) -> bool:
    """Whether the database is back: PostgreSQL recovers for a second or two after a kill."""
    try:
        return site.read("SELECT 1") == [(1,)]
    except psycopg.OperationalError:
        return False


def _undone(site: Site) -> int:
    now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 60))  # what became due in this very second too
    due = f"state = 'claimed' OR (state = 'waiting' AND due_at <= '{now}') OR state = 'failed'"
    return site.read(f"SELECT COUNT(*) FROM duties_duty WHERE {due}")[0][0]


def _count(site: Site, figures: Figures, people: list[Person], keeper) -> None:
    there = {
        "referral": Counter(mark for (mark,) in site.read(
            "SELECT p.hospital_number FROM cases_case c JOIN cases_patient p ON p.id = c.patient_id")),
        "finding": Counter(mark for (mark,) in site.read("SELECT impression FROM cases_finding")),
        "decision": Counter(mark for (mark,) in site.read("SELECT conditions FROM meetings_decision")),
        "duty": Counter(name.removeprefix("effect-") for (name,) in site.read(
            "SELECT username FROM people_user WHERE username LIKE 'effect-%'")),
        "letter": Counter(re.search(r"\S+$", str(mail["Subject"]))[0] for mail in
                          {str(mail["Message-ID"]): mail for mail in keeper.arrived}.values()),
    }  # fmt: skip
    said = [pair for person in people for pair in person.said]
    written = [line.split() for line in (site.data / "writer.log").read_text(errors="replace").splitlines()]
    said += [(words[1], words[2]) for words in written if words[:1] == ["done"] and len(words) == 3]
    figures.acknowledged.update(words[1] for words in written if words[:1] == ["done"] and len(words) == 3)
    for sort, mark in said:
        if there[sort][mark] == 0:
            figures.lost.append(f"{sort} {mark}")
    for sort, counted in there.items():
        figures.twice += [f"{sort} {mark}" for mark, count in counted.items() if mark and count > 1]
    copies = Counter(str(mail["Message-ID"]) for mail in keeper.arrived)
    figures.repeated_mails = sum(copies.values()) - len(copies)
    figures.half += [f"decision {key} without options" for (key,) in site.read(
        "SELECT d.id FROM meetings_decision d LEFT JOIN meetings_chosenoption o ON o.decision_id = d.id "
        "WHERE o.id IS NULL")]  # fmt: skip
    figures.half += [f"case {key} without a proposal" for (key,) in site.read(
        "SELECT c.id FROM cases_case c LEFT JOIN cases_proposal p ON p.case_id = c.id WHERE p.id IS NULL")]  # fmt: skip
    if figures.errors["500"]:
        log = (site.data / "web.log").read_text(errors="replace")
        figures.troubles = list(dict.fromkeys(re.findall(r"Internal Server Error: .*(?:\n +File.*)*\n.*", log)))
    figures.undone = _undone(site)
    done = subprocess.run([sys.executable, "manage.py", "verify"], cwd=ROOT, env=site.environment, capture_output=True,
                          text=True, check=False)  # fmt: skip
    figures.verified = (done.stdout or done.stderr).strip()[:300]


class Filled:
    """A database that is migrated and holds the world, to be copied for each portion: a file, or one on a server."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.server = folder, os.environ.get("DATABASE_URL", "")
        self.is_server = "postgres" in self.server
        self.name = f"faults_{uuid.uuid4().hex[:12]}"
        environment = os.environ | {"MDT_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "mdt.settings"}
        self._on_server(f"CREATE DATABASE {self.name}")
        environment["DATABASE_URL"] = self._url(folder, self.name)
        migrate(environment)
        Site(environment).step("a_world", str(folder / WORLD))

    def _url(self, folder: Path, name: str) -> str:
        return beside(self.server, name) if self.is_server else f"sqlite:///{folder / 'mdt.sqlite3'}"

    def _on_server(self, sql: str) -> None:
        if self.is_server:
            with psycopg.connect(self.server, autocommit=True) as link:
                link.execute(sql)

    @contextmanager
    def copied_to(self, folder: Path) -> Iterator[str]:
        """Address of a copy, with what belongs into the data folder beside it."""
        shutil.copy(self.folder / WORLD, folder)
        if not self.is_server:
            shutil.copy(self.folder / "mdt.sqlite3", folder)
        name = f"{self.name}_copy"
        # As files: the default takes over how far a sequence had reached, but not what PostgreSQL had logged ahead for
        # it, and after a crash the copy gives numbers a second time (seen on 15.18).
        self._on_server(f"CREATE DATABASE {name} TEMPLATE {self.name} STRATEGY FILE_COPY")
        yield self._url(folder, name)
        self._on_server(f"DROP DATABASE {name} WITH (FORCE)")

    def drop(self) -> None:
        self._on_server(f"DROP DATABASE {self.name} WITH (FORCE)")


def portion(filled: Filled, kills: int, seed: int) -> Figures:
    """One installation, with so many kills."""
    with tempfile.TemporaryDirectory() as scratch, filled.copied_to(Path(scratch)) as url:
        redis = Redis(Path(scratch)) if filled.is_server else None
        try:
            return trial(Path(scratch), url, kills=kills, seed=seed, redis=redis)
        finally:
            if redis is not None:
                redis.kill()


def together(parts: Iterable[Figures]) -> Figures:
    """The sum of portions; not whole where one of them was not."""
    whole, count, verified = Figures(), 0, []
    for part in parts:
        count += 1
        for name in (
            "kills",
            "acknowledged",
            "errors",
            "troubles",
            "lost",
            "twice",
            "half",
            "repeated_mails",
            "undone",
        ):
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
        verified.append(part.verified)
    faulty = [said for said in verified if not said.startswith("whole")]
    whole.verified = f"whole after each of {count} portions" if not faulty else faulty[0]
    return whole


def _in_portions(asked: argparse.Namespace, engine: str, done: dict[int, Figures], folder: Path) -> None:
    """Portions until there are as many kills as asked for, those included that are done."""
    filled, seed = None, asked.seed
    while (missing := asked.kills - sum(figures.kills.total() for figures in done.values())) > 0:
        if seed not in done:
            filled = filled or Filled(folder)
            began = time.monotonic()
            done[seed] = portion(filled, min(asked.portion, missing), seed)
            print(f"{engine}, {time.monotonic() - began:.0f} s, seed {seed}: {done[seed]}", flush=True)
            if asked.kept:
                with asked.kept.open("a") as kept:
                    kept.write(json.dumps({"engine": engine, "seed": seed, **vars(done[seed])}) + "\n")
        seed += 1
    if filled is not None:
        filled.drop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--portion", type=int, default=100, help="kills in one installation")
    parser.add_argument("--seed", type=int, default=1, help="of the first portion; the next ones count on")
    parser.add_argument("--kept", type=Path, help="write each portion down here, and go on after those that are there")
    asked = parser.parse_args()
    engine = "PostgreSQL and Redis" if "postgres" in os.environ.get("DATABASE_URL", "") else "SQLite"
    done: dict[int, Figures] = {}
    if asked.kept and asked.kept.exists():
        lines = [json.loads(line) for line in asked.kept.read_text().splitlines()]
        done = {line["seed"]: Figures.read(line) for line in lines if line["engine"] == engine}
    with tempfile.TemporaryDirectory() as scratch:
        _in_portions(asked, engine, done, Path(scratch))
    figures = together(done.values())
    print(f"{engine}, all {len(done)} portions: {figures}")
    sys.exit(not figures.is_good)


if __name__ == "__main__":
    main()
