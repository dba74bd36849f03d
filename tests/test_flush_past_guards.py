"""The plumbing for transactional tests: append-only rows are gone after each, and the guards stand again."""

import pytest
from django.db import DatabaseError, connection, transaction

from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Event


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", ["first", "second", "third"])
def test_each_begins_empty_and_guarded(turn):
    assert not Event.objects.exists()
    event = record(next(iter(Kind)), by=None)
    table = Event._meta.db_table
    for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET subject = 'forged'"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Event.objects.get() == event
