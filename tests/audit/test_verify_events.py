"""Checking the chain, from the page and from the command line."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from mdt.events import guards
from mdt.events.chain import record
from mdt.events.kinds import Kind
from mdt.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
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
    assert f"The chain is whole: {count} lines" in answer.content.decode()
    line = Event.objects.get(kind=Kind.EVENTS_VERIFIED)
    assert (line.by, line.team, line.data) == (auditor, None, {"checked": count, "broken_at": None})


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
    call_command("verify_events")
    assert capsys.readouterr().out.startswith("whole: 3 lines; last digest ")


def test_the_command_fails_and_names_the_broken_line(three_lines):
    forge(three_lines[2])
    with pytest.raises(CommandError, match="broken at line 3; 2 lines before it are whole"):
        call_command("verify_events")


def test_the_command_on_an_empty_log_is_content(db, capsys):
    call_command("verify_events")
    assert capsys.readouterr().out.startswith("whole: 0 lines")
