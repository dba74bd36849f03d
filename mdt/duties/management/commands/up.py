"""`manage.py up`: prepares the database and runs web, worker and beat until it is told to stop."""

import fcntl
import http.client
import os
import signal
import socket
import sys
from typing import TextIO

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from mdt import demo_access, environment
from mdt.counters import counters_folder
from mdt.supervisor import Supervisor

GUNICORN = "mdt.wsgi --preload --workers 2 --threads 4 --timeout 60 --graceful-timeout 5 --no-control-socket"
WORKER = "-A mdt worker --concurrency 1 --without-gossip --without-mingle"
BEAT = "-A mdt beat --pidfile="
ROOT_WARNING = "ignore:You're running the worker with superuser privileges"


class Command(BaseCommand):
    help = "Migrate, then serve: web, worker and beat together, on PORT (8000) of MDT_BIND (127.0.0.1)."

    def handle(self, *args: object, **options: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: sys.exit(0))  # until the supervisor takes over
        os.umask(0o077)  # what is written from here on is about patients: for this account's eyes only
        host, port = environment.text("MDT_BIND", "127.0.0.1"), self._port()
        _refuse_busy_address(host, port)
        with _hold_data_folder():
            self._prepare()
            password = self._fill_demo() if settings.DEMO else ""
            connection.close()
            self._serve(host, port, password)

    def _port(self) -> int:
        try:
            port = environment.integer("PORT", 8000)
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if not 0 < port < 65536:
            raise CommandError(f"PORT must be between 1 and 65535, not {port}.")
        return port

    def _prepare(self) -> None:
        self._say("Preparing the database…")
        call_command("compile_catalogues", verbosity=0)
        call_command("cut_icons", verbosity=0)
        try:
            call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as error:
            reason = str(error).strip().partition("\n")[0]
            raise CommandError(f"The database could not be prepared: {reason}") from error

    def _fill_demo(self) -> str:
        """Load the demo into an empty database. Returns its users' password; empty where there is no demo."""
        password = demo_access.choose_password()
        kept = demo_access.kept_password()
        if not apps.get_model("people", "Team").objects.exists():
            self._say("Loading the demonstration: half a minute…")
            os.environ["MDT_DEMO_PASSWORD"] = password
            call_command("load_demo")
            if environment.flag("MDT_DEMO_YEAR", default=True):
                call_command("load_synthetic_year")
            demo_access.keep_password(password)
        elif not kept:
            return ""  # somebody's own data: nothing to show, nothing to change
        elif password != kept:
            demo_access.change_password(password)
        return password

    def _serve(self, host: str, port: int, password: str) -> None:
        def announce_once_healthy() -> None:
            if not announced and _is_healthy(host, port):
                announced.append(True)
                self._announce(host, port, password)

        announced: list[bool] = []
        python = [sys.executable, "-m"]
        level = environment.text("MDT_LOG_LEVEL", "WARNING")
        web = [*GUNICORN.split(), "--bind", _address(host, port), "--log-level", level]
        commands = {
            "web": [*python, "gunicorn", *web],
            "worker": [*python, "celery", "--quiet", *WORKER.split(), "--loglevel", level],
            "beat": [*python, "celery", "--quiet", *BEAT.split(), "--loglevel", level],
        }
        # Each thread of a web worker that makes PDFs would else keep an arena of its own: 270 MB instead of 220.
        environ = {"MALLOC_ARENA_MAX": "2", **os.environ, "PYTHONWARNINGS": ROOT_WARNING}
        with counters_folder() as environ["PROMETHEUS_MULTIPROC_DIR"]:
            Supervisor(commands, environ).run(announce_once_healthy)

    def _announce(self, host: str, port: int, password: str) -> None:
        lines = ["", f"MDT case manager {settings.VERSION}: http://{_address(host, port)}/"]
        if password:
            lines += [f"Demo sign-ins: {' '.join(demo_access.usernames())}", f"Password of each: {password}"]
        lines += [f"Data: {settings.DATA_DIR}", f"Times: {settings.TIME_ZONE} (MDT_TIME_ZONE)", "Stop with Ctrl-C.", ""]
        self._say("\n".join(lines))

    def _say(self, words: str) -> None:
        """At once, also where the output is a file or a pipe."""
        self.stdout.write(words)
        self.stdout.flush()


def _address(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _refuse_busy_address(host: str, port: int) -> None:
    """Raise CommandError where the address cannot be listened on: said before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise CommandError(
            f"{_address(host, port)} cannot be used ({reason}). Choose another port: PORT=8001 ./run"
        ) from error


def _hold_data_folder() -> TextIO:
    """Keep a second `up` out of the same data folder. The lock ends with this process, however it ends."""
    lock = (settings.DATA_DIR / "up.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CommandError(
            f"{settings.DATA_DIR} is already being served. Give this one its own: MDT_DATA_DIR=… ./run"
        ) from error
    return lock


def _is_healthy(host: str, port: int) -> bool:
    """Whether /health/ answers 200, asked as the proxy in front would ask."""
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    name = next((each for each in settings.ALLOWED_HOSTS if each[:1] not in "*."), reachable)
    headers = {"Host": name, "X-Forwarded-Proto": "https" if settings.HTTPS else "http"}
    try:
        link = http.client.HTTPConnection(reachable, port, timeout=5)
        try:
            link.request("GET", "/health/", headers=headers)
            return link.getresponse().status == http.HTTPStatus.OK
        finally:
            link.close()
    except (OSError, http.client.HTTPException):
        return False
