"""A disk that is really full, or read-only, under real programs (tests.services.disk_faults)."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.services.disk_faults import trial
from tests.services.disks import NotAllowed, small_disk
from tests.services.site import ROOT

pytestmark = [pytest.mark.services, pytest.mark.sqlite]


def file_of(database_url: str) -> Path:
    return Path(database_url.removeprefix("sqlite:///"))


@pytest.mark.parametrize("fault", ["full", "read-only"])
def test_people_are_told_nothing_is_lost_and_all_goes_on_by_itself(fault, tmp_path, database_url):
    try:
        seen = trial(tmp_path, file_of(database_url), fault=fault)
    except NotAllowed as error:
        pytest.skip(f"no right to mount a small disk: {error}")
    assert seen.figures.is_good, str(seen)
    assert seen.broken_off == 0, "everybody gets a page"
    may_end = {"full": set(), "read-only": {"beat", "worker"}}  # who cannot even open their files are started again
    assert set(seen.ended) <= may_end[fault], str(seen)
    lists = ("/health/", "/sign-in/", "/", "/meetings/", "/account/")
    assert {path: seen.answers[path] for path in lists} == dict.fromkeys(lists, 200), "reading goes on"
    assert (seen.answers["a case"], seen.answers["a form"]) == (503, 503)
    assert "disk of the data" in seen.warnings[0]
    for language, words in (("en", "Nothing of what you sent was recorded"), ("zh-hans", "重新提交")):
        assert words in seen.words[language]
        assert "Never Kept" in seen.words[language], "what was typed stands in the page"


def backup(environment, code):
    command = [sys.executable, "manage.py", "backup"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_a_full_disk_of_backups_leaves_no_half_and_keeps_the_last_whole_one(tmp_path, database_url):
    """And a full disk of the data is said before anything is written there."""
    (tmp_path / "data").mkdir()
    shutil.copy(file_of(database_url), tmp_path / "data" / "mdt.sqlite3")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MDT_")}
    environment |= {"MDT_DATA_DIR": str(tmp_path / "data"), "MDT_BACKUP_DIR": str(tmp_path / "backups"),
                    "MDT_BACKUP_KEY": "ab" * 32, "PYTHONWARNINGS": "ignore", "DATABASE_URL": ""}  # fmt: skip
    try:
        with small_disk(tmp_path / "backups", 2) as disk:
            backup(environment, 0)
            [good] = disk.folder.iterdir()
            whole = good.read_bytes()
            disk.fill()
            assert "No space left" in backup(environment, 1)
            disk.free()
            assert [path.name for path in disk.folder.iterdir()] == [good.name]
            assert good.read_bytes() == whole
            backup(environment, 0)
            assert len(list(disk.folder.iterdir())) == 2
    except NotAllowed as error:
        pytest.skip(f"no right to mount a small disk: {error}")
    with small_disk(tmp_path / "small", 8) as disk:
        shutil.copy(file_of(database_url), disk.folder / "mdt.sqlite3")
        there = {path.name for path in disk.folder.iterdir()}
        said = backup(environment | {"MDT_DATA_DIR": str(disk.folder)}, 1)
        assert "are free" in said
        left = {path.name for path in disk.folder.iterdir()} - there
        assert not [name for name in left if name.startswith("backup")]
        with closing(sqlite3.connect(disk.folder / "mdt.sqlite3")) as link:
            assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
