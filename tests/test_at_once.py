"""Several people at the very same moment, on the real database: numbers, orders, unique rows, the end of the log."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from cases.models import Case
from mdt.events.actions import sign_end
from mdt.events.models import Checkpoint, Event
from mdt.events.verification import verify
from mdt.meetings import actions as meetings
from mdt.meetings.models import AgendaItem, Meeting
from mdt.people.models import Role
from tests.builders import complete_case, make_case, make_team, make_user
from tests.meetings.builders import plan


@pytest.fixture
def planner(transactional_db):
    return make_user("planner", discipline="coordination", team=make_team("gc"), roles=(Role.COORDINATOR, Role.CHAIR))


def at_once(*works: Callable[[], object]) -> list:
    """What each gave, or the error that it met."""
    start, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            start.wait()
            results[place] = work()
        except Exception as error:  # noqa: BLE001 - what it is is the test's to say
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_no_reference_is_given_twice_and_the_log_stays_whole(planner):
    cases = at_once(*(lambda: make_case(by=planner) for _ in range(6)))
    assert sorted(case.reference[-4:] for case in cases) == [f"{number:04}" for number in range(1, 7)]
    assert Case.objects.count() == 6
    assert list(Event.objects.order_by("number").values_list("number", flat=True)) == list(
        range(1, Event.objects.count() + 1)
    )
    assert verify().is_whole


def test_meetings_get_different_numbers_and_the_same_one_is_planned_once(planner):
    begin = timezone.now() + timezone.timedelta(days=3)
    works = [lambda day=day: plan(planner.memberships.first().team, planner, starts_at=begin + day)
             for day in [timezone.timedelta(days=number) for number in (0, 0, 0, 1, 2)]]  # fmt: skip
    found = at_once(*works)
    assert len({meeting.pk for meeting in found}) == Meeting.objects.count() == 3
    assert sorted(Meeting.objects.values_list("number", flat=True)) == [1, 2, 3]


def test_of_two_orders_of_one_agenda_one_stands_and_the_other_is_refused(planner):
    meeting = plan(planner.memberships.first().team, planner)
    cases = [complete_case(make_case(by=planner), planner) for _ in range(3)]
    first = [meetings.list_case(meeting=meeting, case=case, by=planner).pk for case in cases]
    meeting.refresh_from_db()
    wanted = [first[::-1], [first[1], first[0], first[2]]]
    done = at_once(*(
        lambda order=order: meetings.order_agenda(meeting=meeting, by=planner, order=order, version=meeting.version)
        for order in wanted
    ))  # fmt: skip
    assert [isinstance(each, meetings.StaleForm) for each in done].count(True) == 1
    stands = list(AgendaItem.objects.filter(meeting=meeting).order_by("position").values_list("pk", flat=True))
    assert stands == wanted[done.index(None)]


def test_one_case_comes_to_one_agenda(planner):
    team = planner.memberships.first().team
    case = complete_case(make_case(by=planner), planner)
    places = [plan(team, planner, starts_at=timezone.now() + timezone.timedelta(days=days)) for days in (3, 4, 5)]
    done = at_once(*(
        lambda meeting=meeting: meetings.list_case(meeting=meeting, case=case, by=planner) for meeting in places
    ))  # fmt: skip
    assert [isinstance(each, AgendaItem) for each in done].count(True) == 1
    assert [isinstance(each, meetings.ActionError) for each in done].count(True) == 2
    assert AgendaItem.objects.count() == 1


def test_the_end_of_the_log_is_signed_once(planner, settings, tmp_path):
    settings.CHECKPOINT_FILE = str(tmp_path / "checkpoints.txt")  # it is kept longer than the database of a test
    make_case(by=planner)
    at_once(*(sign_end for _ in range(4)))
    assert Checkpoint.objects.count() == 1
