"""A deployment in miniature, on a database and a data folder of its own, with a real worker that can be killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from celery import Celery

ROOT = Path(__file__).resolve().parents[2]
WORKER = "-A mdt worker --concurrency 1 --without-gossip --without-mingle --include tests.services.handlers"


class Site:
    """A deployment in miniature: its environment, and the worker that may be running."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.data = Path(environment["MDT_DATA_DIR"])
        self.worker: subprocess.Popen[bytes] | None = None

    def step(self, *words: str) -> None:
        command = [sys.executable, "-m", "tests.services.steps", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def manage(self, *words: str) -> str:
        """What a command of manage.py says, on either channel."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr).strip()

    def read(self, sql: str) -> list[tuple]:
        """Rows of the database, read past Django: a process for each look would be slow."""
        url = self.environment["DATABASE_URL"]
        link = psycopg.connect(url) if "postgres" in url else sqlite3.connect(url.removeprefix("sqlite:///"))
        with closing(link):
            return link.execute(sql).fetchall()

    def shown(self) -> dict[str, list]:
        """Effects and duties."""
        effects = self.read("SELECT username FROM people_user ORDER BY username")
        duties = self.read("SELECT state, attempts FROM duties_duty ORDER BY id")
        return {"effects": [name for (name,) in effects], "duties": duties}

    def write(self, sql: str) -> None:
        url = self.environment["DATABASE_URL"]
        if "postgres" in url:
            with psycopg.connect(url) as link:
                link.execute(sql)
            return
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)) as link, link:
            link.execute(sql)

    def time_passes(self) -> None:
        """So long that a dead worker's claims have grown old and all waits are over; then beat looks, as it always
        does. A living worker keeps its claim."""
        now = datetime.now(UTC)
        if self.worker is None:
            self.write(f"UPDATE duties_duty SET claimed_at = '{now - timedelta(minutes=10)}' WHERE state = 'claimed'")
        self.write(f"UPDATE duties_duty SET due_at = '{now}' WHERE state = 'waiting'")
        queue, control = (str(self.data / "messages" / name) for name in ("queue", "control"))
        files = {"data_folder_in": queue, "data_folder_out": queue, "control_folder": control}
        redis = self.environment.get("MDT_REDIS_URL")
        with Celery(broker=redis or "filesystem://localhost") as beat:
            beat.conf.broker_transport_options = {} if redis else files
            with beat.connection_for_write() as link:
                beat.send_task("mdt.duties.tasks.work_off_due_duties", ignore_result=True, connection=link)

    def start_worker(self) -> None:
        with (self.data / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "celery", *WORKER.split()],
                cwd=ROOT,
                env=self.environment,
                start_new_session=True,
                stdout=log,
                stderr=log,
            )

    def kill_worker(self) -> None:
        """End the worker and its pool as a power cut would."""
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def wait_for(self, happened: Callable[[], bool]) -> None:
        until = time.monotonic() + 90
        while not happened():
            if time.monotonic() > until:
                raise AssertionError(f"nothing happened; {self.shown()}\n{(self.data / 'worker.log').read_text()}")
            time.sleep(0.1)
