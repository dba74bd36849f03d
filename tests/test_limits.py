"""Who asks too often is told so, in their language, and nobody else is; counted for all processes together."""

import os
import sqlite3
import stat
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from mdt import limits, shared_counts
from tests.test_urls import PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _counted(settings, monkeypatch, tmp_path):
    settings.RATE_LIMITS = True
    settings.COUNTS_IN_REDIS = False
    settings.COUNTS_FILE = str(tmp_path / "counts.sqlite3")
    cache.clear()
    monkeypatch.setitem(limits.A_PERSON, "queue", 3)
    monkeypatch.setattr(limits, "WRITES", 4)
    yield
    cache.clear()


def signed_in(person, language="en"):
    client = Client(headers={"Accept-Language": language})
    client.force_login(person)
    return client


def test_every_limit_is_of_an_address_that_there_is():
    assert set(limits.A_PERSON) | set(limits.AN_ADDRESS) <= {page.name for page in PAGES}


@pytest.mark.parametrize(("language", "words"), [("en", "Too many requests"), ("zh-hans", "请求过于频繁")])
def test_too_many_get_429_and_when_to_come_back(surgeon, chair, language, words):
    client = signed_in(surgeon, language)
    assert [client.get(reverse("queue")).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get(reverse("queue"))
    assert words in refused.content.decode()
    assert refused.headers["Retry-After"] == "600"
    assert client.get(reverse("account")).status_code == 200, "another page"
    assert signed_in(chair).get(reverse("queue")).status_code == 200, "another person"


def test_forms_are_counted_together_whatever_they_are(surgeon):
    client = signed_in(surgeon)
    codes = [client.post(reverse("mail-all-read")).status_code for _ in range(3)]
    codes += [client.post(reverse("mail-kinds")).status_code for _ in range(3)]
    assert codes[:4].count(429) == 0
    assert codes[4:] == [429, 429]


def test_who_is_not_signed_in_is_counted_by_address():
    form = {"username": "nobody", "password": "wrong"}
    codes = [Client(REMOTE_ADDR="10.0.0.9").post(reverse("sign-in"), form).status_code for _ in range(5)]
    assert codes[-1] == 429
    assert Client(REMOTE_ADDR="10.0.0.10").post(reverse("sign-in"), form).status_code != 429


def test_without_the_setting_nothing_is_counted(surgeon, settings):
    settings.RATE_LIMITS = False
    client = signed_in(surgeon)
    assert {client.get(reverse("queue")).status_code for _ in range(6)} == {200}


def refusals_of_two_processes(tmp_path, **environment) -> list[int]:
    """How often each of two processes was refused, that ask thirty times each at once; forty are allowed."""
    asks = (
        "import django; django.setup()\n"
        "from mdt.limits import is_too_often\n"
        "input()\n"
        "print(sum(is_too_often('queue', 'person-1', 40) for _ in range(30)))"
    )
    told = os.environ | {"MDT_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mdt.settings", **environment}
    both = [subprocess.Popen([sys.executable, "-c", asks], env=told, stdin=-1, stdout=-1, text=True) for _ in range(2)]
    for one in both:
        one.stdin.write("\n")
        one.stdin.flush()
    return [int(one.communicate(timeout=60)[0]) for one in both]


def test_two_processes_count_together_in_a_file(tmp_path):
    assert sum(refusals_of_two_processes(tmp_path, MDT_REDIS_URL="")) == 20


@pytest.mark.services
@pytest.mark.skipif(not os.environ.get("MDT_REDIS_URL"), reason="MDT_REDIS_URL names no Redis")
def test_two_processes_count_together_in_redis(tmp_path):
    assert sum(refusals_of_two_processes(tmp_path, MDT_REDIS_URL=os.environ["MDT_REDIS_URL"])) == 20


def test_a_window_begins_with_the_first_and_ends_by_itself(tmp_path, monkeypatch):
    now = 1_000_000.0
    monkeypatch.setattr(shared_counts.time, "time", lambda: now)
    assert [shared_counts.count("k", 600) for _ in range(3)] == [1, 2, 3]
    now += 599
    assert shared_counts.count("k", 600) == 4
    now += 1
    assert shared_counts.count("k", 600) == 1
    assert shared_counts.count("other", 600) == 1


def test_the_file_is_its_owners_and_may_be_lost_at_any_time(settings):
    assert shared_counts.count("k", 600) == 1
    assert stat.S_IMODE(os.stat(settings.COUNTS_FILE).st_mode) == 0o600
    os.remove(settings.COUNTS_FILE)
    assert [shared_counts.count("k", 600) for _ in range(2)] == [1, 2]


@pytest.mark.parametrize("in_redis", [True, False])
def test_where_the_store_is_away_each_process_counts_for_itself_and_nobody_is_shut_out(
    settings, surgeon, in_redis, caplog
):
    settings.COUNTS_IN_REDIS = in_redis
    settings.CACHES = {
        **settings.CACHES,
        "counts": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "unix:///nowhere/redis.sock",
        },
    }
    settings.COUNTS_FILE = "/nowhere/counts.sqlite3"
    client = signed_in(surgeon)
    assert [client.get(reverse("queue")).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert "each process for itself" in caplog.text


def test_a_file_that_is_none_or_locked_refuses_nobody(settings, tmp_path):
    settings.COUNTS_FILE = str(tmp_path / "broken")
    (tmp_path / "broken").write_text("no database at all, though it lies there" * 40)
    assert shared_counts.count("k", 600) == 1
    assert [shared_counts.count("k", 600) for _ in range(2)] == [1, 2], "begun anew"
    assert (tmp_path / "broken").read_bytes().startswith(b"SQLite format 3")
    settings.COUNTS_FILE = str(tmp_path / "locked")
    assert shared_counts.count("k", 600) >= 1
    with sqlite3.connect(settings.COUNTS_FILE, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert shared_counts.count("fresh", 600) == 1
