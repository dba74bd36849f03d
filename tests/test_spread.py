"""How the suite is spread loses no test, and begins with the long ones."""

from collections import Counter
from types import SimpleNamespace

import pytest

from tests import spread


def item(name, *marks, fixtures=()):
    marked = [SimpleNamespace(name=mark) for mark in marks]
    return SimpleNamespace(name=name, fixturenames=fixtures, iter_markers=lambda: marked)


MANY = [item(f"short {number}") for number in range(103)]
MANY[7:7] = [item(f"browser {number}", "browser", "django_db") for number in range(9)]
MANY[50:50] = [item(f"worker {number}", "services") for number in range(3)]


@pytest.mark.parametrize("workers", [1, 2, 5, 8, 64, 200])
def test_every_test_is_there_once_and_every_share_begins_with_long_ones(workers):
    ordered = spread.long_first(MANY, workers)
    assert Counter(each.name for each in ordered) == Counter(each.name for each in MANY)
    if workers > 12:
        return
    begin, left = 0, len(ordered)
    for worker in range(workers):  # as xdist cuts
        size = left // (workers - worker)
        long = [each.name for each in ordered[begin : begin + size] if not each.name.startswith("short")]
        assert long == [each.name for each in ordered[begin : begin + len(long)]]
        assert len(long) in (12 // workers, 12 // workers + 1)
        begin, left = begin + size, left - size


def test_beside_those_who_wait_for_services_one_works():
    ordered = [each.name for each in spread.long_first(MANY, 3)]
    size = len(ordered) // 3
    assert [ordered[0], ordered[size]] == ["worker 0", "worker 1"]
    assert ordered[2 * size : 2 * size + 4] == ["browser 8", "browser 5", "browser 2", "worker 2"]


@pytest.mark.parametrize(
    ("marks", "fixtures", "on_sqlite", "on_postgresql"),
    [
        ((), (), True, False),
        (("django_db",), (), True, True),
        ((), ("team", "db"), True, True),
        (("services",), (), True, True),
        (("services", "sqlite"), (), True, False),
        (("django_db", "browser"), ("live_server",), True, False),
        (("django_db", "browser", "on_both_engines"), ("live_server",), True, True),
        (("django_db", "by_command"), (), False, False),
    ],
)
def test_on_postgresql_runs_what_touches_database_or_broker(marks, fixtures, on_sqlite, on_postgresql, monkeypatch):
    monkeypatch.delenv("FUZZ", raising=False)
    one = item("one", *marks, fixtures=fixtures)
    for url, belongs in (("sqlite:///x", on_sqlite), ("postgresql://x", on_postgresql)):
        monkeypatch.setenv("DATABASE_URL", url)
        assert spread.belongs_here(one) == belongs


@pytest.mark.parametrize(("said", "expected"), [("max 100000", 4), ("200000 100000", 2), ("50000 100000", 1), ("", 4)])
def test_no_more_workers_than_the_container_is_granted(said, expected, tmp_path, monkeypatch):
    monkeypatch.setattr(spread.os, "sched_getaffinity", lambda _process: {0, 1, 2, 3})
    monkeypatch.setattr(spread, "QUOTA", tmp_path / "cpu.max")
    if said:
        (tmp_path / "cpu.max").write_text(f"{said}\n")
    assert spread.processors() == expected
