"""What every test stands on: an environment of its own, catalogues, a database file, and no silent skip."""

import gc
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.spread import belongs_here, long_first, workers

# Settings read the environment when Django loads, which happens after this file: so it is set here. A worker of a
# parallel run inherits all of it, and loads Django before this file.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
SCRATCH = Path(os.environ["MDT_DATA_DIR"]).parent if WORKER else Path(tempfile.mkdtemp(prefix="mdt-tests-"))
for name in [name for name in os.environ if name.startswith("MDT_") and not name.startswith("MDT_REQUIRE_")]:
    if not WORKER and name != "MDT_REDIS_URL":  # with DATABASE_URL, what the suite is pointed at from outside
        del os.environ[name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "mdt.settings",
    "MDT_DATA_DIR": str(SCRATCH / "data"),
    "MDT_SECRET_KEY": "only-for-tests-" * 4,
    "MDT_SQLITE_SYNC": "OFF",  # a power cut ends the tests anyway
    "MDT_TIME_ZONE": "Asia/Shanghai",  # not that of whatever machine runs the tests
    "MDT_RATE_LIMITS": "0",  # one person asks for a thousand pages in a minute; tests/test_limits.py turns it on
    "MDT_STATIC_AUTOREFRESH": "1",  # else WhiteNoise walks all static files once for each test client
}

REQUIRED_BY = {"browser": "MDT_REQUIRE_BROWSER", "services": "MDT_REQUIRE_SERVICES"}
making: list[threading.Thread] = []
skipped: list[tuple[str, str, set[str]]] = []
REAL_NOW: Callable[[], datetime]


def pytest_configure(config: pytest.Config) -> None:
    global REAL_NOW
    import django
    from django.conf import settings
    from django.utils import timezone

    from tests import migrated

    django.setup()
    REAL_NOW = timezone.now
    config.pluginmanager.import_plugin("tests.fixtures")  # the personas; they need the models
    if not settings.DATA_DIR.is_relative_to(SCRATCH):
        raise pytest.UsageError("Django was set up before the tests could: unset DJANGO_SETTINGS_MODULE.")
    if not WORKER:  # once, before there are workers
        from mdt.duties.management.commands.compile_catalogues import compile_catalogues
        from mdt.duties.management.commands.cut_icons import cut_icons

        compile_catalogues()
        cut_icons()
        if config.getoption("numprocesses", None):  # while the workers read their tests
            making.append(threading.Thread(target=migrated.make))
            making[0].start()


def pytest_xdist_auto_num_workers() -> int:
    return workers()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [item for item in items if not belongs_here(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if belongs_here(item)]
    if WORKER:
        items[:] = long_first(items, int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))


def pytest_collection_finish() -> None:
    """What stays to the end is not looked through again and again for what can go, as in mdt/wsgi.py."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_unconfigure() -> None:
    if not WORKER:
        from tests import migrated

        for thread in making:
            thread.join()
        if migrated.server():
            migrated.drop()
        shutil.rmtree(SCRATCH, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """A test that leaves the clock set fails itself, not the next ones."""
    from django.utils import timezone

    if timezone.now is not REAL_NOW:
        timezone.now = REAL_NOW
        pytest.fail("It left the clock set: two fixtures that set it ended in another order than they began.")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        skipped.append((report.nodeid, reason, set(report.keywords) & set(REQUIRED_BY)))


def forbidden_skips() -> list[str]:
    """Skipped tests that the environment says must run: one marked with a kind whose MDT_REQUIRE_… is set."""
    wanted = {mark for mark, name in REQUIRED_BY.items() if os.environ.get(name, "0") not in ("", "0")}
    return [test for test, _, marks in skipped if marks & wanted]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if forbidden_skips() and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not skipped:
        return
    terminalreporter.section("NOT TESTED", red=bool(forbidden_skips()), yellow=not forbidden_skips())
    for test, reason, _ in skipped:
        terminalreporter.line(f"skipped: {test}: {reason}")
    for test in forbidden_skips():
        terminalreporter.line(f"FAILED, since it must not be skipped here: {test}", red=True)


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Quick passwords, and uploads into a folder that goes away."""
    from django.test import override_settings

    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
    ):
        yield


@pytest.fixture(autouse=True)
def watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Builders may copy what they wrote for an earlier test, where this test gives no reason to build anew."""
    from tests import remembered

    with remembered.watched(request.node, monkeypatch):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A copy of a migrated database, SQLite's too in a file: in memory, threads would share one connection."""
    from django.conf import settings

    from tests import migrated

    database = settings.DATABASES["default"]
    database["CONN_MAX_AGE"] = 0  # a thread of the live server must not hold the database when it is dropped
    of_tests = database.setdefault("TEST", {})
    if database["ENGINE"] == "django.db.backends.sqlite3":
        of_tests["NAME"] = str(SCRATCH / f"test{WORKER}.sqlite3")
        migrated.copy_to_file(Path(of_tests["NAME"]))
    else:
        of_tests["NAME"] = of_tests.get("NAME") or f"test_{database['NAME']}"
        migrated.copy_on_server(of_tests["NAME"])


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Take the copy as it is; and leave it, to be dropped below."""
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """PostgreSQL drops no database that somebody holds, unless told to: a browser's last request may still be there."""
    from django.db import connection

    from tests import migrated, remembered

    with django_db_blocker.unblock():
        remembered.note_empty()
    yield
    name = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
    if connection.vendor == "postgresql":
        migrated.drop(name)


@pytest.fixture(scope="session", autouse=True)
def flush_past_guards() -> Iterator[None]:
    """Let transactional tests empty the tables afterwards, though triggers guard the append-only ones."""
    from django.db import connection
    from django.test import TransactionTestCase

    from mdt.events import guards

    flush = TransactionTestCase._fixture_teardown

    def flush_unguarded(case: TransactionTestCase) -> None:
        guards.remove(connection)
        try:
            flush(case)
        finally:
            guards.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_unguarded)
        yield
