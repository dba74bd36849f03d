"""The database goes away under a real web server and worker, and comes back: nobody starts anything anew."""

import os
import socket
import threading
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.mail.server import free_port
from tests.services.faults import PASSWORD, WEB, _until
from tests.services.site import ROOT, Site
from tests.services.starter import Starter

pytestmark = pytest.mark.services


class Line:
    """Between the programs and PostgreSQL: can be cut and mended, as a cable or a restart of the server does."""

    def __init__(self, url: str) -> None:
        parts, self.port, self.open_ends = urlsplit(url), free_port(), []
        host = parse_qs(parts.query).get("host", [parts.hostname])[0]
        self.target = f"{host}/.s.PGSQL.{parts.port or 5432}" if host.startswith("/") else (host, parts.port or 5432)
        name = f"{parts.username}{f':{parts.password}' if parts.password else ''}"
        self.url = f"postgresql://{name}@127.0.0.1:{self.port}{parts.path}"
        self.mend()

    def mend(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for end in self.open_ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open_ends.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
                far.connect(self.target)
                self.open_ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=ends, daemon=True).start()

    @staticmethod
    def _carry(come: socket.socket, go: socket.socket) -> None:
        with suppress(OSError):
            while data := come.recv(1 << 16):
                go.sendall(data)
            go.shutdown(socket.SHUT_WR)


def test_it_is_said_and_everything_goes_on_when_it_is_back(tmp_path, database_url):
    if "postgres" not in database_url:
        pytest.skip("only a server can go away: set DATABASE_URL to PostgreSQL")
    line, port = Line(database_url), free_port()
    environment = {name: value for name, value in os.environ.items() if name != "MDT_REDIS_URL"}
    environment |= {"MDT_DATA_DIR": str(tmp_path), "DATABASE_URL": line.url, "PYTHONWARNINGS": "ignore",
                    "MDT_SIGN_IN_ATTEMPTS": "1000"}  # fmt: skip
    site, base, web = Site(environment), f"http://127.0.0.1:{port}", requests.Session()
    site.step("a_case", "Lin Meihua")
    starter = Starter(environment, ROOT)
    try:
        starter.start(["gunicorn", *WEB.format(port).split()], str(tmp_path / "web.log"), {})
        site.start_worker()
        _until(lambda: health(base) == 200, "never served")
        web.get(f"{base}/sign-in/", timeout=30)
        entries = {"username": "coordinator", "password": PASSWORD, "csrfmiddlewaretoken": web.cookies["csrftoken"]}
        assert web.post(f"{base}/sign-in/", entries, timeout=30).status_code == 200
        case = f"/cases/{site.read('SELECT reference FROM cases_case')[0][0]}/"

        line.cut()
        assert [web.get(base + path, timeout=60).status_code for path in ("/", case, "/health/")] == [503] * 3
        form = {"text": "Typed at length 林美华", "csrfmiddlewaretoken": web.cookies["csrftoken"]}
        answer = web.post(f"{base}/cases/refer/", form, headers={"Accept-Language": "zh-hans"}, timeout=60)
        assert answer.status_code == 503
        assert "重新提交" in answer.text
        assert "Typed at length 林美华" in answer.text
        assert "mdt@" not in answer.text, "nothing of the connection is told"
        assert web.get(f"{base}/static/css/look.css", timeout=60).status_code == 200, "the page has its colours"

        line.mend()
        assert [web.get(base + path, timeout=60).status_code for path in ("/", case, "/health/")] == [200] * 3
        site.step("owe", "test-note", "7")
        site.wait_for(lambda: "effect-7" in site.shown()["effects"])
    finally:
        site.kill_worker()
        starter.end()
        line.cut()


def health(base: str) -> int:
    try:
        return requests.get(f"{base}/health/", timeout=30).status_code
    except requests.RequestException:
        return 0
