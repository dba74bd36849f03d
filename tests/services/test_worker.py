"""A real worker process: it is woken by the message of an owed duty, and its sudden death loses nothing.

Each test has a database and a data folder of its own, on files and, where MDT_REDIS_URL is given, on Redis.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

pytestmark = pytest.mark.services
WORKER = "-A mdt worker --concurrency 1 --without-gossip --without-mingle --include tests.services.handlers"


class Site:
    """A deployment in miniature: its environment, and the worker that may be running."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.data = Path(environment["MDT_DATA_DIR"])
        self.worker: subprocess.Popen[bytes] | None = None

    def step(self, *words: str) -> None:
        command = [sys.executable, "-m", "tests.services.steps", *words]
        subprocess.run(command, cwd=settings.BASE_DIR, env=self.environment, check=True)

    def shown(self) -> dict[str, list]:
        """Effects and duties, read past Django: a process for each look would be slow."""
        url = self.environment["DATABASE_URL"]
        link = psycopg.connect(url) if "postgres" in url else sqlite3.connect(url.removeprefix("sqlite:///"))
        with closing(link):
            effects = link.execute("SELECT username FROM people_user ORDER BY username").fetchall()
            duties = link.execute("SELECT state, attempts FROM duties_duty ORDER BY id").fetchall()
        return {"effects": [name for (name,) in effects], "duties": duties}

    def start_worker(self) -> None:
        with (self.data / "worker.log").open("ab") as log:
            self.worker = subprocess.Popen(
                [sys.executable, "-m", "celery", *WORKER.split()],
                cwd=settings.BASE_DIR,
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
                pytest.fail(f"nothing happened; {self.shown()}\n{(self.data / 'worker.log').read_text()}")
            time.sleep(0.1)


def migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database to copy for each test: a file's path, or a name on DATABASE_URL's server."""
    folder, server = tmp_path_factory.mktemp("services"), os.environ.get("DATABASE_URL")
    environment = os.environ | {"MDT_DATA_DIR": str(folder)}
    if not server:
        migrate(environment)
        yield str(folder / "mdt.sqlite3")
        return
    name = f"services_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
        migrate(environment | {"DATABASE_URL": beside(server, name)})
        yield name
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def beside(server: str, name: str) -> str:
    """Address of another database on the same server."""
    return server.replace(f"/{conninfo_to_dict(server)['dbname']}?", f"/{name}?", 1)


@pytest.fixture
def database_url(tmp_path: Path, migrated: str) -> Iterator[str]:
    """Address of a database of the test's own."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        copy = shutil.copy(migrated, tmp_path / "services.sqlite3")
        yield f"sqlite:///{copy}"
        return
    name = f"{migrated}_copy"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name} TEMPLATE {migrated}")
        yield beside(server, name)
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["files", "redis"])
def site(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[Site]:
    redis = os.environ.get("MDT_REDIS_URL", "")
    if request.param == "redis" and not redis:
        pytest.skip("no Redis: set MDT_REDIS_URL")
    environment = {name: value for name, value in os.environ.items() if name != "MDT_REDIS_URL"}
    environment |= {"MDT_DATA_DIR": str(tmp_path), "DATABASE_URL": database_url, "PYTHONWARNINGS": "ignore"}
    if request.param == "redis":
        environment["MDT_REDIS_URL"] = redis
    site = Site(environment)
    yield site
    site.kill_worker()


def test_a_message_wakes_the_worker(site):
    site.start_worker()
    site.step("owe", "test-note", "7")
    site.wait_for(lambda: site.shown()["effects"] == ["effect-7"])
    assert site.shown()["duties"] == [("done", 1)]


def test_a_worker_killed_in_the_middle_loses_nothing(site):
    site.start_worker()
    site.step("owe", "test-slow-note", "7")
    site.wait_for((site.data / "half-way").exists)
    site.kill_worker()
    assert site.shown() == {"effects": [], "duties": [("claimed", 1)]}

    (site.data / "go-on").touch()
    site.step("ten_minutes_pass")
    site.start_worker()
    site.wait_for(lambda: site.shown()["duties"] == [("done", 2)])
    assert site.shown()["effects"] == ["effect-7"]
