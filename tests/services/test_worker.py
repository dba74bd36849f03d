"""A real worker process: it is woken by the message of an owed duty, and its sudden death loses nothing.

Each test has a database and a data folder of its own, on files and, where MDT_REDIS_URL is given, on Redis.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.site import Site

pytestmark = pytest.mark.services
OPEN = "SELECT kind FROM duties_duty WHERE state IN ('waiting', 'claimed')"


@pytest.fixture(params=["files", "redis"])
def broker(request: pytest.FixtureRequest) -> str:
    if request.param == "redis" and not os.environ.get("MDT_REDIS_URL"):
        pytest.skip("no Redis: set MDT_REDIS_URL")
    return request.param


@pytest.fixture
def site(broker: str, tmp_path: Path, database_url: str) -> Iterator[Site]:
    environment = {name: value for name, value in os.environ.items() if name != "MDT_REDIS_URL"}
    environment |= {"MDT_DATA_DIR": str(tmp_path), "DATABASE_URL": database_url, "PYTHONWARNINGS": "ignore"}
    if broker == "redis":
        environment["MDT_REDIS_URL"] = os.environ["MDT_REDIS_URL"]
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


def test_a_condition_brings_its_case_back_once_also_where_the_worker_died_before(site):
    """The duty is on the table before any worker runs; two rounds and a second owing change nothing more."""
    site.step("owe_condition")
    site.start_worker()
    site.kill_worker()
    site.step("ten_minutes_pass")
    site.start_worker()
    state = "SELECT state, came_back_for FROM cases_case"
    site.wait_for(lambda: site.read(state) == [("referred", "Restage")])
    site.wait_for(lambda: {kind for (kind,) in site.read(OPEN)}.isdisjoint({"review-condition"}))
    site.step("owe_again", "review-condition")
    site.wait_for(lambda: {kind for (kind,) in site.read(OPEN)}.isdisjoint({"review-condition"}))
    assert site.read("SELECT kind, has_moved_case FROM meetings_conditionstep") in ([("due", 1)], [("due", True)])
    assert site.read("SELECT count(*) FROM mail_message WHERE kind = 'condition'") == [(1,)]
    assert site.read("SELECT count(*) FROM events_event WHERE kind = 'condition-due'") == [(1,)]
