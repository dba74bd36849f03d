"""Making backups: read again before they count, so many kept, and none without a key."""

import os
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from mdt import disks
from mdt.backup import actions, copies, engines
from mdt.backup.duties import make_backup
from mdt.events.kinds import Kind
from mdt.events.models import Event
from mdt.mail.models import Message
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, str(tmp_path / "backups")
    settings.BACKUP_KEY, settings.BACKUPS_KEPT = "ab" * 32, 2


@pytest.fixture
def quick_engine(monkeypatch):
    """A database of one line: what is tested here is around it; tests/services restores real ones."""
    monkeypatch.setattr(engines, "take", lambda target: target.write_bytes(b"database"))
    monkeypatch.setattr(engines, "check", lambda copy: None)


def test_a_real_database_is_copied_and_read_again(team):
    path, manifest = actions.make_backup(now=timezone.now())
    assert copies.check(path) == manifest
    assert path.stat().st_mode & 0o777 == 0o600
    assert Event.objects.get(kind=Kind.BACKUP_MADE).data["file"] == path.name


def test_the_newest_are_kept(quick_engine):
    made = [actions.make_backup(now=timezone.now() + timedelta(days=day))[0] for day in range(4)]
    assert copies.kept() == [made[3], made[2]]


def test_one_that_cannot_be_read_again_is_none_and_drops_none(quick_engine, monkeypatch):
    good, _manifest = actions.make_backup(now=timezone.now())

    def broken(copy):
        raise engines.EngineError("malformed")

    monkeypatch.setattr(engines, "check", broken)
    with pytest.raises(CommandError, match="malformed"):
        call_command("backup")
    assert [path.name for path in copies.folder().iterdir()] == [good.name]


def test_a_full_disk_leaves_nothing_half_made(quick_engine, monkeypatch, tmp_path):
    def full(target, *_):
        target.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "_write", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup")
    assert list(copies.folder().iterdir()) == []
    assert [path for path in tmp_path.iterdir() if path.name.startswith("backup-")] == []


def test_a_failed_one_is_told_once_a_day_to_who_runs_the_installation(quick_engine, monkeypatch, surgeon):
    boss = make_user("boss", is_superuser=True)

    def full(now):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(copies, "make", full)
        for _try in range(2):
            with pytest.raises(OSError, match="No space"):
                make_backup("make-backup")
    [message] = Message.objects.all()
    assert message.to == boss
    assert "No space left on device" in message.body
    assert "none yet" in message.body
    make_backup("make-backup")()
    assert Message.objects.count() == 1


def test_one_that_would_leave_the_database_no_room_is_not_begun(quick_engine, monkeypatch, tmp_path):
    monkeypatch.setattr(disks, "free_bytes", lambda folder: 1 << 20)
    with pytest.raises(CommandError, match="1 MB are free"):
        call_command("backup")
    assert [path for path in tmp_path.iterdir() if path.name.startswith("backup-")] == []


def test_what_a_killed_one_left_is_swept_a_day_later(quick_engine, tmp_path):
    copies.folder()
    old, new, half = tmp_path / "backup-old", tmp_path / "backup-new", copies.folder() / ".mdt-1.mdtbackup.77"
    for left in (old, new):
        left.mkdir()
        (left / "database").write_text("everything")
    half.write_text("half")
    for left in (old, half):
        os.utime(left, (1, 1))
    actions.make_backup(now=timezone.now())
    assert [path.exists() for path in (old, half, new)] == [False, False, True]


def test_one_made_while_the_clock_was_years_behind_is_not_dropped_at_once(quick_engine):
    for day in range(3):
        actions.make_backup(now=timezone.now() + timedelta(days=day))
    path, _manifest = actions.make_backup(now=timezone.now() - timedelta(days=2000))
    assert path.exists()


def test_without_a_key_none_is_made_and_the_duty_is_content(quick_engine, settings):
    settings.BACKUP_KEY = ""
    with pytest.raises(CommandError, match="MDT_BACKUP_KEY"):
        call_command("backup")
    assert make_backup("make-backup") is None


def test_the_duty_makes_one_and_its_line_comes_with_the_note(quick_engine):
    note = make_backup("make-backup")
    assert len(copies.kept()) == 1
    assert not Event.objects.filter(kind=Kind.BACKUP_MADE).exists()
    note()
    assert Event.objects.filter(kind=Kind.BACKUP_MADE).count() == 1


def test_a_damaged_file_is_refused_before_anything_is_changed(quick_engine, monkeypatch):
    path, _manifest = actions.make_backup(now=timezone.now())
    path.write_bytes(path.read_bytes()[:-3])
    monkeypatch.setattr(engines, "put_back", lambda *_: pytest.fail("something was changed"))
    with pytest.raises(CommandError, match="Nothing was restored: The backup is damaged"):
        call_command("restore", path)
