"""Database triggers that refuse to change or delete rows of append-only tables, on SQLite and on PostgreSQL.

Python's refusal (append_only.py) can be walked around with SQL; these cannot without dropping them first. One way leads
through: inside a transaction that holds a row of ErasureWindow, which is taken away before the commit. It is for the
erasure of a patient by order (mdt.events.actions.erase); `verify` reports a window that somebody left open.
"""

from django.apps import apps as installed_apps
from django.db import migrations

from mdt.events.append_only import AppendOnly

WINDOW = "events_erasurewindow"
POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION mdt_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  %s
  RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
LET_THROUGH = f"""
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM {WINDOW}) THEN RETURN OLD; END IF;
  IF TG_OP = 'UPDATE' AND EXISTS (SELECT 1 FROM {WINDOW}) THEN RETURN NEW; END IF;
"""


def guarded_tables() -> list[str]:
    """Tables of all installed append-only models."""
    return sorted(model._meta.db_table for model in installed_apps.get_models() if issubclass(model, AppendOnly))


def _install_sql(vendor: str, table: str, has_window: bool) -> list[str]:
    if vendor == "postgresql":
        return [
            f'CREATE TRIGGER {table}_guard BEFORE UPDATE OR DELETE ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION mdt_refuse_change()",
            f'CREATE TRIGGER {table}_guard_all BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION mdt_refuse_change()",
        ]
    unless = f"WHEN NOT EXISTS (SELECT 1 FROM {WINDOW}) " if has_window else ""
    return [
        f'CREATE TRIGGER IF NOT EXISTS {table}_guard_{verb.lower()} BEFORE {verb} ON "{table}" {unless}'
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _remove_sql(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f'DROP TRIGGER IF EXISTS {table}_guard ON "{table}"',
            f'DROP TRIGGER IF EXISTS {table}_guard_all ON "{table}"',
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_guard_{verb}" for verb in ("update", "delete")]


def install(connection, tables: list[str] | None = None, *, has_window: bool | None = None) -> None:
    """Put the triggers on `tables` (default: every append-only table). They heed a window where there is that table,
    or as `has_window` says."""
    with connection.cursor() as cursor:
        if has_window is None:
            has_window = WINDOW in connection.introspection.table_names(cursor)
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION % (LET_THROUGH if has_window else ""))
        for table in tables or guarded_tables():
            for sql in [*_remove_sql(connection.vendor, table), *_install_sql(connection.vendor, table, has_window)]:
                cursor.execute(sql)


def install_anew(connection, *, has_window: bool) -> None:
    """Put the triggers anew on those append-only tables that the database has by now."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    install(connection, [table for table in guarded_tables() if table in there], has_window=has_window)


def remove(connection, tables: list[str] | None = None) -> None:
    """Take the triggers off. For tests that empty their database, and for a migration that goes back."""
    with connection.cursor() as cursor:
        for table in tables or guarded_tables():
            for sql in _remove_sql(connection.vendor, table):
                cursor.execute(sql)


class Guard(migrations.RunPython):
    """Migration step: `Guard("cases_finding", …)` after the tables exist."""

    def __init__(self, *tables: str):
        super().__init__(
            lambda apps, editor: install(editor.connection, list(tables)),
            lambda apps, editor: remove(editor.connection, list(tables)),
        )
        self.tables = tables

    def deconstruct(self):
        return (type(self).__name__, list(self.tables), {})
