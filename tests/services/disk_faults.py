"""A disk that is really full, or really read-only, under a mixed load: what people see, and is anything lost?

    python -m tests.services.disk_faults full
    python -m tests.services.disk_faults read-only

Real programs, as in tests.services.faults, with database, broker and logs on a small disk of their own. It is filled to
the last byte while people refer, record and decide; looked at; and freed. Or everything is killed, the disk is mounted
read-only, and everything starts again on it; then it can be written again, and nobody starts anything anew. Needs root
on Linux, for mounting. SQLite.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import requests

from mdt.counters import counters_folder
from tests.mail.server import free_port, mail_server
from tests.migrated import migrate
from tests.services.disks import SmallDisk, small_disk
from tests.services.faults import WORLD, Figures, Person, Programs, _come_to_rest, _count, _until
from tests.services.site import Site

MEGABYTES = 24
SECONDS = 3
QUICK_BEAT = ["celery", "--quiet", "-A", "tests.services.quick", "beat", "--pidfile="]
SORTS = ("referral", "finding", "decision")
READ = ("/health/", "/sign-in/", "/", "/meetings/", "/account/", "/metrics/")
"""Pages that change nothing but the session."""


@dataclass
class Seen:
    """What was seen while the disk took nothing, and what was counted afterwards."""

    figures: Figures = field(default_factory=Figures)
    people: list[Person] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)  # address → status, of reading
    words: dict[str, str] = field(default_factory=dict)  # language → the page that a refused form got
    warnings: list[str] = field(default_factory=list)  # of /health/
    ended: list[str] = field(default_factory=list)  # programs that ended by themselves while it was full
    broken_off: int = 0  # requests without any answer meanwhile
    back_after_seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.figures}\n  while the disk took nothing: {self.answers}; {self.warnings}; ended: {self.ended}; "
            f"{self.broken_off} requests without an answer\n"
            f"  after it took something again all went on within {self.back_after_seconds:.0f} s, by itself"
        )


class ProgramsOn(Programs):
    """Says which programs ended without being killed, and keeps what the writer says on another disk."""

    def __init__(self, site: Site, port: int, outside: Path, logs: Path) -> None:
        super().__init__(site, port)
        self.outside, self.logs, self.ended = outside, logs, []
        self.commands["beat"] = QUICK_BEAT

    def start(self, name: str) -> None:
        self.starts += 1
        log = (self.outside if name == "writer" else self.logs) / f"{name}.log"
        self.running[name] = self.starter.start(self.commands[name], str(log), {"MDT_TRIAL": str(self.starts)})

    def look_after(self) -> None:
        self.ended += [name for name, process in self.running.items() if process.poll() is not None]
        super().look_after()


def trial(folder: Path, database: Path, *, fault: str) -> Seen:
    """Run everything on a small disk with a copy of this migrated database, let it fail, mend it, and count.

    Raises disks.NotAllowed where nothing can be mounted.
    """
    seen, outside = Seen(), folder / "outside"
    outside.mkdir()
    with small_disk(folder / "data", MEGABYTES) as disk, mail_server() as (keeper, smtp), counters_folder() as counters:
        shutil.copy(database, disk.folder / "mdt.sqlite3")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MDT_")}
        environment |= {"DJANGO_SETTINGS_MODULE": "mdt.settings", "MDT_DATA_DIR": str(disk.folder),
                        "DATABASE_URL": f"sqlite:///{disk.folder / 'mdt.sqlite3'}", "PYTHONWARNINGS": "ignore",
                        "MDT_SIGN_IN_ATTEMPTS": "1000", "MDT_METRICS_TOKEN": "token", "MDT_LOG_LEVEL": "WARNING",
                        "PROMETHEUS_MULTIPROC_DIR": counters,
                        "MDT_SMTP_URL": f"smtp://127.0.0.1:{smtp}?tls=none&timeout=5"}  # fmt: skip
        site = Site(environment)
        site.step("a_world", str(disk.folder / WORLD))
        logs = disk.folder if fault == "full" else outside
        programs = ProgramsOn(site, free_port(), outside, logs)
        try:
            _play(seen, disk, site, programs, fault)
        finally:
            programs.end()
        shutil.copy(outside / "writer.log", disk.folder)
        _count(site, seen.figures, seen.people, keeper)
    return seen


def _play(seen: Seen, disk: SmallDisk, site: Site, programs: ProgramsOn, fault: str) -> None:
    figures, stop = seen.figures, threading.Event()
    for name in programs.commands:
        programs.start(name)
    _until(programs.is_healthy, "never served")
    world, base = json.loads((disk.folder / WORLD).read_text()), f"http://127.0.0.1:{programs.port}"
    seen.people = people = [Person(name, base, world, figures, stop) for name in sorted(world["items"])]
    for person in people:
        person.start()

    def all_go_on(before: Counter) -> bool:
        programs.look_after()
        return all(figures.acknowledged[sort] > before[sort] for sort in SORTS)

    _until(lambda: all_go_on(Counter()), people)
    if fault == "full":
        disk.fill()
    else:
        for name in programs.running:
            programs.kill(name)
        disk.remount("ro")
    lost_before, programs.ended = figures.errors["connection lost"], []
    for name in programs.commands if fault != "full" else ():
        programs.start(name)

    tried_until = time.monotonic() + SECONDS  # beat and worker try their part as well

    def nobody_can_write() -> bool:
        programs.look_after()
        if fault == "full":
            disk.fill()  # what a log or a broker leaves free is gone as well
        return figures.errors["503"] >= 5 and time.monotonic() > tried_until

    _until(nobody_can_write, people)
    seen.broken_off = figures.errors["connection lost"] - lost_before if fault == "full" else 0
    _look(seen, base, next(person for person in people if person.case), world)
    before, began = Counter(figures.acknowledged), time.monotonic()
    seen.ended = list(programs.ended)
    disk.free() if fault == "full" else disk.remount("rw")
    _until(lambda: all_go_on(before), people)
    seen.back_after_seconds = time.monotonic() - began
    stop.set()
    for person in people:
        person.wait()
    _come_to_rest(programs, site)


def _look(seen: Seen, base: str, person: Person, world: dict) -> None:
    """What another window of the same person shows."""
    cookies = person.web.cookies.get_dict()
    for path in (*READ, person.case):
        headers = {"Authorization": "Bearer token"} if path == "/metrics/" else {}
        answer = requests.get(base + path, cookies=cookies, headers=headers, timeout=60)
        seen.answers["a case" if path == person.case else path] = answer.status_code
        if path == "/health/":
            seen.warnings = answer.json().get("warnings", [])
    entry = world["referral"] | {"hospital_number": "never", "name": "Never Kept"}
    for language in ("en", "zh-hans"):
        headers = {"X-CSRFToken": cookies["csrftoken"], "Accept-Language": language}
        answer = requests.post(f"{base}/cases/refer/", entry, cookies=cookies, headers=headers, timeout=60)
        seen.answers["a form"] = answer.status_code
        seen.words[language] = answer.text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("fault", choices=["full", "read-only"])
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        database = Path(scratch, "empty.sqlite3")
        migrate(os.environ | {"MDT_DATA_DIR": scratch, "DATABASE_URL": f"sqlite:///{database}"})
        seen = trial(Path(scratch), database, fault=asked.fault)
    print(seen)
    sys.exit(not seen.figures.is_good)


if __name__ == "__main__":
    main()
