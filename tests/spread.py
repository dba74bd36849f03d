"""How the suite is spread: over one worker more than processors, long tests before short ones, each where it proves.

Worksteal gives each worker an equal share, in order, and takes from the end of a share what another has time for. So
each share begins with long tests, and what is left to the end is short. Tests of services wait most of the time: the
last worker comes to its own only after its browser tests, so that beside those who wait there is one who works.
"""

import os
from itertools import islice
from pathlib import Path

import pytest

LONG = ("services", "browser", "long")  # marks, the longest first
STORED = {"db", "transactional_db", "live_server", "django_db_setup", "database_url"}  # fixtures that bring a database
QUOTA = Path("/sys/fs/cgroup/cpu.max")  # what a container is granted: processor time, and out of how much


def processors() -> int:
    """How many this run may use: those it is bound to, and of these no more than its container is granted."""
    bound = len(os.sched_getaffinity(0))
    granted, _, period = QUOTA.read_text().partition(" ") if QUOTA.exists() else ("max", "", "")
    return bound if granted == "max" else max(1, min(bound, round(int(granted) / int(period))))


def workers() -> int:
    """One more than processors: tests of services wait, and meanwhile another worker has its turn."""
    return processors() + 1


def is_stored(item: pytest.Item) -> bool:
    """Whether it touches the database or the broker. Where it does not say so, pytest-django refuses the database."""
    marks = {mark.name for mark in item.iter_markers()}
    return bool(marks & {"django_db", "services"} or STORED & set(item.fixturenames))


def belongs_here(item: pytest.Item) -> bool:
    """Left out is what has no meaning here, or proves nothing more than it did on SQLite. That is no skip.

    On PostgreSQL that is what touches neither database nor broker, and what a browser makes of pages: what they
    write is tested on both without a browser. Of Chromium stay the main line, sign-in and several people at once.
    """
    marks = {mark.name for mark in item.iter_markers()}
    if "by_command" in marks and "FUZZ" not in os.environ:
        return False
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return True
    is_of_sqlite = "sqlite" in marks or ("browser" in marks and "on_both_engines" not in marks)
    return is_stored(item) and not is_of_sqlite


def long_first(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """The same tests, the long ones dealt out to the beginnings of as many equal shares."""

    def rank(item: pytest.Item) -> int:
        marks = {mark.name for mark in item.iter_markers()}
        return next((at for at, mark in enumerate(LONG) if mark in marks), len(LONG))

    by_rank = sorted(items, key=rank)
    count = sum(rank(item) < len(LONG) for item in items)
    short, ordered = iter(by_rank[count:]), []
    for worker in range(workers):
        share = by_rank[worker:count:workers]
        if worker == workers - 1 > 0:
            share = share[::-1]
        size = (len(items) - len(ordered)) // (workers - worker)  # as xdist cuts
        ordered += [*share, *islice(short, max(0, size - len(share)))]
    return ordered + list(short)
