"""Checking the chain, from the page and from the command line."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from mdt.audit.actions import note_daily_check
from mdt.duties import actions
from mdt.duties.models import Duty
from mdt.duties.tasks import carry_out
from mdt.events import checkpoints, guards
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Checkpoint, Event
from mdt.events.verification import verify
from mdt.mail.models import Message
from mdt.people.models import Team
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
@remembered
def three_lines(team, surgeon):
    return [record(Kind.MEETING_PLANNED, by=surgeon, team=team, meeting=f"gc-M{number}") for number in range(3)]


def forge(event):
    connection.check_constraints()  # PostgreSQL drops no trigger while foreign keys wait to be checked
    guards.remove(connection, ["events_event"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET case_reference = 'FORGED' WHERE id = %s", [event.pk])


def test_the_page_says_that_the_chain_is_whole_and_logs_the_check(client, auditor, three_lines):
    client.force_login(auditor)
    count = Event.objects.count()
    answer = client.post(reverse("events-verify"), follow=True)
    assert f"Nothing was changed: {count} lines of the log" in answer.content.decode()
    line = Event.objects.get(kind=Kind.EVENTS_VERIFIED)
    assert (line.by, line.team) == (auditor, None)
    assert line.data == {"checked": count, "broken_at": None, "rows": 5, "faults": []}


def test_the_page_names_the_line_where_the_chain_is_broken(client, auditor, three_lines):
    client.force_login(auditor)
    forge(three_lines[1])
    answer = client.post(reverse("events-verify"), follow=True)
    assert f"broken at line {three_lines[1].number}" in answer.content.decode()
    assert Event.objects.get(kind=Kind.EVENTS_VERIFIED).data["broken_at"] == three_lines[1].number


def test_checking_needs_post(client, auditor):
    client.force_login(auditor)
    assert client.get(reverse("events-verify")).status_code == 405


def test_the_command_says_how_many_lines_are_whole(three_lines, capsys):
    call_command("verify")
    assert capsys.readouterr().out.startswith("whole: 3 lines; 3 rows; 0 checkpoints; last digest ")


def test_the_command_fails_and_names_the_broken_line(three_lines):
    forge(three_lines[2])
    with pytest.raises(CommandError, match="broken at line 3; 2 lines before it are whole"):
        call_command("verify")


def test_the_command_on_an_empty_log_is_content(db, capsys):
    call_command("verify")
    assert capsys.readouterr().out.startswith("whole: 0 lines")


def test_the_page_names_a_row_that_is_not_as_the_log_says(client, auditor, team, three_lines):
    client.force_login(auditor)
    Team.objects.filter(pk=team.pk).update(name="Another board")  # without a line
    answer = client.post(reverse("events-verify"), follow=True).content.decode()
    assert f"1 row is not as the log says: people.Team:{team.pk} changed (line 1)" in answer
    assert Event.objects.get(kind=Kind.EVENTS_VERIFIED).data["faults"] == [f"people.Team:{team.pk} changed (line 1)"]


def test_once_a_day_the_log_is_checked_and_every_auditor_gets_its_signed_end(auditor, surgeon, three_lines):
    actions.owe_regular(now=timezone.now())
    actions.owe_regular(now=timezone.now())
    Duty.objects.exclude(kind="check-log").delete()
    (claimed,) = actions.claim_due(now=timezone.now(), limit=1)
    carry_out(claimed)
    signed = checkpoints.of_row(Checkpoint.objects.get())
    message = Message.objects.get(kind="checkpoint")
    assert message.to == auditor
    assert checkpoints.read_all(message.body) == [signed]
    assert Event.objects.get(number=signed.number).kind == Kind.EVENTS_VERIFIED
    assert "check-log" not in actions.owe_regular(now=timezone.now())
    assert "check-log" in actions.owe_regular(now=timezone.now() + timedelta(days=1))


def test_auditors_are_told_at_once_what_does_not_fit(auditor, team, three_lines):
    Team.objects.filter(pk=team.pk).update(name="Another board")
    note_daily_check(verdict=verify())
    message = Message.objects.get(to=auditor)
    assert message.kind == "notice"
    assert f"people.Team:{team.pk} changed" in message.body
