"""Database triggers: whoever comes past Python with SQL is refused on every append-only table."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from mdt.events import guards
from mdt.events.append_only import AppendOnly

TABLES = {model._meta.db_table: model for model in apps.get_models() if issubclass(model, AppendOnly)}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def guarded(db):
    guards.install(connection)


# What a column of each kind takes. Rows need not make sense: only whether they can be changed is asked.
ANYTHING = {
    "CharField": "x",
    "TextField": "x",
    "JSONField": "{}",
    "BinaryField": b"x",
    "BooleanField": False,
    "DateField": "2026-01-01",
    "DateTimeField": "2026-01-01 00:00:00+00:00",
    "ForeignKey": 987654,
    "OneToOneField": 987654,
}


@pytest.fixture
def a_row(db):
    """Puts a row into any table, past its checks and foreign keys; all of it is undone afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        yield lambda model: _insert(cursor, model)
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


def _insert(cursor, model):
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    else:
        for check in model._meta.constraints:
            if isinstance(check, models.CheckConstraint):
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{check.name}"')
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = [ANYTHING.get(field.get_internal_type(), 1) for field in fields]
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', values)


def refused(sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_guarded_tables_are_those_of_all_append_only_models():
    assert guards.guarded_tables() == sorted(TABLES)
    assert {"events_event", "cases_finding", "cases_proposal", "meetings_decision"} <= set(TABLES)


def triggers_of(table):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("table", TABLES)
def test_every_append_only_table_has_its_triggers(table):
    assert len(triggers_of(table)) == 2


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_an_append_only_table_can_be_changed_or_deleted(table, a_row):
    a_row(TABLES[table])  # without a row, a trigger for each row would never run
    column = TABLES[table]._meta.pk.column
    refused(f'UPDATE "{table}" SET "{column}" = "{column}"')
    refused(f'DELETE FROM "{table}"')


def test_the_triggers_can_be_taken_off_and_put_back(db):
    guards.remove(connection)
    assert all(triggers_of(table) == set() for table in TABLES)
    guards.install(connection)
    guards.install(connection)
    assert all(len(triggers_of(table)) == 2 for table in TABLES)
