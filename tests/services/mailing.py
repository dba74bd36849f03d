"""Sending while workers are killed and Redis goes away: how many messages arrive, how often, and how many are lost.

    python -m tests.services.mailing --messages 1000 --kills 20

Reminders go into the mailboxes of the system; letters go to a real SMTP server, counted as a mailbox does that knows
Message-IDs, as Dovecot's and Cyrus's duplicate suppression: a second copy under the same id is not shown.
"""

import argparse
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mail.server import Keeper, free_port, mail_server
from tests.migrated import migrate
from tests.services.site import Site


@dataclass(frozen=True)
class Figures:
    """What came of one way of sending."""

    sent: int
    arrived: int  # different messages
    copies: int  # what the mailboxes or the server took in all
    most_copies: int  # of one message

    @property
    def lost(self) -> int:
        return self.sent - self.arrived

    def __str__(self) -> str:
        repeats = self.copies - self.arrived
        return (
            f"{self.sent} sent, {self.lost} lost, {repeats} physical repeats (at most {self.most_copies} copies of one)"
        )


@dataclass(frozen=True)
class Result:
    """What came of one trial."""

    reminders: Figures  # in the mailboxes of the system
    letters: Figures  # by SMTP; a mailbox that knows Message-IDs shows what `arrived` counts
    kills: int
    broker_kills: int
    undone: int  # duties that are not done

    def __str__(self) -> str:
        killed = f"{self.kills} workers and Redis {self.broker_kills} times killed, {self.undone} duties left undone"
        return f"{killed}\n  mailboxes: {self.reminders}\n  SMTP: {self.letters}"


class Redis:
    """A Redis that forgets everything when it dies, as one without persistence does."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        options = ("--port", str(self.port), "--save", "", "--appendonly", "no", "--dir", str(self.folder))
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as link:
                if link.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("Redis did not start")

    def restart(self) -> None:
        self.kill()
        self.start()

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def surroundings(folder: Path, database_url: str, *, is_redis: bool) -> Iterator[tuple[Site, Redis | None, Keeper]]:
    """A site, its Redis or None, and what its mail server keeps."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MDT_")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "mdt.settings",
        "MDT_DATA_DIR": str(folder),
        "MDT_LOG_LEVEL": "WARNING",
        "DATABASE_URL": database_url,
        "PYTHONWARNINGS": "ignore",
    }
    redis = Redis(folder) if is_redis else None
    if redis is not None:
        environment["MDT_REDIS_URL"] = f"redis://127.0.0.1:{redis.port}/0"
    try:
        with mail_server() as (keeper, port):
            site = Site(environment | {"MDT_SMTP_URL": f"smtp://127.0.0.1:{port}?tls=none&timeout=5"})
            try:
                yield site, redis, keeper
            finally:
                site.kill_worker()
    finally:
        if redis is not None:
            redis.kill()


def trial(folder: Path, database_url: str, *, is_redis: bool, messages: int, kills: int, seed: int = 1) -> Result:
    """Send as many reminders and as many letters, kill at random moments of the sending, start again, until nothing is
    left to be done. Redis goes with every second worker, and once under the feet of a living one."""
    with surroundings(folder, database_url, is_redis=is_redis) as (site, redis, keeper):
        broker_kills = 0
        site.step("owe_messages", str(messages))
        moments = sorted(random.Random(seed).sample(range(1, 2 * messages - 2), kills))
        for number, moment in enumerate(moments):
            site.start_worker()
            site.time_passes()
            if number % 2:
                site.wait_for(lambda moment=moment: _done(site) >= moment)
                site.kill_worker()
            else:
                _kill_at_worst_moment(site, keeper, moment)
            if redis is not None and number % 2 == 0:
                redis.restart()
                broker_kills += 1
        site.time_passes()
        site.start_worker()
        if redis is not None:
            site.wait_for(lambda: _done(site) > moments[-1])
            redis.restart()
            broker_kills += 1
            site.time_passes()
        site.wait_for(lambda: _done(site) == 2 * messages)
        undone = site.read("SELECT COUNT(*) FROM duties_duty WHERE state <> 'done'")[0][0]
        return Result(_reminders(site, messages), _letters(site, keeper, messages), kills, broker_kills, undone)


def _done(site: Site) -> int:
    return site.read("SELECT COUNT(*) FROM duties_duty WHERE state = 'done'")[0][0]


def _kill_at_worst_moment(site: Site, keeper: Keeper, moment: int) -> None:
    """Once so much is done: when the server has taken an e-mail and the worker does not know it yet."""
    killed = []

    def on_taken() -> None:
        if not killed and _done(site) >= moment:
            site.kill_worker()
            killed.append(True)  # last: whoever waits for it starts the next worker

    keeper.on_taken = on_taken
    site.wait_for(lambda: bool(killed))


def _reminders(site: Site, messages: int) -> Figures:
    copies = Counter(person for (person,) in site.read("SELECT person_id FROM mail_entry"))
    return Figures(messages, len(copies), sum(copies.values()), max(copies.values(), default=0))


def _letters(site: Site, keeper: Keeper, messages: int) -> Figures:
    noted = site.read("SELECT COUNT(*) FROM mail_delivery WHERE state = 'sent'")[0][0]
    assert noted == messages, f"{noted} are noted as sent"
    copies = Counter((str(mail["Message-ID"]), str(mail["To"]), str(mail["Subject"])) for mail in keeper.arrived)
    assert len({identity for identity, _to, _subject in copies}) == len(copies), "a repeat was another text"
    return Figures(messages, len(copies), sum(copies.values()), max(copies.values(), default=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--messages", type=int, default=200, help="of each kind: reminders, and letters by SMTP")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        empty = Path(scratch, "empty.sqlite3")
        migrate(os.environ | {"MDT_DATA_DIR": scratch, "DATABASE_URL": f"sqlite:///{empty}"})
        for is_redis in (False, True):
            folder = Path(scratch, "redis" if is_redis else "files")
            folder.mkdir()
            url = f"sqlite:///{shutil.copy(empty, folder / 'mdt.sqlite3')}"
            began, size = time.monotonic(), {"messages": asked.messages, "kills": asked.kills, "seed": asked.seed}
            result = trial(folder, url, is_redis=is_redis, **size)
            print(f"{folder.name} as broker, {time.monotonic() - began:.0f} s: {result}", flush=True)


if __name__ == "__main__":
    main()
