"""Two meetings that share cases: rows are taken in one order by all, so that no two wait for each other.

Each work is held where it has its first row until the other one waits for a row. On SQLite, where one writer at a time
is let in, the other one comes after it.
"""

import threading
from unittest import mock

import pytest
from django.db import connection, connections
from django.utils import timezone

from cases.models import Case
from mdt.meetings import actions
from mdt.meetings.actions import Onward, finishing, sending
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.models import Role
from tests.builders import complete_case, make_case, make_team, make_user
from tests.meetings.builders import content_for, finish, plan
from tests.test_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECONDS = 30
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
def planner():
    return make_user("planner", discipline="coordination", team=make_team("gc"), roles=(Role.COORDINATOR, Role.CHAIR))


def in_days(number):
    return timezone.now() + timezone.timedelta(days=number)


def until_somebody_waits():
    """By a connection of its own: inside a transaction PostgreSQL shows the same picture again and again."""
    if connection.vendor != "postgresql":
        return
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            for _look in range(PATIENCE_SECONDS * 20):
                cursor.execute(WAITING)
                if cursor.fetchone():
                    return
                cursor.execute("SELECT pg_sleep(0.05)")
    finally:
        own.close()
    pytest.fail("nobody waits for a row: the two did not meet")


def held_at_first(module, name):
    """The function, patched: its first call goes on when another connection waits for a row; and what says it began."""
    function, is_begun = getattr(module, name), threading.Event()

    def hold(*given, **named):
        done = function(*given, **named)
        if not is_begun.is_set():
            is_begun.set()
            until_somebody_waits()
        return done

    return mock.patch.object(module, name, hold), is_begun


def test_a_meeting_that_ends_and_the_minutes_of_an_earlier_one_with_the_same_cases(planner):
    team = planner.memberships.first().team
    earlier, later = (plan(team, planner, chair=planner, starts_at=in_days(days)) for days in (3, 10))
    cases = [complete_case(make_case(team=team, by=planner), planner) for _ in range(2)]
    for case in cases:
        item = actions.list_case(meeting=earlier, case=case, by=planner)
        content = content_for(case.latest_proposal, planner, quorum_reason="Enough.")
        decision = actions.record_decision(item=item, by=planner, proposal=case.latest_proposal, content=content)
        actions.sign_decision(decision=decision, by=planner)
    actions.mark_attendance(meeting=earlier, person=planner, by=planner, is_present=True)
    finish(earlier, planner)
    for case in reversed(cases):  # the agenda in another order than the keys
        actions.list_case(meeting=later, case=case, by=planner, late_reason="Again")
    later.refresh_from_db()
    onward = {item.pk: Onward(None, AgendaItem.LeftBecause.TIME) for item in later.agenda.all()}
    patched, is_begun = held_at_first(finishing, "set_state")

    def minutes():
        assert is_begun.wait(PATIENCE_SECONDS)
        return sending.send_minutes(meeting=Meeting.objects.get(pk=earlier.pk))

    with patched:
        end, posted = at_once(
            lambda: actions.finish_meeting(meeting=later, by=planner, version=later.version, onward=onward), minutes
        )
    assert not isinstance(end, Exception), end
    assert posted == 1, posted
    assert set(Case.objects.values_list("state", flat=True)) == {Case.State.REFERRED}


def test_two_meetings_that_move_cases_to_each_other(planner):
    team = planner.memberships.first().team
    one, two = (plan(team, planner, chair=planner, starts_at=in_days(days)) for days in (3, 10))
    works, moves = [], [(one, two), (two, one)]
    for meeting, _target in moves:
        case = complete_case(make_case(team=team, by=planner), planner)
        actions.list_case(meeting=meeting, case=case, by=planner, late_reason="Now")
    patched, is_begun = held_at_first(finishing, "clear_table")
    for meeting, target in moves:
        meeting.refresh_from_db()
        onward = {item.pk: Onward(target, AgendaItem.LeftBecause.TIME) for item in meeting.agenda.all()}
        named = {"meeting": meeting, "by": planner, "version": meeting.version, "onward": onward}
        works.append(lambda named=named: actions.finish_meeting(**named))

    def second():
        assert is_begun.wait(PATIENCE_SECONDS)
        return works[1]()

    with patched:
        done = at_once(works[0], second)
    assert not isinstance(done[0], Exception), done[0]
    assert isinstance(done[1], actions.StaleForm), "a case came to it meanwhile, which its form did not show"
    assert set(two.agenda.filter(state=AgendaItem.State.LISTED).values_list("case__team", flat=True)) == {team.pk}
    assert two.agenda.filter(state=AgendaItem.State.LISTED).count() == 2
