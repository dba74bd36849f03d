"""The hash chain: whole after many writes, and every kind of tampering is found where it happened."""

import pytest
from django.db import connection, transaction

from mdt.events import guards
from mdt.events.append_only import AppendOnlyError
from mdt.events.chain import name_rows, record
from mdt.events.kinds import Kind
from mdt.events.models import ChainHead, Event
from mdt.events.rows import take_written
from mdt.events.verification import verify
from tests.builders import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(team, other_team, surgeon):
    """Twenty lines of several teams, people and kinds, with nested data and Chinese text; the triggers taken off."""
    guards.remove(connection, [Event._meta.db_table])
    return [
        record(
            Kind.MEETING_CHANGED,
            by=surgeon if number % 3 else None,
            team=(team, other_team, None)[number % 3],
            subject=surgeon,
            note="肝转移",
            before={"b": [1.5, None], "a": number},
            at=team.created_at,
        )
        for number in range(20)
    ]


def sql(text, *values):
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def test_it_is_whole_after_many_writes(lines):
    verdict = verify()
    assert verdict.is_whole
    assert verdict.checked == 20
    assert [line.number for line in lines] == list(range(1, 21))


def test_it_is_whole_when_empty(db):
    assert verify().is_whole


def test_it_is_whole_after_the_writes_of_a_whole_case(case, chair):
    name_rows(take_written())  # the people, whom the test wrote by itself
    assert verify().is_whole
    assert Event.objects.filter(case_reference=case.reference).count() >= 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "case-closed"),
        ("case_reference", "GC-1"),
        ("data", '{"note": "other"}'),
        ("subject", "x:1"),
        ("at", "2020-01-01 00:00:00"),
        ("by_id", None),
        ("team_id", None),
        ("digest", "0" * 64),
        ("previous_digest", "0" * 64),
        ("number", 70),
    ],
)
def test_a_changed_line_is_found(lines, column, value):
    changed = lines[10]  # has a person and a team
    sql(f"UPDATE events_event SET {column} = %s WHERE id = %s", value, changed.pk)
    verdict = verify()
    assert not verdict.is_whole
    assert verdict.checked == 10
    assert verdict.broken_at == (changed.number if column != "number" else changed.number + 1)


def test_a_changed_person_is_found(lines):
    sql("UPDATE events_event SET by_id = %s WHERE id = %s", make_user("framed").pk, lines[7].pk)
    assert verify().broken_at == lines[7].number


def test_a_deleted_line_is_found(lines):
    sql("DELETE FROM events_event WHERE id = %s", lines[5].pk)
    assert verify().broken_at == lines[5].number + 1


def test_a_deleted_first_line_is_found(lines):
    sql("DELETE FROM events_event WHERE id = %s", lines[0].pk)
    assert verify().broken_at == 2


def test_deleted_last_lines_are_found(lines):
    sql("DELETE FROM events_event WHERE number > 17")
    assert verify().broken_at == 18


def test_an_emptied_log_is_found(lines):
    sql("DELETE FROM events_event")
    assert verify().broken_at == 1


def test_an_emptied_log_without_its_head_is_found_by_the_rows_that_no_line_names(lines, team):
    """Only where the rows are gone as well does it look like a new one: hence checkpoints, kept elsewhere."""
    sql("DELETE FROM events_event")
    ChainHead.objects.all().delete()
    verdict = verify()
    assert verdict.broken_at is None
    assert f"people.Team:{team.pk}" in {fault.row for fault in verdict.faults}


def test_two_swapped_lines_are_found(lines):
    one, two = lines[3], lines[4]
    sql("UPDATE events_event SET number = 1000 WHERE id = %s", one.pk)
    sql("UPDATE events_event SET number = %s WHERE id = %s", one.number, two.pk)
    sql("UPDATE events_event SET number = %s WHERE id = %s", two.number, one.pk)
    assert verify().broken_at == one.number


def test_an_inserted_line_is_found(lines):
    sql("UPDATE events_event SET number = number + 1000 WHERE number > 10")
    sql("UPDATE events_event SET number = number - 999 WHERE number > 1000")
    sql(
        "INSERT INTO events_event (number, at, case_reference, kind, subject, data, previous_digest, digest) "
        "SELECT 11, at, '', kind, '', data, digest, 'made-up' FROM events_event WHERE number = 10"
    )
    assert verify().broken_at == 11


def test_a_line_is_kept_or_lost_together_with_its_write(team, surgeon):
    with transaction.atomic():
        record(Kind.MEETING_PLANNED, by=surgeon, team=team)
        transaction.set_rollback(True)
    assert Event.objects.count() == 0
    record(Kind.MEETING_PLANNED, by=surgeon, team=team)
    assert (verify().checked, verify().is_whole) == (1, True)


def test_python_refuses_to_change_or_delete_a_line(lines):
    line = lines[0]
    refused = [
        line.save,
        line.delete,
        Event.objects.all().delete,
        lambda: Event.objects.update(kind="x"),
        lambda: Event.objects.bulk_update([line], ["kind"]),
        lambda: Event._base_manager.update(kind="x"),
    ]
    for attempt in refused:
        with pytest.raises(AppendOnlyError):
            attempt()
    assert verify().is_whole
