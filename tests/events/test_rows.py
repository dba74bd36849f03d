"""What the log says of rows: every row that is written is named, and any that is not as named is found, by its name."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.utils import timezone

from mdt.audit.management.commands.verify import Command as Verify
from mdt.events import checkpoints, guards, rows
from mdt.events.actions import sign_end
from mdt.events.append_only import AppendOnly
from mdt.events.chain import name_new_shapes, name_rows, record
from mdt.events.kinds import Kind
from mdt.events.models import ChainHead, Checkpoint, Event, RowShape
from mdt.events.verification import What, verify
from mdt.people.models import Membership, Team
from mdt.privacy.actions import restrict
from tests.builders import make_case, make_finding
from tests.events.tampering import OF_RIGHTS, exercise_rights, trial, undone
from tests.test_urls import world  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def named(team, radiologist, chair):
    """A case with a finding; all rows that fixtures wrote are named; the triggers are off."""
    finding = make_finding(make_case(team=team), radiologist, {"peritoneum": "P0"})
    name_rows(rows.take_written())
    connection.check_constraints()
    guards.remove(connection)
    return finding


def past_python(model, **lookup):
    return models.QuerySet(model).filter(**lookup)


def faults():
    return [(fault.row, fault.what) for fault in verify().faults]


def test_every_append_only_model_outside_the_log_is_named_with_all_its_columns():
    for model in apps.get_models():
        if issubclass(model, AppendOnly) and model._meta.app_label != "events":
            every = {field.attname for field in model._meta.concrete_fields} - {model._meta.pk.attname}
            assert set(rows.columns_of(model)) == every, model
    named = set(rows.named_models())
    assert {"cases.Patient", "cases.Case", "meetings.Meeting", "meetings.AgendaItem", "people.Membership"} <= named


def test_the_columns_that_a_model_lists_are_its_own():
    for model in rows.named_models().values():
        assert set(rows.columns_of(model)) <= {field.attname for field in model._meta.concrete_fields}, model


def test_the_line_of_a_write_names_every_row_of_the_transaction(named):
    said = Event.objects.get(kind=Kind.FINDING_RECORDED).rows
    assert _shape(type(named)) in said
    assert list(said[_shape(type(named))]) == [str(named.pk)]
    assert verify().is_whole


def test_a_mere_reading_names_nothing(named, radiologist):
    assert record(Kind.CASE_OPENED, by=radiologist, case=named.case, page="x").rows is None


@pytest.mark.django_db(transaction=True)
def test_a_row_without_a_line_gets_one_of_its_own_after_the_commit(team, radiologist):
    with transaction.atomic():
        row = Membership.objects.create(team=team, user=radiologist, role="chair")
    line = Event.objects.get(kind=Kind.ROWS_NAMED, rows__icontains=f'"{row.pk}"', rows__has_key=_shape(Membership))
    assert line.by is None
    assert verify().is_whole


def _shape(model):
    return f"{model._meta.label}@{rows.shape_of(rows.columns_of(model))}"


def test_what_was_undone_is_not_named(named, team, radiologist):
    with transaction.atomic():
        Membership.objects.create(team=team, user=radiologist, role="chair")
        transaction.set_rollback(True)
    assert record(Kind.MEMBER_ADDED, by=None, team=team).rows is None
    assert verify().is_whole


def test_a_row_whose_line_was_undone_is_named_by_the_next(named, team, radiologist):
    row = Membership.objects.create(team=team, user=radiologist, role="chair")
    with transaction.atomic():
        record(Kind.MEMBER_ADDED, by=None, team=team)
        transaction.set_rollback(True)
    assert list(record(Kind.MEMBER_ADDED, by=None, team=team).rows[_shape(Membership)]) == [str(row.pk)]


def test_a_row_that_the_program_removed_is_no_fault(named, team, radiologist):
    Membership.objects.filter(user=radiologist).delete()
    record(Kind.MEMBER_REMOVED, by=None, team=team)
    assert verify().is_whole


def test_an_edited_row_is_found(named):
    past_python(type(named), pk=named.pk).update(facts={"peritoneum": "P1"})
    assert faults() == [(f"cases.Finding:{named.pk}", What.CHANGED)]


def test_a_renamed_patient_is_found(named):
    patient = named.case.patient
    past_python(type(patient), pk=patient.pk).update(name="Somebody Else")
    assert faults() == [(f"cases.Patient:{patient.pk}", What.CHANGED)]


def test_a_role_that_somebody_gave_himself_is_found(named, team, chair):
    row = Membership(team=team, user=chair, role="auditor", added_at=timezone.now())
    row.save_base(raw=True, force_insert=True)
    assert faults() == [(f"people.Membership:{row.pk}", What.NOT_IN_LOG)]


def test_a_removed_row_is_found_with_the_line_that_named_it(named):
    line = Event.objects.get(kind=Kind.FINDING_RECORDED)
    past_python(type(named), pk=named.pk)._raw_delete("default")
    (fault,) = verify().faults
    assert (fault.row, fault.what, fault.line) == (f"cases.Finding:{named.pk}", What.REMOVED, line.number)


def test_the_command_names_every_row_that_is_not_as_the_log_says(named):
    past_python(type(named), pk=named.pk).update(impression="other")
    with pytest.raises(CommandError, match=rf"cases\.Finding:{named.pk} changed \(line \d+\)"):
        call_command("verify")


def test_rows_of_a_table_with_a_new_column_are_named_again_and_still_checked_by_the_old(named, monkeypatch):
    """Before the migration the log named fewer columns."""
    model, all_columns = Team, rows.columns_of(Team)
    monkeypatch.setattr(Team, "named_in_log", ("name", "code"))
    rows.columns_of.cache_clear()
    try:
        name_new_shapes()
        monkeypatch.setattr(Team, "named_in_log", all_columns)
        rows.columns_of.cache_clear()
        name_new_shapes()
        assert verify().is_whole
        past_python(model, code="gc").update(name="Other board")
        assert {what for _row, what in faults()} == {What.CHANGED}
    finally:
        rows.columns_of.cache_clear()


def test_columns_that_nobody_knows_any_more_are_a_fault(named):
    shape = rows.shape_of(rows.columns_of(Team))
    past_python(RowShape, label="people.Team").update(shape="0" * 16)
    assert verify().is_whole  # what the program has now needs no table
    said = Event.objects.filter(rows__has_key=f"people.Team@{shape}").first()
    forged = {f"people.Team@{'1' * 16}": said.rows[f"people.Team@{shape}"]}
    past_python(Event, pk=said.pk).update(rows=forged)
    assert What.COLUMNS_UNKNOWN in {what for _row, what in faults()}


def test_a_log_that_was_cut_off_is_found_by_the_line_that_was_kept_outside(named, tmp_path):
    outside = tmp_path / "mail.txt"
    outside.write_text(f"Dear auditor,\n> {sign_end()}\nRegards")
    with undone():
        for model in rows.named_models().values():  # everything is gone, and the head says that it never was
            models.QuerySet(model)._raw_delete("default")
        for model in (Event, Checkpoint):
            models.QuerySet(model)._raw_delete("default")
        ChainHead.objects.all().delete()
        assert verify().is_whole
        with pytest.raises(CommandError, match="it was cut off or rewritten"):
            call_command("verify", "--checkpoints", outside)


def test_a_checkpoint_is_signed_by_this_installation_or_by_a_key_that_is_named(named, settings, tmp_path):
    outside = tmp_path / "checkpoints.txt"
    outside.write_text(str(sign_end()))
    former = checkpoints.public_key()
    settings.SIGNING_KEY = "11" * 32
    models.QuerySet(Checkpoint)._raw_delete("default")
    assert "signed by another key" in verify(checkpoints.read_all(outside.read_text())).checkpoint_faults[0]
    assert verify(checkpoints.read_all(outside.read_text()), [former]).is_whole


def test_the_file_of_checkpoints_gets_each_once_and_holds_no_key(named, settings, tmp_path):
    settings.CHECKPOINT_FILE = str(tmp_path / "checkpoints.txt")
    signed = sign_end()
    checkpoints.publish()
    checkpoints.publish()
    assert (tmp_path / "checkpoints.txt").read_text() == f"{signed}\n"
    assert sign_end() == signed  # nothing was written since: no second one
    assert "whole" not in str(signed)


def test_the_key_is_for_its_owner_only(settings, tmp_path):
    settings.DATA_DIR, settings.SIGNING_KEY = tmp_path, ""
    assert checkpoints.public_key() == checkpoints.public_key()
    assert [(path.name, path.stat().st_mode & 0o777) for path in tmp_path.iterdir()] == [("signing_key", 0o600)]


def test_what_is_no_checkpoint_is_refused_and_files_that_are_not_there(tmp_path):
    with pytest.raises(checkpoints.CheckpointError):
        checkpoints.read("mdt-checkpoint 1 x y")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command(Verify(), "--checkpoints", tmp_path / "none")


@pytest.mark.sqlite
def test_text_in_an_empty_column_of_a_time_is_found_though_it_reads_as_empty(named, chair):
    held = {"asked_by": "patient", "ground": "gdpr-18-a", "reason": "It is being checked."}
    restriction = restrict(case=named.case, by=chair, **held)
    assert verify().is_whole
    with connection.cursor() as cursor:
        cursor.execute("UPDATE privacy_restriction SET until_on = %s WHERE id = %s", ["some day", restriction.pk])
    restriction.refresh_from_db()
    assert restriction.until_on is None
    assert faults() == [(f"privacy.Restriction:{restriction.pk}", What.UNREADABLE)]


@pytest.mark.sqlite
def test_a_line_whose_time_is_no_time_breaks_the_chain_there_and_not_the_check(named):
    line = Event.objects.get(kind=Kind.FINDING_RECORDED)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET at = %s WHERE id = %s", ["yesterday", line.pk])
    assert verify().broken_at == line.number


def test_random_tamperings_are_found_each_one(world):  # noqa: F811 - the fixture
    """Rows of every table, lines, the head, cut-off ends and whole rewritten logs; 1,000 by the module's command."""
    name_rows(rows.take_written())
    connection.check_constraints()
    guards.remove(connection)
    figures = trial(60, seed=7)
    assert figures.missed == []
    assert len(figures.done) >= 9


def test_random_tamperings_are_found_beside_erasures_holds_and_restrictions(world, settings, tmp_path):  # noqa: F811
    """What an order took must cover nothing else: lines filled, emptied or added to an order, rows that come back."""
    settings.ERASURE_FILE = str(tmp_path / "erasures.txt")
    for _ in range(6):
        make_case(team=world["team"])
    name_rows(rows.take_written())
    exercise_rights()
    name_rows(rows.take_written())
    connection.check_constraints()
    guards.remove(connection)
    figures = trial(80, seed=3, sorts=OF_RIGHTS)
    assert figures.missed == []
    assert figures.of_recipients["privacy.Notice"], "those whom GDPR 19 has told are among them"
    assert figures.of_recipients["privacy.NoticeAnswer"]
    # A row of this small world mostly cannot come back: the database itself refuses it (a test of its own brings one).
    assert set(figures.done) >= set(OF_RIGHTS) - {"leave_window_open", "bring_back_row"}
