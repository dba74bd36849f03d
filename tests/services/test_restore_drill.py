"""The drill: a real database is backed up, lost and put back; and a filled database of before is brought up to date."""

import lzma
import os
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.migrated import beside
from tests.services.site import ROOT, Site

pytestmark = pytest.mark.services
OLD = Path(__file__).parents[1] / "backup" / "filled-before-rows-were-named.sqlite3.xz"


def manage(environment, *words, code=0):
    command = [sys.executable, "manage.py", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def environment(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MDT_")}
    return kept | {"MDT_DATA_DIR": str(tmp_path / "data"), "MDT_BACKUP_KEY": "cd" * 32, "PYTHONWARNINGS": "ignore",
                   "MDT_LOG_LEVEL": "ERROR", "DJANGO_SETTINGS_MODULE": "mdt.settings"}  # fmt: skip


@pytest.fixture
def empty_place(database_url):
    """Where PostgreSQL's backup is put back: another database, empty. SQLite's goes into its place."""
    if "postgres" not in database_url:
        yield database_url
        return
    name = f"restored_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as link:
        link.execute(f"CREATE DATABASE {name}")
        yield beside(os.environ["DATABASE_URL"], name)
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_what_was_lost_comes_back_as_it_was(environment, database_url, empty_place, tmp_path):
    environment["DATABASE_URL"] = database_url
    (tmp_path / "data").mkdir()
    site = Site(environment)
    site.step("a_case", "Kept Wang")
    manage(environment, "checkpoint")
    said = manage(environment, "backup")
    (backup,) = (tmp_path / "data" / "backups").iterdir()
    assert "checked" in said
    site.step("a_case", "Later Li")  # after the backup: will be lost
    manage(environment, "checkpoint")
    if empty_place == database_url:
        Path(database_url.removeprefix("sqlite:///")).write_bytes(b"nothing of a database")

    environment["DATABASE_URL"] = empty_place
    wrong = manage(environment | {"MDT_BACKUP_KEY": "00" * 32}, "restore", backup, code=1)
    assert "another key" in wrong
    restored = manage(environment, "restore", backup)
    assert "whole:" in restored
    site.environment["DATABASE_URL"] = empty_place
    assert site.read("SELECT name FROM cases_patient") == [("Kept Wang",)]
    assert site.read("SELECT COUNT(*) FROM events_event WHERE kind = 'backup-restored'") == [(1,)]
    assert "whole:" in manage(environment, "verify")
    site.step("a_case", "New Zhao")  # it works on, and its guards stand
    table = "cases_finding"
    with pytest.raises((sqlite3.DatabaseError, psycopg.DatabaseError), match="append-only"):
        site.write(f"DELETE FROM {table}")


@pytest.mark.sqlite
def test_a_filled_database_of_before_is_brought_up_to_date_and_stays_whole(environment, tmp_path):
    """With a signed decision, from the release before rows were named. Every row is named then; guards stand."""
    (tmp_path / "data").mkdir()
    file = tmp_path / "data" / "mdt.sqlite3"
    file.write_bytes(lzma.decompress(OLD.read_bytes()))
    with closing(sqlite3.connect(file)) as link:
        before = {table: link.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables(link)}
    manage(environment, "migrate", "--verbosity", "0")
    with closing(sqlite3.connect(file)) as link:
        after = {table: link.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0] for table in tables(link)}
        guards = {name for (name,) in link.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")}
    grown = {"events_event", "django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
    assert {table for table, count in before.items() if after.get(table, count) != count} <= grown
    assert {"meetings_decision", "cases_finding", "events_event", "mail_message"} <= guards
    assert " 0 rows" not in manage(environment, "verify")

    with closing(sqlite3.connect(file)) as link:  # named now: whoever edits one is found
        link.execute("DROP TRIGGER cases_finding_guard_update")
        link.execute("UPDATE cases_finding SET impression = 'other' WHERE id = 1")
        link.commit()
    assert "cases.Finding:1 changed" in manage(environment, "verify", code=1)


def test_every_guard_comes_with_the_migrations(environment, database_url):
    """Tests put the guards on by themselves; an installation has those of its migrations."""
    environment["DATABASE_URL"] = database_url
    code = (
        "import django; django.setup()\nfrom django.db import connection as c\nfrom mdt.events.guards import *\n"
        "t=guarded_tables(); k=c.cursor()\n"
        "k.execute('SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal' if c.vendor=='postgresql' "
        "else \"SELECT tbl_name FROM sqlite_master WHERE type='trigger'\")\n"
        "n=[r[0] for r in k.fetchall()]; print([x for x in t if n.count(x)!=2])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True,
                          check=True)  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_going_back_one_migration_and_forward_again_leaves_a_filled_database_working(environment, database_url):
    """The newest migration of each room, backwards and forwards. Tables that it made are emptied thereby, and the check
    says of each row that it is gone: on live data one goes back by restoring (docs/operations.md)."""
    environment["DATABASE_URL"] = database_url
    site = Site(environment)
    site.step("a_case", "Kept Wang")
    site.step("go_back_one_migration", "meetings", "audit", "mail", "rulebook", "interchange", "duties")
    assert site.read("SELECT name FROM cases_patient") == [("Kept Wang",)]
    assert "whole:" in manage(environment, "verify")
    site.step("a_case", "New Zhao")


def tables(link):
    return [name for (name,) in link.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
