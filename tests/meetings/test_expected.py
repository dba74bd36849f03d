"""Who is expected at a meeting, and which disciplines that covers."""

from datetime import time

import pytest
from django.utils import timezone

from mdt.meetings.calendar.expected import asked_to, disciplines_of, people_of
from mdt.meetings.models import CoreMember, Reply, Series
from mdt.people.models import Membership
from tests.builders import make_user
from tests.meetings.builders import plan
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


@pytest.fixture
@remembered
def series(team, coordinator):
    return Series.objects.create(
        team=team,
        number=1,
        name="Tuesday board",
        rule="FREQ=WEEKLY;BYDAY=TU",
        starts_on=timezone.localdate(),
        begins_at=time(14, 0),
        cut_off_time=time(12, 0),
        created_by=coordinator,
    )


@pytest.fixture
@remembered
def meeting(team, coordinator, series):
    made = plan(team, coordinator)
    made.series = series
    made.save(update_fields=["series"])
    return made


def core(series, person, covers=None):
    return CoreMember.objects.create(
        series=series, person=person, discipline=person.discipline, covers=covers, added_by=series.created_by
    )


def say(meeting, person, answer, deputy=None):
    return Reply.objects.create(meeting=meeting, person=person, answer=answer, deputy=deputy, replied_by=person)


def disciplines(meeting):
    return disciplines_of([meeting])[meeting.pk]


def test_without_a_series_everybody_of_the_team_is_expected(team, coordinator, surgeon, radiologist, auditor, admin):
    meeting = plan(team, coordinator)
    assert {one.person for one in people_of(meeting)} == {coordinator, surgeon, radiologist}
    assert disciplines(meeting) == {"coordination", "surgery", "radiology"}
    say(meeting, radiologist, "cannot")
    assert disciplines(meeting) == {"coordination", "surgery"}
    say(meeting, radiologist, "open")
    assert disciplines(meeting) == {"coordination", "surgery", "radiology"}


def test_a_series_without_core_members_expects_the_team_too(meeting, surgeon):
    assert disciplines(meeting) == {"coordination", "surgery"}


def test_only_core_members_are_expected_where_there_are_some(meeting, series, surgeon, radiologist, oncologist):
    core(series, radiologist)
    core(series, surgeon)
    assert disciplines(meeting) == {"radiology", "surgery"}
    assert [one.person for one in people_of(meeting)] == [radiologist, surgeon]


def test_a_deputy_counts_once_the_member_has_declined_and_is_sure_once_somebody_said_so(meeting, series, team):
    member = make_user("first", discipline="radiology", team=team)
    deputy = make_user("second", discipline="radiology", team=team)
    core(series, deputy, covers=core(series, member))
    assert [one.person for one in people_of(meeting)] == [member]
    say(meeting, member, "cannot")
    [expected] = people_of(meeting)
    assert (expected.person, expected.covers, expected.is_sure) == (deputy, member, False)
    say(meeting, deputy, "video")
    assert people_of(meeting)[0].is_sure
    say(meeting, deputy, "cannot")
    assert people_of(meeting) == []
    assert disciplines(meeting) == frozenset()


def test_the_deputy_whom_the_member_names_comes_and_the_other_does_not(meeting, series, team):
    member = make_user("first", discipline="radiology", team=team)
    named, other = (make_user(name, discipline="radiology", team=team) for name in ("named", "other"))
    row = core(series, member)
    core(series, named, covers=row)
    core(series, other, covers=row)
    say(meeting, member, "deputy", deputy=named)
    [expected] = people_of(meeting)
    assert (expected.person, expected.is_sure) == (named, True)
    say(meeting, named, "cannot")
    [expected] = people_of(meeting)
    assert (expected.person, expected.is_sure) == (other, False), "the one who was named fell out"


def test_who_left_the_team_or_whose_account_is_closed_is_not_expected(
    meeting, series, surgeon, radiologist, pathologist
):
    for person in (surgeon, radiologist, pathologist):
        core(series, person)
    Membership.objects.filter(user=surgeon).delete()
    radiologist.is_active = False
    radiologist.save()
    assert disciplines(meeting) == {"pathology"}


def test_the_deputy_of_a_member_who_left_stands_for_the_discipline(meeting, series, radiologist, team):
    deputy = make_user("second", discipline="radiology", team=team)
    core(series, deputy, covers=core(series, radiologist))
    Membership.objects.filter(user=radiologist).delete()
    assert [one.person for one in people_of(meeting)] == [deputy]


def test_an_answer_holds_for_its_meeting_only(meeting, series, team, coordinator, radiologist):
    core(series, radiologist)
    other = plan(team, coordinator)
    say(meeting, radiologist, "cannot")
    assert disciplines(meeting) == frozenset()
    assert "radiology" in disciplines(other)


def test_many_meetings_cost_three_queries(
    meeting, series, team, coordinator, surgeon, radiologist, django_assert_num_queries
):
    core(series, radiologist)
    meetings = [meeting, *(plan(team, coordinator) for _ in range(5))]
    say(meeting, radiologist, "comes")
    with django_assert_num_queries(3):
        found = asked_to(meetings)
    assert [len(found[each.pk]) for each in meetings] == [1, 3, 3, 3, 3, 3]
